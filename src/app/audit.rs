//! The audit log, as operators read it. It is written by the use cases themselves, each within its own transaction.

use super::{App, organizations};
pub use crate::store::audit::Filter;
use crate::{
    domain::{
        access::Operator,
        audit::{Act, Action, Entry},
        ids::{AuditId, OrganizationId, UserId},
        organization::Slug,
        problem::Problem,
        user::Email,
    },
    store::{Change, Tx, audit, users},
};

/// The newest entries that fit, those before `before` where one is named, at most `limit`; and whether there are more.
///
/// # Errors
/// The store's.
pub async fn newest(
    app: &App,
    _operator: Operator,
    filter: Filter,
    before: Option<AuditId>,
    limit: usize,
) -> Result<(Vec<Entry>, bool), Problem> {
    let mut conn = app.store.read().await?;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut entries = audit::newest(&mut conn, filter, before, one_more).await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    Ok((entries, has_more))
}

/// An organization of which the log may tell.
#[derive(Clone, Debug)]
pub struct Known {
    /// The id.
    pub id: OrganizationId,
    /// The name in addresses.
    pub slug: Slug,
    /// Whether it was removed; what happened in it is still told.
    pub removed: bool,
}

/// Every organization, the removed ones last.
///
/// # Errors
/// The store's.
pub async fn known_organizations(app: &App, operator: Operator) -> Result<Vec<Known>, Problem> {
    let there = organizations::list(app, operator).await?;
    let mut conn = app.store.read().await?;
    let gone = audit::removed_organizations(&mut conn).await?;
    let there = there.into_iter().map(|one| Known { id: one.id, slug: one.slug, removed: false });
    Ok(there.chain(gone.into_iter().map(|(id, slug)| Known { id, slug, removed: true })).collect())
}

/// The user of an e-mail address, removed or not, to ask for what they did.
///
/// # Errors
/// The store's.
pub async fn user_of(app: &App, _operator: Operator, email: &Email) -> Result<Option<UserId>, Problem> {
    let mut conn = app.store.read().await?;
    Ok(users::of_email(&mut conn, email).await?.first().map(|row| row.user().id))
}

struct Exported {
    by: Operator,
    organization: Option<OrganizationId>,
}

/// Writes down that the log is taken out as a file; to be called before it is handed over.
///
/// # Errors
/// The store's; what cannot be written down is not to be handed over.
pub async fn exported(app: &App, by: Operator, filter: &Filter) -> Result<(), Problem> {
    app.store.commit(Exported { by, organization: filter.organization }).await
}

impl Change for Exported {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        audit::record(tx, Act::new(self.by, Action::AuditExported).within(self.organization)).await?;
        Ok(())
    }
}
