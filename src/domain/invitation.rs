//! Invitations: a person is asked to join an organization, and has not accepted yet.

use super::{
    ids::{InvitationId, OrganizationId},
    text::Name,
    time::Timestamp,
    user::{Email, Role},
};

/// An invitation that was not accepted yet. It gives access to nothing, and says nothing about who has an account.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Into which organization.
    pub organization: OrganizationId,
    /// The address that was invited.
    pub email: Email,
    /// The name that the owner typed.
    pub name: Name,
    /// The role from the acceptance on.
    pub role: Role,
    /// Until when the link can be used.
    pub expires_at: Timestamp,
}
