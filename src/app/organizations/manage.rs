//! Changing, suspending and removing an organization.

use chrono::TimeDelta;

use crate::{
    app::{App, access},
    domain::{
        access::{Actor, Operator},
        audit::{Act, Action},
        event::{Event, Kicked},
        ids::OrganizationId,
        organization::Organization,
        problem::Problem,
        queue::ResponseTargets,
        session::EndReason,
        text::Name,
        user::Role,
    },
    store::{Change, Tx, audit, organizations},
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
        let owner = access::member_with(&self.actor, Role::Owner)?;
        let id = owner.organization;
        let found = organizations::find(&mut tx.conn, id).await?.ok_or_else(Problem::not_found)?;
        organizations::update(&mut tx.conn, id, &self.name, self.targets).await?;
        tx.announce(Event::OrganizationChanged { organization: id });
        let changed = Organization { name: self.name.clone(), targets: self.targets, ..found.clone() };
        let act = Act::new(owner, Action::OrganizationChanged).within(id).on(&changed);
        let act = act.change("name", &found.name, &changed.name);
        let act = act.change("target_urgent", found.targets.urgent, self.targets.urgent);
        let act = act.change("target_normal", found.targets.normal, self.targets.normal);
        let act = act.change("target_low", found.targets.low, self.targets.low);
        if !act.facts.is_empty() {
            audit::record(tx, act).await?;
        }
        Ok(changed)
    }
}

#[derive(Clone, Copy)]
enum Step {
    Suspend,
    Restore,
    Remove,
}

struct Manage {
    by: Operator,
    id: OrganizationId,
    step: Step,
}

/// Closes an organization to everybody, at once; nothing in it is lost.
///
/// # Errors
/// `not_found`.
pub async fn suspend(app: &App, by: Operator, id: OrganizationId) -> Result<(), Problem> {
    app.store.commit(Manage { by, id, step: Step::Suspend }).await
}

/// Opens a suspended organization again.
///
/// # Errors
/// `not_found`.
pub async fn restore(app: &App, by: Operator, id: OrganizationId) -> Result<(), Problem> {
    app.store.commit(Manage { by, id, step: Step::Restore }).await
}

/// Takes an organization away with everything in it, for good.
///
/// # Errors
/// `not_found`.
pub async fn remove(app: &App, by: Operator, id: OrganizationId) -> Result<(), Problem> {
    app.store.erase(Manage { by, id, step: Step::Remove }).await
}

impl Change for Manage {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let organization = self.id;
        let found = organizations::find_of_people(&mut tx.conn, organization).await?.ok_or_else(Problem::not_found)?;
        let now = tx.now();
        // Before it is gone, so that its name in addresses is still found.
        let act = |action| Act::new(self.by, action).within(organization).on(&found);
        match self.step {
            Step::Restore if found.suspended_at.is_none() => return Ok(()),
            Step::Restore => {
                organizations::suspend(&mut tx.conn, organization, None).await?;
                tx.announce(Event::OrganizationChanged { organization });
                audit::record(tx, act(Action::OrganizationRestored)).await?;
                return Ok(());
            }
            Step::Suspend if found.suspended_at.is_some() => return Ok(()),
            Step::Suspend => {
                audit::record(tx, act(Action::OrganizationSuspended)).await?;
                organizations::suspend(&mut tx.conn, organization, Some(now)).await?;
            }
            Step::Remove => {
                audit::record(tx, act(Action::OrganizationRemoved)).await?;
                organizations::delete(&mut tx.conn, organization).await?;
            }
        }
        tx.announce(Event::Kicked { who: Kicked::Organization(organization), reason: EndReason::Removed });
        tx.announce(Event::OrganizationClosed { organization });
        Ok(())
    }
}
