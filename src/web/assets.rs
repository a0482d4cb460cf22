//! The browser's files, embedded under names that carry a hash of their contents.

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::domain::problem::Problem;

#[derive(RustEmbed)]
#[folder = "assets/dist/"]
struct Dist;

static URLS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let manifest = Dist::get("manifest.json").expect("the build stops where the manifest is missing");
    let names: HashMap<String, String> =
        serde_json::from_slice(&manifest.data).expect("the manifest is written by assets/build.mjs");
    names.into_iter().map(|(name, hashed)| (name, format!("/assets/{hashed}"))).collect()
});

/// The address of an asset by its plain name, such as `app.css`.
///
/// # Panics
/// For a name that the build has not made: a slip in a template, found by the first test that renders it.
#[must_use]
pub fn url(name: &str) -> &'static str {
    URLS.get(name).unwrap_or_else(|| panic!("there is no asset {name}; see assets/dist/manifest.json"))
}

/// Serves one file, compressed as the browser likes it. The name carries the hash, so it may be kept for ever.
///
/// # Errors
/// `not_found`
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    if !URLS.values().any(|url| url.strip_prefix("/assets/") == Some(&file)) {
        return Err(Problem::not_found());
    }
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (encoding, embedded) = best(&file, accepted).ok_or_else(Problem::not_found)?;
    let mut response = embedded.data.into_response();
    let set = response.headers_mut();
    let kind = mime_guess::from_path(&file).first_or_octet_stream();
    let kind = if kind.type_() == mime_guess::mime::TEXT { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    set.insert(header::CONTENT_TYPE, HeaderValue::try_from(kind).map_err(Problem::internal)?);
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

fn best(file: &str, accepted: &str) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let takes = |coding: &str| {
        accepted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next() == Some(coding) && !words.any(|word| matches!(word, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    let packed = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(coding, _)| takes(coding))
        .find_map(|(coding, ending)| Dist::get(&format!("{file}{ending}")).map(|embedded| (Some(coding), embedded)));
    packed.or_else(|| Dist::get(file).map(|embedded| (None, embedded)))
}
