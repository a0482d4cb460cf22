//! The form in which a candidate's details are typed.

use url::form_urlencoded::Serializer;

use crate::{
    domain::{
        candidate::{Profile, RawProfile},
        problem::Problem,
        text::Name,
    },
    view::text,
};

/// What was typed of a candidate.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CandidateForm {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub time_zone: String,
    pub locale: String,
    pub external_id: String,
    /// What the form showed when it was opened, as [`CandidateForm::with_shown`] writes it; empty for a new candidate.
    pub shown: String,
}

impl CandidateForm {
    /// What stands in the form when a known candidate is opened in it; without characters that hide or turn something,
    /// so that saving it takes them out.
    pub fn of(profile: &Profile) -> Self {
        let text = |value: &Option<Name>| value.as_deref().map(text::plain).unwrap_or_default();
        Self {
            name: text::plain(&profile.name),
            email: profile.email.as_ref().map(ToString::to_string).unwrap_or_default(),
            phone: text(&profile.phone),
            time_zone: text(&profile.time_zone),
            locale: text(&profile.locale),
            external_id: text(&profile.external_id),
            shown: String::new(),
        }
        .with_shown()
    }

    /// The form with a copy of itself, by which what was changed is known when it comes back.
    fn with_shown(mut self) -> Self {
        let mut copy = Serializer::new(String::new());
        copy.extend_pairs(self.fields());
        self.shown = copy.finish();
        self
    }

    fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("name", &self.name),
            ("email", &self.email),
            ("phone", &self.phone),
            ("time_zone", &self.time_zone),
            ("locale", &self.locale),
            ("external_id", &self.external_id),
        ]
    }

    /// The names of the fields that are as they were shown.
    pub fn untouched(&self) -> Vec<&'static str> {
        let shown: Vec<_> = url::form_urlencoded::parse(self.shown.as_bytes()).collect();
        let is_shown = |(name, value): &(&str, &str)| shown.iter().any(|(key, old)| key == name && old == value);
        self.fields().into_iter().filter(is_shown).map(|(name, _)| name).collect()
    }

    /// The candidate that was typed.
    ///
    /// # Errors
    /// As [`Profile::parse`].
    pub fn parse(&self) -> Result<Profile, Problem> {
        Profile::parse(RawProfile {
            name: &self.name,
            email: Some(&self.email),
            phone: Some(&self.phone),
            locale: Some(&self.locale),
            time_zone: Some(&self.time_zone),
            external_id: Some(&self.external_id),
        })
    }
}
