//! From credentials to who acts, where.

use super::{App, sessions::SignedIn, tokens};
use crate::domain::{
    access::{Actor, Identity, Member, Whence},
    organization::Organization,
    problem::Problem,
};

/// A signed-in user in the organization of a slug.
///
/// # Errors
/// `not_found` where there is none, where they are no member and where it is suspended.
pub fn member(signed_in: &SignedIn, slug: &str) -> Result<(Organization, Actor), Problem> {
    let (organization, role) = signed_in
        .memberships
        .iter()
        .find(|(organization, _)| organization.slug.as_str() == slug && organization.suspended_at.is_none())
        .ok_or_else(Problem::not_found)?;
    let member = Member {
        organization: organization.id,
        identity: Identity::User(signed_in.user.id, Some(signed_in.session.id)),
        name: signed_in.user.name.clone(),
        role: *role,
        whence: signed_in.whence,
    };
    Ok((organization.clone(), Actor::Member(member)))
}

/// Who calls the REST interface with `Authorization: Bearer …`.
///
/// # Errors
/// `unauthorized` for anything that is no good token.
pub async fn bearer(app: &App, raw: &str, whence: Whence) -> Result<(Organization, Actor), Problem> {
    tokens::resume(app, raw, whence).await?.ok_or_else(Problem::unauthorized)
}
