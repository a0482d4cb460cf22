//! One namespace for each organization. They are registered as organizations come and deleted as they go; never made
//! because a stranger asks for one.

use std::sync::Arc;

use socketioxide::{
    extract::{SocketRef, TryData},
    handler::ConnectHandler,
};

use super::{admin, connect, credentials::Auth, emit, hub::Hub};
use crate::{
    app,
    domain::{
        ids::OrganizationId,
        organization::Organization,
        problem::{Code, Problem},
        session::EndReason,
    },
};

/// Registers `/admin` and the namespace of every organization that can be entered.
///
/// # Errors
/// When the organizations cannot be read.
pub async fn register_all(hub: &Arc<Hub>) -> Result<(), Problem> {
    let admitting = Arc::clone(hub);
    let welcoming = Arc::clone(hub);
    let welcome = move |socket: SocketRef| {
        let hub = Arc::clone(&welcoming);
        async move { admin::welcome(&hub, &socket).await }
    };
    hub.io.ns(
        admin::NAMESPACE,
        welcome.with(move |socket: SocketRef, TryData(auth): TryData<Auth>| {
            let hub = Arc::clone(&admitting);
            async move { admin::admit(&hub, &socket, auth).await }
        }),
    );
    for organization in app::organizations::open_ones(&hub.app).await? {
        register(hub, organization);
    }
    Ok(())
}

/// An organization was created or changed, or may be entered again.
///
/// # Errors
/// When it cannot be read.
pub async fn refresh(hub: &Arc<Hub>, id: OrganizationId) -> Result<(), Problem> {
    let Some(organization) = find_open(hub, id).await? else {
        close(hub, id);
        return Ok(());
    };
    register(hub, organization);
    // It may have been closed since, by a task that found no namespace to close yet.
    if find_open(hub, id).await?.is_none() {
        close(hub, id);
    }
    Ok(())
}

async fn find_open(hub: &Hub, id: OrganizationId) -> Result<Option<Organization>, Problem> {
    match app::organizations::by_id(&hub.app, id).await {
        Ok(organization) => Ok(Some(organization).filter(|organization| organization.suspended_at.is_none())),
        Err(problem) if problem.code == Code::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

fn register(hub: &Arc<Hub>, organization: Organization) {
    let id = organization.id;
    let path = organization.slug.namespace();
    let known = hub.keep(organization);
    if known.as_ref().is_some_and(|known| known.slug.namespace() == path) {
        return;
    }
    if let Some(known) = known {
        hub.io.delete_ns(known.slug.namespace());
    }
    let admitting = Arc::clone(hub);
    let welcoming = Arc::clone(hub);
    let welcome = move |socket: SocketRef| {
        let hub = Arc::clone(&welcoming);
        async move { connect::welcome(&hub, &socket).await }
    };
    hub.io.ns(
        path,
        welcome.with(move |socket: SocketRef, TryData(auth): TryData<Auth>| {
            let hub = Arc::clone(&admitting);
            async move { connect::admit(&hub, id, &socket, auth).await }
        }),
    );
}

/// An organization cannot be entered any more: its sockets end and its namespace goes.
pub fn close(hub: &Hub, id: OrganizationId) {
    let Some(organization) = hub.organization(id) else { return };
    for socket in hub.sockets_of(&organization) {
        emit::end(&socket, EndReason::Removed);
    }
    hub.forget(id);
    hub.io.delete_ns(organization.slug.namespace());
}
