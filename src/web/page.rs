//! Pages as answers, and where a page leads on to.

use askama::Template;
use axum::{
    http::{StatusCode, Uri},
    response::{Html, IntoResponse, Response},
};

use crate::{
    domain::problem::{Code, Problem},
    view,
    web::error,
};

/// A page.
///
/// # Errors
/// `internal` when its template fails.
pub fn show(template: &impl Template) -> Result<Response, Problem> {
    Ok(Html(view::render(template)?).into_response())
}

/// A page with a status of its own.
///
/// # Errors
/// As [`show`].
pub fn show_as(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    Ok((status, show(template)?).into_response())
}

/// A page again that takes no for an answer: what was refused stands in it, with the reason.
///
/// # Errors
/// As [`show`].
pub fn refused(problem: &Problem, template: &impl Template) -> Result<Response, Problem> {
    let mut response = show_as(error::status(problem.code), template)?;
    error::say_when(&mut response, problem);
    Ok(response)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    title: &'a str,
    message: &'a str,
    reference: Option<&'a str>,
}

/// The page that tells a person what went wrong and what to do. The reference is the id under which the request stands in
/// the log.
#[must_use]
pub fn problem(status: StatusCode, problem: &Problem, reference: &str) -> Response {
    let title = match problem.code {
        Code::NotFound => "Nothing here",
        Code::Unauthorized => "Sign in first",
        Code::Forbidden => "Not allowed",
        Code::RateLimited => "A moment, please",
        Code::Busy | Code::ReadOnly => "Not at the moment",
        Code::Internal => "Something went wrong",
        _ => "That did not work",
    };
    let reference = (!reference.is_empty()).then_some(reference);
    let page = ErrorPage { title, message: &problem.message, reference };
    match view::render(&page) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => (status, problem.message.clone().into_owned()).into_response(),
    }
}

/// The query by which the sign-in page learns where to lead on to; nothing for the home page.
#[must_use]
pub fn return_to_query(uri: &Uri) -> String {
    let address = uri.path_and_query().map_or("/", |address| address.as_str());
    if address == "/" {
        return String::new();
    }
    let value: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    format!("?return_to={value}")
}

/// Where to lead on to, if it is a path of ours: another site's address in any disguise leads home.
#[must_use]
pub fn return_to(raw: Option<&str>) -> &str {
    raw.filter(|path| is_own_path(path)).unwrap_or("/")
}

fn is_own_path(path: &str) -> bool {
    // Browsers read "/\" as "//", and drop tabs and line breaks before they look.
    path.starts_with('/')
        && path.len() <= 500
        && !path[1..].starts_with(['/', '\\'])
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && path.parse::<Uri>().is_ok_and(|uri| uri.authority().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_never_leads_to_another_site() {
        let foreign = [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "evil",
            "",
            "/a\r\nb",
            "/%0a\\x",
        ];
        for raw in foreign {
            assert_eq!(return_to(Some(raw)), "/", "{raw:?}");
        }
        assert_eq!(return_to(Some("/o/acme?view=mine")), "/o/acme?view=mine");
    }
}
