//! The one rule of who reaches what.

use crate::domain::{
    access::{Actor, Member},
    problem::Problem,
    user::Role,
};

/// The member behind an actor, with at least that role.
///
/// # Errors
/// `forbidden` for candidates and lesser roles.
pub fn member_with(actor: &Actor, role: Role) -> Result<&Member, Problem> {
    let member = actor.member()?;
    member.require(role)?;
    Ok(member)
}
