//! Candidates from a file, a row each.

mod columns;

use std::collections::HashSet;

use futures::future::join_all;

use self::columns::Columns;
use super::add::{Added, Import as Part, add_row};
use crate::{
    app::{App, access},
    domain::{
        access::{Actor, Member},
        candidate::Profile,
        ids::ProjectId,
        problem::{Code, Problem},
        user::Role,
    },
    store::{Conn, candidates},
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
    /// Its line in the file, the heading being line 1 where no cell has line breaks.
    pub line: u64,
    /// The name as it stands there.
    pub name: String,
    /// What became of it.
    pub outcome: RowOutcome,
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
}

impl Import {
    /// How many rows were added or would be.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row.outcome, RowOutcome::Rejected(_))).count()
    }
}

/// Adds a candidate for each row of a CSV file (UTF-8; separated by comma, semicolon or tab; the first line names the
/// columns as Greenhouse, Chatwoot, `OpenCATS` or people do). A row that does not fit leaves the others alone. For
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
    let (columns, records) = columns::read(file)?;
    let mut rows = Vec::with_capacity(records.len());
    if dry_run {
        let mut conn = app.store.read().await?;
        rows = try_all(&mut conn, member, project, &columns, &records).await?;
    } else {
        let import = Part { id: app.clock.new_id(), rows: records.len() };
        for chunk in records.chunks(AT_ONCE) {
            let added = chunk.iter().map(|record| add_record(app, actor, project, import, (&columns, record)));
            rows.extend(join_all(added).await);
        }
    }
    let rejected = columns.rejected(&records, &rows)?;
    Ok(Import { dry_run, rows, rejected })
}

fn result(columns: &Columns, record: &csv::StringRecord, outcome: RowOutcome) -> RowResult {
    RowResult { line: record.position().map_or(0, csv::Position::line), name: columns.name(record), outcome }
}

async fn add_record(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    import: Part,
    (columns, record): (&Columns, &csv::StringRecord),
) -> RowResult {
    let added = match columns.profile(record) {
        Ok(profile) => add_row(app, actor, project, profile, Some(import)).await,
        Err(problem) => Err(problem),
    };
    let outcome = added.map_or_else(RowOutcome::Rejected, |added| RowOutcome::Added(Box::new(added)));
    result(columns, record, outcome)
}

async fn try_all(
    conn: &mut Conn,
    member: &Member,
    project: ProjectId,
    columns: &Columns,
    records: &[csv::StringRecord],
) -> Result<Vec<RowResult>, Problem> {
    let mut seen = HashSet::new();
    let mut rows = Vec::with_capacity(records.len());
    for record in records {
        let outcome = match columns.profile(record) {
            Ok(profile) => match is_new(conn, member, project, &profile, &mut seen).await? {
                true => RowOutcome::WouldAdd,
                false => {
                    RowOutcome::Rejected(Problem::new(Code::Conflict, "This candidate is in the project already."))
                }
            },
            Err(problem) => RowOutcome::Rejected(problem),
        };
        rows.push(result(columns, record, outcome));
    }
    Ok(rows)
}

/// Whether a row makes a new conversation, given the store and the rows before it.
async fn is_new(
    conn: &mut Conn,
    member: &Member,
    project: ProjectId,
    profile: &Profile,
    seen: &mut HashSet<String>,
) -> Result<bool, Problem> {
    let by_id = profile.external_id.as_ref().map(|id| format!("id {id}"));
    let by_email = profile.email.as_ref().map(|email| format!("at {email} {}", profile.name.to_lowercase()));
    let mut first = true;
    for key in [by_id, by_email].into_iter().flatten() {
        first &= seen.insert(key);
    }
    let same = candidates::find_same(conn, member.organization, member.user(), profile).await?;
    let there = match same {
        Some(known) => candidates::conversation_in(conn, project, known.id).await?.is_some(),
        None => false,
    };
    Ok(first && !there)
}
