//! Candidates from a file, a row each.

mod columns;
mod file;
mod trial;

use std::collections::HashSet;

use futures::future::join_all;

use self::{
    columns::Columns,
    file::{Row, Table, Text},
    trial::Trial,
};
use super::add::{Added, Import as Part, add_row};
use crate::{
    app::{App, access},
    domain::{access::Actor, ids::ProjectId, problem::Problem, user::Role},
};

/// The most rows of one file.
pub const ROWS: usize = 5_000;
/// How many rows are written at a time.
const AT_ONCE: usize = 64;

/// What became of a row.
#[derive(Debug)]
pub enum RowOutcome {
    /// A dry run found nothing against it.
    WouldAdd,
    /// The candidate was added.
    Added(Box<Added>),
    /// It was left out.
    Rejected(Problem),
}

/// One row of the file.
#[derive(Debug)]
pub struct RowResult {
    /// The line of the file on which it begins; the first is 1.
    pub line: u64,
    /// The name as it stands there.
    pub name: String,
    /// What became of it.
    pub outcome: RowOutcome,
    /// What the person should know of it: what was left out, and in a dry run where the address is known already.
    pub warnings: Vec<String>,
}

/// What became of a file.
#[derive(Debug)]
pub struct Import {
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Each row, in the file's order.
    pub rows: Vec<RowResult>,
    /// The rejected rows with the reason, as a file to mend and bring again; `None` where there are none.
    pub rejected: Option<String>,
    /// What should be looked at before the rows are used.
    pub warning: Option<&'static str>,
    /// The file as text, to bring it again.
    pub text: String,
}

impl Import {
    /// How many rows were added or would be.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row.outcome, RowOutcome::Rejected(_))).count()
    }
}

/// Adds a candidate for each row of a CSV file (UTF-8, UTF-16 or Windows-1252; separated by comma, semicolon or tab, or by
/// what a first line such as `sep=;` names; the headings as Greenhouse, Chatwoot, `OpenCATS` or people have them). A row that does not fit leaves the others alone. For
/// recruiters.
///
/// # Errors
/// `not_found`, `forbidden`, `rate_limited`, `project_closed`; `invalid` or `too_large` on `file` where no row can be
/// read.
pub async fn import(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    file: &[u8],
    dry_run: bool,
) -> Result<Import, Problem> {
    let member = {
        let mut conn = app.store.read().await?;
        let reached = access::project(&mut conn, actor, project).await?;
        let member = access::member_with(actor, Role::Recruiter)?;
        app.limits.member_writes(member.organization, member.id())?;
        reached.require_open()?;
        member
    };
    let Text { text, warning } = Text::read(file)?;
    let table = Table::read(&text)?;
    let columns = Columns::find(&table)?;
    let mut rows = Vec::with_capacity(table.rows.len());
    if dry_run {
        let mut conn = app.store.read().await?;
        let mut trial = Trial { conn: &mut conn, member, project, known: HashSet::new(), new: HashSet::new() };
        for row in &table.rows {
            rows.push(trial.row(&columns, row).await?);
        }
    } else {
        let import = Part { id: app.clock.new_id(), rows: table.rows.len() };
        for chunk in table.rows.chunks(AT_ONCE) {
            let added = chunk.iter().map(|row| add_one(app, actor, project, import, (&columns, row)));
            rows.extend(join_all(added).await);
        }
    }
    let rejected = columns.rejected(&table.rows, &rows)?;
    Ok(Import { dry_run, rows, rejected, warning, text })
}

async fn add_one(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    import: Part,
    (columns, row): (&Columns, &Row),
) -> RowResult {
    let (profile, warnings) = columns.profile(&row.cells);
    let added = match profile {
        Ok(profile) => add_row(app, actor, project, profile, Some(import)).await,
        Err(problem) => Err(problem),
    };
    let outcome = added.map_or_else(RowOutcome::Rejected, |added| RowOutcome::Added(Box::new(added)));
    RowResult { line: row.line, name: columns.name(&row.cells), outcome, warnings }
}
