//! The log as a file of comma-separated values, made as it is taken: however long it is, little of it is in memory.

use std::io;

use axum::{
    body::Body,
    extract::{Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::stream;

use super::asked::Asked;
use crate::{
    app::{
        App,
        audit::{self, Filter},
    },
    domain::{access::Operator, ids::AuditId, problem::Problem},
    view::audit::{HEADINGS, record},
    web::session::OperatorSession,
};

/// How many rows are read at a time.
const ROWS: usize = 500;

/// `GET /admin/audit.csv`: the same entries as on the page, all of them. That it was taken is in the log itself.
pub async fn download(
    State(app): State<App>,
    operator: OperatorSession,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let filter = asked.filter(&app, operator.operator).await?;
    audit::exported(&app, operator.operator, &filter).await?;
    let part = Part { app, operator: operator.operator, filter, before: None, next: Next::Headings };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    // A file that breaks off is seen as broken off: its end never comes.
    let rows = stream::try_unfold(part, async |part| {
        part.read().await.map_err(|problem| {
            tracing::error!(%problem, cause = problem.cause(), "the audit log could not be handed over to its end");
            io::Error::other(problem)
        })
    });
    Ok((headers, Body::from_stream(rows)).into_response())
}

/// Where the file has come to.
struct Part {
    app: App,
    operator: Operator,
    filter: Filter,
    before: Option<AuditId>,
    next: Next,
}

enum Next {
    Headings,
    Rows,
    Nothing,
}

impl Part {
    async fn read(mut self) -> Result<Option<(Bytes, Self)>, Problem> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        match self.next {
            Next::Headings => {
                writer.write_record(HEADINGS).map_err(Problem::internal)?;
                self.next = Next::Rows;
            }
            Next::Rows => {
                let (entries, has_more) =
                    audit::newest(&self.app, self.operator, self.filter, self.before, ROWS).await?;
                for entry in &entries {
                    writer.write_record(record(entry)).map_err(Problem::internal)?;
                }
                self.before = entries.last().map(|last| last.id);
                self.next = if has_more { Next::Rows } else { Next::Nothing };
            }
            Next::Nothing => return Ok(None),
        }
        let bytes = writer.into_inner().map_err(|error| Problem::internal(error.to_string()))?;
        Ok(Some((bytes.into(), self)))
    }
}
