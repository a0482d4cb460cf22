//! One row that is written to find out whether writing works.

use super::{
    change::{Change, Tx},
    statement::{execute, statements},
};
use crate::domain::problem::Problem;

statements! {
    WRITE_PROBE = "INSERT INTO probes (id, checked_at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET checked_at = excluded.checked_at";
}

/// Writes the row.
#[derive(Debug)]
pub struct Probe;

impl Change for Probe {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        execute!(&mut tx.conn, WRITE_PROBE, now)?;
        Ok(())
    }
}
