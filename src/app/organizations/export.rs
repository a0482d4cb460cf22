//! Everything of an organization leaves the house.

use crate::{
    app::App,
    domain::{
        access::Operator,
        audit::{Act, Action},
        ids::OrganizationId,
        organization::Organization,
        problem::Problem,
    },
    store::{Change, Tx, audit, organizations},
};

struct Exported {
    by: Operator,
    organization: OrganizationId,
}

/// Writes down that everything of an organization was written to a file; to be called before the file is handed over.
///
/// # Errors
/// `not_found`; what cannot be written down is not to be handed over.
pub async fn exported(app: &App, by: Operator, organization: &Organization) -> Result<(), Problem> {
    app.store.commit(Exported { by, organization: organization.id }).await
}

impl Change for Exported {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let found = organizations::find(&mut tx.conn, self.organization).await?.ok_or_else(Problem::not_found)?;
        audit::record(tx, Act::new(self.by, Action::OrganizationExported).within(found.id).on(&found)).await?;
        Ok(())
    }
}
