//! The example is there whole or not at all, however its making was broken off.

use super::story::{OWNER, RECRUITERS};
use crate::{
    app::App,
    domain::{organization::Slug, problem::Problem, user::Email},
    store::{Change, Tx, examples, organizations},
};

/// Its slug.
pub(super) const SLUG: &str = "acme";

/// Begins it where there is no organization; `false` where there is one.
pub(super) struct Begin;

impl Change for Begin {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx) -> Result<bool, Problem> {
        if !organizations::list(&mut tx.conn).await?.is_empty() {
            return Ok(false);
        }
        let now = tx.now();
        examples::begin(&mut tx.conn, now).await?;
        Ok(true)
    }
}

/// It is whole.
pub(super) struct Finish;

impl Change for Finish {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(examples::end(&mut tx.conn).await?)
    }
}

struct TakeAway;

/// Takes away what was begun and never finished. Nobody has worked with it: a server takes connections only afterwards.
pub(super) async fn take_away_half(app: &App) -> Result<(), Problem> {
    if examples::is_begun(&mut app.store.read().await?).await? {
        app.store.commit(TakeAway).await?;
        tracing::info!("the making of the example organization had been broken off; what there was of it is gone");
    }
    Ok(())
}

impl Change for TakeAway {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        if let Some(half) = organizations::find_by_slug(&mut tx.conn, &Slug::parse(SLUG)?).await? {
            organizations::delete(&mut tx.conn, half.id).await?;
        }
        for one in RECRUITERS.iter().chain([&OWNER]) {
            examples::delete_user(&mut tx.conn, &Email::parse("email", one.email)?).await?;
        }
        Ok(examples::end(&mut tx.conn).await?)
    }
}
