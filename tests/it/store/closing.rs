//! Since when a project is closed.

use chrono::TimeDelta;
use hearback::app::{conversations, projects};

use crate::harness::{Hall, Tenant};

async fn known_since_when(hall: Hall) {
    let app = &hall.app;
    let acme = Tenant::create(app, "acme").await;
    let (owner, project) = (&acme.owner.actor, acme.project.id);
    let closed_at = async || {
        let reached = conversations::find(app, &acme.chat.actor, acme.chat.conversation).await.unwrap();
        reached.project_closed_at
    };
    assert_eq!(closed_at().await, None);
    projects::close(app, owner, project).await.unwrap();
    let closed = app.clock.now();
    assert_eq!(closed_at().await, Some(closed));
    hall.pass(TimeDelta::days(1));
    projects::close(app, owner, project).await.unwrap();
    assert_eq!(closed_at().await, Some(closed), "it was closed already");
    projects::reopen(app, owner, project).await.unwrap();
    assert_eq!(closed_at().await, None);
    projects::close(app, owner, project).await.unwrap();
    assert_eq!(closed_at().await, Some(app.clock.now()));
}

#[tokio::test]
async fn a_closed_project_tells_since_when() {
    known_since_when(Hall::sqlite().await).await;
}

#[tokio::test]
async fn a_closed_project_tells_since_when_on_postgresql() {
    known_since_when(Hall::postgres().await).await;
}
