//! Candidates: people without an account.

use serde::Serialize;

use super::{
    ids::{CandidateId, OrganizationId},
    problem::Problem,
    text::{Name, comparable, optional_name},
    time::Timestamp,
    user::Email,
    zone::Zone,
};

/// A candidate as the hiring team knows them.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// The id.
    pub id: CandidateId,
    /// Whose candidate it is.
    #[serde(skip)]
    pub organization: OrganizationId,
    /// What is known of them.
    #[serde(flatten)]
    pub profile: Profile,
    /// When the candidate was added.
    pub created_at: Timestamp,
}

/// What a hiring team knows of a candidate.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    /// Full name.
    pub name: Name,
    /// E-mail address.
    pub email: Option<Email>,
    /// Telephone number as written.
    pub phone: Option<Name>,
    /// Language tag (BCP 47), such as `de-AT`.
    pub locale: Option<Name>,
    /// IANA time zone, such as `Europe/Vienna`; parsed where it is entered.
    pub time_zone: Option<Name>,
    /// The id that the applicant tracking system has for them.
    pub external_id: Option<Name>,
}

/// A profile as it comes in from a form, a row or a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct RawProfile<'a> {
    /// Full name.
    pub name: &'a str,
    /// E-mail address.
    pub email: Option<&'a str>,
    /// Telephone number.
    pub phone: Option<&'a str>,
    /// Language tag.
    pub locale: Option<&'a str>,
    /// IANA time zone.
    pub time_zone: Option<&'a str>,
    /// Foreign id.
    pub external_id: Option<&'a str>,
}

impl Profile {
    /// Parses a profile; blank optional fields are absent.
    ///
    /// # Errors
    /// `invalid` or `too_large`, naming the field.
    pub fn parse(raw: RawProfile<'_>) -> Result<Self, Problem> {
        let time_zone = optional_name("time_zone", raw.time_zone)?.map(|name| zone_name(&name)).transpose()?;
        let locale = optional_name("locale", raw.locale)?;
        if locale.as_deref().is_some_and(|tag| !is_language_tag(tag)) {
            return Err(Problem::invalid("locale", "This is not a language tag, such as en or de-AT."));
        }
        Ok(Self {
            name: Name::parse("name", raw.name)?,
            email: raw
                .email
                .filter(|text| !text.trim().is_empty())
                .map(|text| Email::parse("email", text))
                .transpose()?,
            phone: optional_name("phone", raw.phone)?,
            locale,
            time_zone,
            external_id: optional_name("external_id", raw.external_id)?,
        })
    }

    /// This profile with the fields of these names as they are in another.
    #[must_use]
    pub fn keeping(mut self, fields: &[&str], other: &Self) -> Self {
        for field in fields {
            match *field {
                "name" => self.name = other.name.clone(),
                "email" => self.email.clone_from(&other.email),
                "phone" => self.phone.clone_from(&other.phone),
                "locale" => self.locale.clone_from(&other.locale),
                "time_zone" => self.time_zone.clone_from(&other.time_zone),
                "external_id" => self.external_id.clone_from(&other.external_id),
                _ => {}
            }
        }
        self
    }

    /// Whether both are the same person: the same foreign id, or the same name at the same address. Names that differ in
    /// case, spaces or Unicode's form of composition are the same.
    #[must_use]
    pub fn is_same_person(&self, other: &Self) -> bool {
        let same_id = self.external_id.is_some() && self.external_id == other.external_id;
        let same_address = self.email.is_some() && self.email == other.email;
        same_id || (same_address && comparable(&self.name) == comparable(&other.name))
    }

    /// The names of the fields in which two profiles differ.
    #[must_use]
    pub fn differs_in(&self, other: &Self) -> Vec<&'static str> {
        let fields = [
            ("name", self.name != other.name),
            ("email", self.email != other.email),
            ("phone", self.phone != other.phone),
            ("locale", self.locale != other.locale),
            ("time_zone", self.time_zone != other.time_zone),
            ("external_id", self.external_id != other.external_id),
        ];
        fields.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }

    /// The first word of the name, for a greeting.
    #[must_use]
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or(&self.name)
    }
}

/// The name of a known zone as the IANA list writes it.
fn zone_name(raw: &str) -> Result<Name, Problem> {
    let unknown = || Problem::invalid("time_zone", "This is not a time zone of the IANA list, such as Europe/Vienna.");
    Zone::find(raw).ok_or_else(unknown).and_then(|zone| Name::parse("time_zone", zone.name()))
}

fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    parts
        .next()
        .is_some_and(|language| (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}
