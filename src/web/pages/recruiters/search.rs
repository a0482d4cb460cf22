//! Search over messages, notes and candidates.

use std::fmt::Write;

use askama::filters::{Escaper, Html};
use axum::{extract::Query, response::Response};
use serde::Deserialize;

use super::{
    here::Here,
    templates::{Hit, Search},
};
use crate::{
    app::{self, search::Hit as Found},
    domain::{problem::Problem, words::Segment},
    view::text,
    web::page,
};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
}

/// `GET /o/{slug}/search?q=`
pub async fn show(here: Here, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let query = asked.q.trim().chars().take(200).collect::<String>();
    let results = app::search::search(&here.app, &here.actor, &query).await?;
    let home = here.home();
    let mut hits = Vec::new();
    for (kind, found) in [
        ("Candidate", results.candidates),
        ("Message", results.messages),
        ("Team note", results.notes),
        ("Announcement", results.announcements),
    ] {
        hits.extend(found.into_iter().map(|found| hit(&home, kind, found)));
    }
    page::show(&Search { frame: here.frame("search"), query, hits })
}

fn hit(home: &str, kind: &'static str, found: Found) -> Hit {
    let href = match found.conversation {
        None => format!("{home}/projects/{}#announced", found.project),
        // A message further back than the page shows: the stretch that it ends.
        Some(conversation) if kind == "Message" => {
            format!("{home}/conversations/{conversation}?view=all&before={}", found.seq + 1)
        }
        Some(conversation) => format!("{home}/conversations/{conversation}?view=all"),
    };
    Hit {
        href,
        title: found.candidate.unwrap_or_else(|| found.project_name.clone()),
        kind,
        project: found.project_name,
        author: (kind != "Candidate").then_some(found.author),
        at: Some(found.at),
        html: marked(&found.segments),
    }
}

/// The pieces, escaped, with a mark around what was looked for.
fn marked(segments: &[Segment]) -> String {
    let mut html = String::new();
    for Segment { text: piece, is_hit } in segments {
        let escaped = Escape(piece);
        // Writing to a text cannot fail.
        let _ = if *is_hit { write!(html, "<mark>{escaped}</mark>") } else { write!(html, "{escaped}") };
    }
    html
}

struct Escape<'a>(&'a str);

impl std::fmt::Display for Escape<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Html.write_escaped_str(f, &text::plain(&self.0.replace('\n', " ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_and_inert() {
        let piece = |text: &str, is_hit| Segment { text: text.to_owned(), is_hit };
        let html = marked(&[piece("<b>the ", false), piece("visa", true)]);
        assert_eq!(html, "&#60;b&#62;the <mark>visa</mark>");
    }
}
