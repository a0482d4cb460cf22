//! A word that consists only of vowel signs and other marks is no word to search for; it neither loops nor fails.

use std::time::Duration;

use hearback::app::search;
use tokio::time::timeout;
use unicode_normalization::char::is_combining_mark;

use crate::harness::{Browser, Hall, Server, Tenant, act, postgres::Postgres};

/// Generous: a loop without an end takes longer.
const LIMIT: Duration = Duration::from_secs(20);

/// Every character that is a letter and a mark at once.
fn letters_that_are_marks() -> Vec<char> {
    ('\0'..=char::MAX).filter(|c| c.is_alphanumeric() && is_combining_mark(*c)).collect()
}

async fn every_mark_is_searched_for(hall: Hall) {
    let acme = Tenant::create(&hall.app, "acme").await;
    act::write(&hall.app, &acme.chat, "a word next to \u{345} and \u{93e}").await;
    let marks = letters_that_are_marks();
    assert!(marks.len() > 1_000, "{}", marks.len());
    for mark in &marks {
        assert_eq!(found(&hall, &acme, &mark.to_string()).await, 0, "{mark:?} is no word");
    }
    // Several at once, since each search asks the database.
    for marks in marks.chunks(8) {
        let marks: Vec<String> = marks.iter().map(char::to_string).collect();
        let (apart, together) = (marks.join(" "), marks.concat());
        for query in [format!("a {apart}"), format!("{apart} a"), format!("{together} a")] {
            assert_eq!(found(&hall, &acme, &query).await, 1, "{query:?} finds what \"a\" finds");
        }
        // A vowel sign makes another word of it.
        found(&hall, &acme, &format!("a{together}")).await;
    }
}

/// How many messages a search finds.
async fn found(hall: &Hall, acme: &Tenant, query: &str) -> usize {
    let searched = search::search(&hall.app, &acme.viewer.actor, query);
    let found = timeout(LIMIT, searched).await.unwrap_or_else(|_| panic!("{query:?} does not end"));
    found.unwrap_or_else(|problem| panic!("{query:?}: {problem}")).messages.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_alone_is_no_word_to_search_for() {
    every_mark_is_searched_for(Hall::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_alone_is_no_word_to_search_for_on_postgresql() {
    every_mark_is_searched_for(Hall::postgres().await).await;
}

async fn the_page_shows_what_the_other_words_find(server: Server) {
    let acme = Tenant::create(server.app(), "acme").await;
    act::write(server.app(), &acme.chat, "a word").await;
    let viewer = Browser::of(&server, &acme.viewer.cookie()).await;
    for mark in ["%CD%85", "%E0%A4%BE", "%E0%A4%83", "%D9%90", "%D6%B8", "%E1%9E%B6", "%E0%B8%B1"] {
        for query in [mark.to_owned(), format!("a+{mark}"), format!("{mark}+a"), format!("a+{mark}+{mark}+{mark}")] {
            let page = timeout(LIMIT, viewer.get(&format!("/o/acme/search?q={query}"))).await.expect("an answer");
            assert_eq!(page.status, 200, "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_page_answers_a_mark_next_to_a_word() {
    the_page_shows_what_the_other_words_find(Server::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_page_answers_a_mark_next_to_a_word_on_postgresql() {
    let postgres = Postgres::start();
    the_page_shows_what_the_other_words_find(Server::start_on(&postgres).await).await;
}
