//! A new organization.

use crate::{
    app::App,
    domain::{
        access::Operator,
        audit::{Act, Action},
        event::Event,
        organization::{Organization, Slug},
        problem::{Code, Problem},
        queue::ResponseTargets,
        text::Name,
    },
    store::{Change, Tx, audit, organizations},
};

struct Create {
    by: Operator,
    slug: Slug,
    name: Name,
}

/// Creates an organization with the usual response targets.
///
/// # Errors
/// `conflict` where the slug is taken.
pub async fn create(app: &App, by: Operator, slug: Slug, name: Name) -> Result<Organization, Problem> {
    app.store.commit(Create { by, slug, name }).await
}

impl Change for Create {
    type Output = Organization;

    async fn apply(&self, tx: &mut Tx) -> Result<Organization, Problem> {
        if organizations::find_by_slug(&mut tx.conn, &self.slug).await?.is_some() {
            let taken = Problem::new(Code::Conflict, "There is an organization with this slug already.");
            return Err(Problem { field: Some("slug".into()), ..taken });
        }
        let organization = Organization {
            id: tx.new_id(),
            slug: self.slug.clone(),
            name: self.name.clone(),
            targets: ResponseTargets::default(),
            suspended_at: None,
            created_at: tx.now(),
        };
        organizations::insert(&mut tx.conn, &organization).await?;
        tx.announce(Event::OrganizationChanged { organization: organization.id });
        let act = Act::new(self.by, Action::OrganizationCreated);
        audit::record(tx, act.within(organization.id).on(&organization)).await?;
        Ok(organization)
    }
}
