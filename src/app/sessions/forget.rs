//! Taking away what no longer lets anybody in.

use chrono::TimeDelta;

use crate::{
    app::App,
    domain::problem::Problem,
    store::{Change, Tx, candidate_sessions, sessions, users},
};

/// How long a candidate's browser is remembered after its last link has died, so that it is told so and can ask for a new
/// one.
const REMEMBERED: TimeDelta = TimeDelta::days(90);

struct Forget {
    idle: TimeDelta,
    absolute: TimeDelta,
}

/// Takes away sessions that have run out, candidates' browsers that have ended or whose links have all been dead for 90
/// days, and one-time links that were used or have run out; gives how many there were. None of them let anybody in any more.
///
/// # Errors
/// The store cannot be written.
pub async fn forget_old(app: &App) -> Result<u64, Problem> {
    let (idle, absolute) = (app.settings.session_idle, app.settings.session_absolute);
    app.store.commit(Forget { idle, absolute }).await
}

impl Change for Forget {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        let now = tx.now();
        let users_sessions =
            sessions::delete_all_old(&mut tx.conn, now.plus(-self.idle), now.plus(-self.absolute)).await?;
        let browsers = candidate_sessions::delete_old(&mut tx.conn, now.plus(-REMEMBERED), now).await?;
        let one_time = users::drop_dead_one_time_links(&mut tx.conn, now).await?;
        Ok(users_sessions + browsers + one_time)
    }
}
