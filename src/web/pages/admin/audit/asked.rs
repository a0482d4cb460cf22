//! Which entries the address asks for.

use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

use crate::{
    app::{
        App,
        audit::{self, Filter},
    },
    domain::{
        access::Operator,
        audit::{Action, ActorKind},
        ids::{AuditId, Id},
        problem::Problem,
        time::Timestamp,
        user::Email,
    },
};

/// What the address says, as it was typed; empty is all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// An organization's id.
    pub organization: String,
    /// An action's name.
    pub action: String,
    /// Somebody's e-mail address or id, or a kind of actor.
    pub actor: String,
    /// The first day, in UTC.
    pub from: String,
    /// The last day, in UTC.
    pub until: String,
    /// The entry before which the page begins.
    before: String,
}

/// What was typed, parsed, if anything was.
fn one<T>(
    raw: &str,
    parse: impl FnOnce(&str) -> Option<T>,
    or: impl FnOnce() -> Problem,
) -> Result<Option<T>, Problem> {
    match raw.trim() {
        "" => Ok(None),
        typed => parse(typed).map(Some).ok_or_else(or),
    }
}

fn id<T: FromStr>(field: &'static str, raw: &str) -> Result<Option<T>, Problem> {
    one(raw, |typed| typed.parse().ok(), || Problem::invalid(field, "Choose one of the list."))
}

/// The beginning of a day, or of the next.
fn midnight(field: &'static str, raw: &str, next: bool) -> Result<Option<Timestamp>, Problem> {
    let parse = |typed: &str| {
        let day =
            NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok().filter(|day| (1970..=9999).contains(&day.year()))?;
        let day = if next { day.checked_add_days(Days::new(1))? } else { day };
        Some(Timestamp::from(day.and_time(NaiveTime::MIN).and_utc()))
    };
    one(raw, parse, || Problem::invalid(field, "Write a day as year-month-day, such as 2026-03-02."))
}

impl Asked {
    /// Whether it asks for less than everything.
    pub fn narrows(&self) -> bool {
        [&self.organization, &self.action, &self.actor, &self.from, &self.until].iter().any(|field| !field.is_empty())
    }

    /// Whether a page before this one was left.
    pub const fn is_older(&self) -> bool {
        !self.before.is_empty()
    }

    /// Which entries it asks for.
    ///
    /// # Errors
    /// `invalid` on the field that does not fit.
    pub async fn filter(&self, app: &App, operator: Operator) -> Result<Filter, Problem> {
        let unknown = || Problem::invalid("action", "Choose one of the list.");
        let filter = Filter {
            organization: id("organization", &self.organization)?,
            action: one(&self.action, Action::parse, unknown)?,
            from: midnight("from", &self.from, false)?,
            until: midnight("until", &self.until, true)?,
            ..Filter::default()
        };
        let typed = self.actor.trim();
        if typed.is_empty() {
            return Ok(filter);
        }
        if let Some(kind) = ActorKind::ALL.into_iter().find(|kind| kind.as_str() == typed) {
            return Ok(Filter { actor_kind: Some(kind), ..filter });
        }
        if let Ok(id) = typed.parse::<Uuid>() {
            return Ok(Filter { actor: Some(id), ..filter });
        }
        let nobody = || Problem::invalid("actor", "No user has this e-mail address.");
        let email = Email::parse("actor", typed).map_err(|_| nobody())?;
        let user = audit::user_of(app, operator, &email).await?.ok_or_else(nobody)?;
        Ok(Filter { actor: Some(user.uuid()), ..filter })
    }

    /// The entry before which the page begins.
    ///
    /// # Errors
    /// `invalid` for what is no entry's id.
    pub fn before(&self) -> Result<Option<AuditId>, Problem> {
        id("before", &self.before)
    }

    /// The query that asks for the same, from another entry on.
    pub fn query(&self, before: Option<AuditId>) -> String {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let fields = [
            ("organization", &self.organization),
            ("action", &self.action),
            ("actor", &self.actor),
            ("from", &self.from),
            ("until", &self.until),
            ("before", &before),
        ];
        let mut query = Serializer::new(String::new());
        query.extend_pairs(fields.into_iter().filter(|(_, value)| !value.is_empty()));
        query.finish()
    }
}
