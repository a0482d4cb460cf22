//! Signing in and out.

mod end;
mod failed;
mod forget;
mod password;
mod resume;
mod sign_in;

pub use self::{
    end::{end, end_any, end_others, list, list_all, sign_out},
    forget::forget_old,
    password::change_password,
    resume::{candidate, member, resume, still_good, user},
    sign_in::{Attempt, sign_in},
};
use crate::domain::{
    access::Whence,
    audit::By,
    organization::Organization,
    password::OwnWords,
    session::Session,
    time::Timestamp,
    user::{Role, User},
};

/// Who a browser's session is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The user.
    pub user: User,
    /// Where they belong, suspended organizations too, by name.
    pub memberships: Vec<(Organization, Role)>,
    /// From where they act.
    pub whence: Whence,
    /// When the request was made.
    pub now: Timestamp,
}

impl SignedIn {
    /// The words that a password must not contain.
    #[must_use]
    pub fn own_words(&self) -> OwnWords {
        let own = OwnWords::of(&self.user.name, &self.user.email);
        self.memberships.iter().fold(own, |own, (organization, _)| own.and(&organization.name))
    }
}

impl From<&SignedIn> for By {
    fn from(signed_in: &SignedIn) -> Self {
        Self::user(&signed_in.user, signed_in.whence)
    }
}
