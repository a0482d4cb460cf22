//! The pages and fragments of the recruiters' templates.

use askama::Template;
use uuid::Uuid;

use super::candidate_form::CandidateForm;
use crate::{
    domain::{
        ids::{CandidateId, ConversationId, ProjectId},
        text::Name,
        time::Timestamp,
        user::Email,
    },
    view::{
        filters,
        frame::Frame,
        inbox::{Inbox, Row},
        open::Open,
        standing::Standing,
    },
};

/// The whole dashboard.
#[derive(Template)]
#[template(path = "recruiter/dashboard.html")]
pub struct Dashboard {
    pub frame: Frame,
    pub list: Inbox,
    pub open: Option<Open>,
}

/// Its first two columns, for the live list.
#[derive(Template)]
#[template(path = "recruiter/list.html")]
pub struct ListFragment {
    pub frame: Frame,
    pub list: Inbox,
}

/// Its third column, for opening a conversation in place.
#[derive(Template)]
#[template(path = "recruiter/conversation.html")]
pub struct ConversationFragment {
    pub frame: Frame,
    pub list: Inbox,
    pub open: Option<Open>,
}

/// Head and facts of the open conversation.
#[derive(Template)]
#[template(path = "recruiter/about.html")]
pub struct AboutFragment {
    pub frame: Frame,
    pub list: Inbox,
    pub open: Open,
}

/// A project in a list.
pub struct ProjectRow {
    pub id: ProjectId,
    pub name: Name,
    pub closed: bool,
    pub restricted: bool,
    pub waiting: i64,
    pub created_at: Timestamp,
}

/// All projects.
#[derive(Template)]
#[template(path = "recruiter/projects.html")]
pub struct Projects {
    pub frame: Frame,
    pub projects: Vec<ProjectRow>,
    pub problem: Option<String>,
    pub name: String,
}

/// A member who may be named in a project's team.
pub struct Teammate {
    pub id: Uuid,
    pub name: Name,
    pub named: bool,
}

/// One project.
#[derive(Template)]
#[template(path = "recruiter/project.html")]
pub struct Project {
    pub frame: Frame,
    pub project: ProjectRow,
    pub readable: bool,
    pub conversations: Vec<Row>,
    pub more: bool,
    pub announcements: Vec<String>,
    pub team: Vec<Teammate>,
    pub form: CandidateForm,
    pub draft: String,
    pub audience: Option<i64>,
    pub client_id: Uuid,
    pub problem: Option<String>,
}

/// A conversation with a candidate, in the project that it is about.
pub struct InProject {
    pub href: String,
    pub project: Name,
}

/// What is known of a candidate, to be changed.
#[derive(Template)]
#[template(path = "recruiter/candidate.html")]
pub struct Candidate {
    pub frame: Frame,
    pub id: CandidateId,
    pub name: Name,
    pub conversations: Vec<InProject>,
    pub form: CandidateForm,
    pub problem: Option<String>,
}

/// The question whether a candidate is to be erased.
#[derive(Template)]
#[template(path = "recruiter/erase.html")]
pub struct Erase {
    pub frame: Frame,
    pub id: CandidateId,
    pub name: Name,
    pub conversations: Vec<InProject>,
    pub problem: Option<String>,
}

/// A chat link, shown once.
#[derive(Template)]
#[template(path = "recruiter/link.html")]
pub struct Link {
    pub frame: Frame,
    pub candidate: Name,
    pub url: String,
    pub conversation: ConversationId,
    pub project: ProjectId,
}

/// What became of a row.
pub struct ImportRow {
    pub line: u64,
    pub name: String,
    pub problem: Option<String>,
    pub warnings: Vec<String>,
}

/// An import, tried out or done.
#[derive(Template)]
#[template(path = "recruiter/import.html")]
pub struct Import {
    pub frame: Frame,
    pub project: ProjectRow,
    pub dry_run: bool,
    pub accepted: usize,
    pub rejected: usize,
    pub rows: Vec<ImportRow>,
    pub csv: String,
    pub rejected_csv: String,
    pub warning: Option<&'static str>,
    pub links: String,
}

/// Something found.
pub struct Hit {
    pub href: String,
    pub title: Name,
    pub kind: &'static str,
    pub project: Name,
    pub author: Option<Name>,
    pub at: Option<Timestamp>,
    /// Escaped already, with `<mark>` around what was looked for.
    pub html: String,
}

/// The search.
#[derive(Template)]
#[template(path = "recruiter/search.html")]
pub struct Search {
    pub frame: Frame,
    pub query: String,
    pub hits: Vec<Hit>,
}

/// A secret, shown once.
pub struct Shown {
    pub title: String,
    pub secret: String,
    pub hint: &'static str,
}

/// A member in the settings.
pub struct MemberRow {
    pub id: Uuid,
    pub name: Name,
    pub email: Email,
    pub role: &'static str,
}

/// A person who was invited and has not accepted, in the settings.
pub struct InvitationRow {
    pub id: Uuid,
    pub name: Name,
    pub email: Email,
    pub role: &'static str,
    pub expired: bool,
}

/// A response target.
pub struct Target {
    pub priority: &'static str,
    pub name: &'static str,
    pub minutes: i64,
}

/// An API token in the settings.
pub struct TokenRow {
    pub id: Uuid,
    pub name: Name,
    pub role: &'static str,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// The settings.
#[derive(Template)]
#[template(path = "recruiter/settings.html")]
pub struct Settings {
    pub frame: Frame,
    pub members: Vec<MemberRow>,
    pub invitations: Vec<InvitationRow>,
    pub targets: Vec<Target>,
    pub tokens: Vec<TokenRow>,
    pub shown: Option<Shown>,
    pub problem: Option<String>,
}
