//! Importing candidates from a CSV file: first tried out, then done.

use axum::{
    extract::{FromRequest, Multipart, Path, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    here::Here,
    projects::{self, In},
    templates::{Import, ImportRow},
};
use crate::{
    app::{
        self,
        candidates::{Import as Imported, RowOutcome},
    },
    domain::problem::{Code, Problem},
    web::{csrf::FIELD, page},
};

/// The most bytes of a file with its form: room for as many rows as one file may have.
pub const LIMIT: usize = 4 * 1024 * 1024;

/// What the form carries: a file, or the text that was tried out before.
#[derive(Default)]
struct Sent {
    csrf: Option<String>,
    act: String,
    file: Vec<u8>,
}

impl Sent {
    async fn read(request: Request) -> Result<Self, Problem> {
        let broken = |_| Problem::new(Code::TooLarge, "The file is too large, or was cut off on its way.");
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| Problem::new(Code::Invalid, "The form is not complete. Open the page again."))?;
        let mut sent = Self::default();
        while let Some(field) = form.next_field().await.map_err(|error| broken(error.status()))? {
            let name = field.name().unwrap_or_default().to_owned();
            let bytes = field.bytes().await.map_err(|error| broken(error.status()))?;
            match name.as_str() {
                FIELD => sent.csrf = Some(String::from_utf8_lossy(&bytes).into_owned()),
                "act" => sent.act = String::from_utf8_lossy(&bytes).into_owned(),
                "file" | "csv" => sent.file = bytes.to_vec(),
                _ => return Err(Problem::new(Code::Invalid, "The form has a field that is not known here.")),
            }
        }
        Ok(sent)
    }
}

/// `POST /o/{slug}/projects/{id}/import`: tries a file out, writes it, or gives the rows that were left out.
pub async fn import(here: Here, Path(of): Path<In>, request: Request) -> Result<Response, Problem> {
    let sent = Sent::read(request).await?;
    here.csrf().verify(sent.csrf.as_deref())?;
    let dry_run = match sent.act.as_str() {
        "import" => false,
        "" | "try" | "rejected" => true,
        _ => return Err(Problem::invalid("act", "Choose what to do with the file.")),
    };
    let imported = match app::candidates::import(&here.app, &here.actor, of.id, &sent.file, dry_run).await {
        Ok(imported) => imported,
        Err(problem) => return projects::refused(&here, of.id, problem, |_| ()).await,
    };
    if sent.act == "rejected" {
        return Ok(download(imported.rejected.unwrap_or_default()));
    }
    let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
    page::show_as(status, &result(&here, of, imported).await?)
}

fn download(rows: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"rejected.csv\""),
    ];
    (headers, rows).into_response()
}

async fn result(here: &Here, of: In, imported: Imported) -> Result<Import, Problem> {
    let accepted = imported.accepted();
    let mut links = String::new();
    let rows: Vec<ImportRow> = imported
        .rows
        .iter()
        .map(|row| {
            if let RowOutcome::Added(added) = &row.outcome {
                links.extend([&*added.candidate.profile.name, "\t", &added.chat_url, "\n"]);
            }
            let problem = match &row.outcome {
                RowOutcome::Rejected(problem) => Some(problem.message.to_string()),
                RowOutcome::WouldAdd | RowOutcome::Added(_) => None,
            };
            ImportRow { line: row.line, name: row.name.clone(), problem, warnings: row.warnings.clone() }
        })
        .collect();
    let shown = projects::project(here, of.id).await?;
    Ok(Import {
        frame: shown.frame,
        project: shown.project,
        dry_run: imported.dry_run,
        accepted,
        rejected: rows.len() - accepted,
        rows,
        csv: imported.text,
        warning: imported.warning,
        rejected_csv: imported.rejected.unwrap_or_default(),
        links,
    })
}
