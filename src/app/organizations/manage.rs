//! Changing, suspending and removing an organization.

use chrono::TimeDelta;

use crate::{
    app::{App, access},
    domain::{
        access::{Actor, Operator},
        event::{Event, Kicked},
        ids::OrganizationId,
        organization::Organization,
        problem::Problem,
        queue::ResponseTargets,
        session::EndReason,
        text::Name,
        user::Role,
    },
    store::{Change, Tx, organizations},
};

struct Update {
    actor: Actor,
    name: Name,
    targets: ResponseTargets,
}

/// Sets the name and the response targets; for owners.
///
/// # Errors
/// `forbidden` for others, `invalid` for a target outside one minute to thirty days.
pub async fn update(app: &App, actor: &Actor, name: Name, targets: ResponseTargets) -> Result<Organization, Problem> {
    for (field, target) in [("urgent", targets.urgent), ("normal", targets.normal), ("low", targets.low)] {
        if target < TimeDelta::minutes(1) || target > TimeDelta::days(30) {
            return Err(Problem::invalid(field, "A response target is from one minute to thirty days."));
        }
    }
    app.store.commit(Update { actor: actor.clone(), name, targets }).await
}

impl Change for Update {
    type Output = Organization;

    async fn apply(&self, tx: &mut Tx) -> Result<Organization, Problem> {
        access::member_with(&self.actor, Role::Owner)?;
        let id = self.actor.organization();
        organizations::update(&mut tx.conn, id, &self.name, self.targets).await?;
        tx.announce(Event::OrganizationChanged { organization: id });
        organizations::find(&mut tx.conn, id).await?.ok_or_else(Problem::not_found)
    }
}

#[derive(Clone, Copy)]
enum Step {
    Suspend,
    Restore,
    Remove,
}

struct Manage {
    id: OrganizationId,
    step: Step,
}

/// Closes an organization to everybody, at once; nothing in it is lost.
///
/// # Errors
/// `not_found`.
pub async fn suspend(app: &App, _operator: Operator, id: OrganizationId) -> Result<(), Problem> {
    app.store.commit(Manage { id, step: Step::Suspend }).await
}

/// Opens a suspended organization again.
///
/// # Errors
/// `not_found`.
pub async fn restore(app: &App, _operator: Operator, id: OrganizationId) -> Result<(), Problem> {
    app.store.commit(Manage { id, step: Step::Restore }).await
}

/// Takes an organization away with everything in it, for good.
///
/// # Errors
/// `not_found`.
pub async fn remove(app: &App, _operator: Operator, id: OrganizationId) -> Result<(), Problem> {
    app.store.commit(Manage { id, step: Step::Remove }).await
}

impl Change for Manage {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let organization = self.id;
        let found = organizations::find(&mut tx.conn, organization).await?.ok_or_else(Problem::not_found)?;
        let now = tx.now();
        match self.step {
            Step::Restore => {
                organizations::suspend(&mut tx.conn, organization, None).await?;
                tx.announce(Event::OrganizationChanged { organization });
                return Ok(());
            }
            Step::Suspend if found.suspended_at.is_some() => return Ok(()),
            Step::Suspend => organizations::suspend(&mut tx.conn, organization, Some(now)).await?,
            Step::Remove => organizations::delete(&mut tx.conn, organization).await?,
        }
        tx.announce(Event::Kicked { who: Kicked::Organization(organization), reason: EndReason::Removed });
        tx.announce(Event::OrganizationClosed { organization });
        Ok(())
    }
}
