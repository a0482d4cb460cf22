//! The audit log: who did what to whom, when, from where; newest first, to be filtered and taken out as a file.

mod asked;
mod file;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};

use self::asked::Asked;
pub use self::file::download;
use crate::{
    app::{
        App,
        audit::{self, Known},
        sessions,
    },
    domain::{
        audit::{Action, ActorKind},
        problem::{Code, Problem},
    },
    view::{
        audit::{Row, actor_kind},
        filters,
    },
    web::{csrf::Csrf, page, session::OperatorSession},
};

/// How many entries a page shows.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "admin/audit.html")]
struct AuditPage<'a> {
    csrf: &'a str,
    me: &'a sessions::SignedIn,
    asked: &'a Asked,
    organizations: Vec<Known>,
    rows: Vec<Row>,
    /// The query of the page with older entries.
    older: Option<String>,
    /// The query of the file with the same entries.
    same: String,
    problem: Option<String>,
}

impl AuditPage<'_> {
    /// Every action, those of a noun together.
    fn actions() -> Vec<(&'static str, Vec<Action>)> {
        let mut groups: Vec<(&str, Vec<Action>)> = Vec::new();
        for action in Action::ALL {
            let noun = action.as_str().split('.').next().unwrap_or_default();
            match groups.last_mut().filter(|(of, _)| *of == noun) {
                Some((_, actions)) => actions.push(*action),
                None => groups.push((noun, vec![*action])),
            }
        }
        groups
    }

    /// Those who have no name.
    fn kinds() -> [(&'static str, &'static str); 5] {
        ActorKind::ALL.map(|kind| (kind.as_str(), actor_kind(kind)))
    }
}

/// `GET /admin/audit`
pub async fn show(
    State(app): State<App>,
    operator: OperatorSession,
    csrf: Csrf,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let mut page = AuditPage {
        csrf: csrf.token(),
        me: &operator.signed_in,
        asked: &asked,
        organizations: audit::known_organizations(&app, operator.operator).await?,
        rows: Vec::new(),
        older: None,
        same: asked.query(None),
        problem: None,
    };
    match look(&app, &operator, &asked).await {
        Ok((rows, older)) => (page.rows, page.older) = (rows, older),
        Err(problem) if problem.code == Code::Invalid => {
            page.problem = Some(problem.message.to_string());
            return page::refused(&problem, &page);
        }
        Err(problem) => return Err(problem),
    }
    page::show(&page)
}

async fn look(app: &App, operator: &OperatorSession, asked: &Asked) -> Result<(Vec<Row>, Option<String>), Problem> {
    let filter = asked.filter(app, operator.operator).await?;
    let (entries, has_more) = audit::newest(app, operator.operator, filter, asked.before()?, ROWS).await?;
    let older = entries.last().filter(|_| has_more).map(|last| asked.query(Some(last.id)));
    Ok((entries.iter().map(Row::from).collect(), older))
}
