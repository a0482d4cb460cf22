//! What somebody has to look at: kept once for the whole installation, told once, and closed when it is over.

mod tell;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::TimeDelta;

pub use self::tell::{News, for_operators};
use super::{App, Settings};
pub use crate::domain::alert::Alert;
use crate::{
    domain::{
        access::Operator,
        audit::{Act, Action},
        health::{CheckId, Subject},
        ids::AlertId,
        problem::Problem,
        text::Name,
    },
    store::{Change, Tx, alerts, audit},
};

/// How long alerts are known after they began.
const KEPT: TimeDelta = TimeDelta::days(90);

/// Opens an alert and schedules telling it, unless it was `told` by then: whoever stops waiting tells it by other means.
/// `false` where one of the same check and subject is open, such as by another server: then it was told
/// there.
///
/// # Errors
/// The store's.
pub async fn fire(app: &App, alert: Alert, told: Arc<AtomicBool>) -> Result<bool, Problem> {
    app.store.commit(Fire { alert, told, settings: Arc::clone(&app.settings) }).await
}

/// Opens an alert that was told already, since nothing could be kept at that time.
///
/// # Errors
/// The store's.
pub async fn keep(app: &App, alert: Alert) -> Result<bool, Problem> {
    fire(app, alert, Arc::new(AtomicBool::new(true))).await
}

/// Makes an open one critical. `false` where none is open or it is so already.
///
/// # Errors
/// The store's.
pub async fn worsen(app: &App, alert: Alert) -> Result<bool, Problem> {
    app.store.commit(Worsen { alert, settings: Arc::clone(&app.settings) }).await
}

/// Gives an open one the sentence that is true now. Nobody is told again.
///
/// # Errors
/// The store's.
pub async fn reword(app: &App, id: AlertId, sentence: String, remedy: String) -> Result<(), Problem> {
    app.store.commit(Reword { id, sentence, remedy }).await
}

/// Closes the open one and schedules telling it. `false` where none is open any more.
///
/// # Errors
/// The store's.
pub async fn clear(app: &App, check: CheckId, subject: Subject) -> Result<bool, Problem> {
    app.store.commit(Clear { check, subject, settings: Arc::clone(&app.settings) }).await
}

/// An operator says that they know.
///
/// # Errors
/// `not_found` where it is over or somebody said so before.
pub async fn acknowledge(app: &App, by: Operator, name: Name, id: AlertId) -> Result<(), Problem> {
    app.store.commit(Acknowledge { id, by, name }).await
}

/// Those that are open, the last first.
///
/// # Errors
/// The store's.
pub async fn open(app: &App) -> Result<Vec<Alert>, Problem> {
    Ok(alerts::open(&mut app.store.read().await?).await?)
}

/// The latest, open or not, the last first.
///
/// # Errors
/// The store's.
pub async fn latest(app: &App, at_most: i64) -> Result<Vec<Alert>, Problem> {
    Ok(alerts::latest(&mut app.store.read().await?, at_most).await?)
}

/// Forgets those that are over and began more than ninety days ago; gives how many there were.
///
/// # Errors
/// The store's.
pub async fn forget_old(app: &App) -> Result<u64, Problem> {
    app.store.commit(Forget).await
}

struct Fire {
    alert: Alert,
    told: Arc<AtomicBool>,
    settings: Arc<Settings>,
}

impl Change for Fire {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx) -> Result<bool, Problem> {
        let is_new = alerts::insert(&mut tx.conn, &self.alert).await?;
        if is_new && !self.told.load(Ordering::SeqCst) {
            tell::schedule(tx, &self.settings, &self.alert, News::Fired).await?;
        }
        Ok(is_new)
    }
}

struct Worsen {
    alert: Alert,
    settings: Arc<Settings>,
}

impl Change for Worsen {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx) -> Result<bool, Problem> {
        let is_new = alerts::worsen(&mut tx.conn, &self.alert).await?;
        if is_new {
            tell::schedule(tx, &self.settings, &self.alert, News::Worsened).await?;
        }
        Ok(is_new)
    }
}

struct Reword {
    id: AlertId,
    sentence: String,
    remedy: String,
}

impl Change for Reword {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        Ok(alerts::reword(&mut tx.conn, self.id, &self.sentence, &self.remedy).await?)
    }
}

struct Clear {
    check: CheckId,
    subject: Subject,
    settings: Arc<Settings>,
}

impl Change for Clear {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx) -> Result<bool, Problem> {
        let now = tx.now();
        let open = alerts::open(&mut tx.conn).await?;
        let closed = alerts::clear(&mut tx.conn, self.check, &self.subject, now).await?;
        if let Some(alert) = open.iter().find(|alert| alert.check == self.check && alert.subject == self.subject)
            && closed
        {
            tell::schedule(tx, &self.settings, alert, News::Cleared).await?;
        }
        Ok(closed)
    }
}

struct Acknowledge {
    id: AlertId,
    by: Operator,
    name: Name,
}

impl Change for Acknowledge {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        if !alerts::acknowledge(&mut tx.conn, self.id, &self.name, now).await? {
            return Err(Problem::not_found());
        }
        Ok(audit::record(tx, Act::new(self.by, Action::AlertAcknowledged).on(self.id)).await?)
    }
}

struct Forget;

impl Change for Forget {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        let before = tx.now().plus(-KEPT);
        Ok(alerts::forget(&mut tx.conn, before).await?)
    }
}
