//! What every page of a recruiter shows around its contents.

use uuid::Uuid;

use crate::domain::{
    access::Member,
    organization::{Organization, Slug},
    text::Name,
    time::Timestamp,
    user::Role,
};

/// Who looks, where, and what its forms carry.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The organization in addresses.
    pub slug: Slug,
    /// The organization's name.
    pub organization: Name,
    /// The id of who looks.
    pub me: Uuid,
    /// Their name.
    pub me_name: Name,
    /// What they may do.
    pub role: Role,
    /// The hidden field of every form.
    pub csrf: String,
    /// Which entry of the bar is current: `inbox`, `projects`, `search` or `settings`.
    pub section: &'static str,
    /// What has just been done, in a sentence.
    pub notice: Option<&'static str>,
    /// The other organizations that they may enter.
    pub others: Vec<Other>,
    /// The server's time, by which the page's script goes.
    pub now: Timestamp,
}

/// Another organization of the same user.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name.
    pub name: Name,
}

impl Frame {
    /// The frame for a member of `organization`.
    #[must_use]
    pub fn new(
        organization: &Organization,
        member: &Member,
        csrf: String,
        section: &'static str,
        now: Timestamp,
    ) -> Self {
        Self {
            slug: organization.slug.clone(),
            organization: organization.name.clone(),
            me: member.id(),
            me_name: member.name.clone(),
            role: member.role,
            csrf,
            section,
            notice: None,
            others: Vec::new(),
            now,
        }
    }

    /// The address of the dashboard.
    #[must_use]
    pub fn home(&self) -> String {
        format!("/o/{}", self.slug)
    }

    /// Whether they may answer candidates.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.role >= Role::Recruiter
    }

    /// Whether they manage the organization.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.role == Role::Owner
    }

    /// The role as the beginning of a sentence.
    #[must_use]
    pub const fn role_word(&self) -> &'static str {
        match self.role {
            Role::Owner => "Owner",
            Role::Recruiter => "Recruiter",
            Role::Viewer => "Viewer",
        }
    }
}

/// The frame of a recruiter, to try templates with.
#[must_use]
pub fn sample(section: &'static str) -> Frame {
    Frame {
        slug: Slug::from_stored("acme".to_owned()),
        organization: Name::from_stored("Acme <Bakery>".to_owned()),
        me: Uuid::from_u128(7),
        me_name: Name::from_stored("Mara Okafor".to_owned()),
        role: Role::Owner,
        csrf: "csrf".to_owned(),
        section,
        notice: Some("Saved."),
        others: vec![Other {
            slug: Slug::from_stored("other".to_owned()),
            name: Name::from_stored("Other".to_owned()),
        }],
        now: Timestamp::from_unix_millis(0),
    }
}
