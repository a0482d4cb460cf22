//! Signing in and out.

mod end;
mod forget;
mod resume;
mod sign_in;

pub use self::{
    end::{change_password, end, end_any, end_others, list, list_all, sign_out},
    forget::forget_old,
    resume::{candidate, member, resume, still_good, user},
    sign_in::{Attempt, sign_in},
};
use crate::domain::{
    organization::Organization,
    session::Session,
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
}
