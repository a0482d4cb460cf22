//! Whatever text is typed, in any field of any door, the server answers in time, without a fault of its own, and without
//! taking ever more memory. The server is a process of its own, so that its memory can be measured.

use std::{
    fmt::Debug,
    time::{Duration, Instant},
};

use hearback::{
    domain::queue::LeaseToken,
    realtime::{
        payload::Kind,
        request::{REQUESTS, Who},
    },
};
use proptest::{
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::time::timeout;
use unicode_normalization::char::is_combining_mark;
use url::form_urlencoded::byte_serialize;

use super::sound;
use crate::harness::{
    Browser, Process, Server, Socket, Tenant, act,
    browser::Answer,
    calls::{Call, Carried, calls},
    forms::{About, By, Form, Secrets, forms},
    postgres::Postgres,
    tenant::operators_cookie,
};

/// How often each field of each door gets another text.
const ROUNDS: usize = 3;
/// How many random words are searched for.
const SEARCHES: usize = 150;
/// Generous, so that nothing but a loop takes longer.
const LIMIT: Duration = Duration::from_secs(5);
/// By how many kilobytes the server may grow.
const GROWTH: u64 = 200 << 10;

/// Pages that take something typed in their address, which ends before it.
const PAGES: [(By, &str); 19] = [
    (By::Owner, "/o/acme?view="),
    (By::Owner, "/o/acme?project="),
    (By::Owner, "/o/acme?label="),
    (By::Owner, "/o/acme?assignee="),
    (By::Owner, "/o/acme?limit="),
    (By::Owner, "/o/acme?skip="),
    (By::Owner, "/o/acme?before="),
    (By::Owner, "/o/acme?done="),
    (By::Owner, "/o/acme/conversations/"),
    (By::Owner, "/o/acme/projects/"),
    (By::Owner, "/o/"),
    (By::Operator, "/admin/audit?actor="),
    (By::Operator, "/admin/audit?action="),
    (By::Operator, "/admin/audit?organization="),
    (By::Operator, "/admin/audit?from="),
    (By::Operator, "/admin/audit?before="),
    (By::Operator, "/admin/audit.csv?until="),
    (By::Anybody, "/c/"),
    (By::Anybody, "/sign-in?return_to="),
];

/// What has been a fault somewhere, and what stands for a whole script.
const HOSTILE: [&str; 32] = [
    "\u{345}",
    "\u{93e}",
    "\u{650}",
    "\u{e31}",
    "\u{301}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{fe0f}",
    "\u{feff}",
    "\u{0}",
    "\u{fffd}",
    "👩‍👩‍👧",
    "🇦🇹",
    "ﷺ",
    "İ",
    "ß",
    "ǆ",
    "面试",
    "สัมภาษณ์",
    "साक्षात्कार",
    "면접",
    "a",
    " ",
    "\"",
    "'",
    ":*",
    "% _",
    "NEAR(",
    "=1+1",
    "+43 (0) 660 1",
    "\r\n",
];

fn texts() -> impl Strategy<Value = String> {
    let letters: Vec<char> = ('\0'..=char::MAX).filter(|c| c.is_alphanumeric() && is_combining_mark(*c)).collect();
    let marks = prop::collection::vec(select(letters), 1..5).prop_map(String::from_iter);
    prop_oneof![
        4 => prop::collection::vec(any::<char>(), 0..40).prop_map(String::from_iter),
        4 => prop::collection::vec(select(&HOSTILE[..]), 1..12).prop_map(|parts| parts.concat()),
        2 => (marks, any::<bool>()).prop_map(|(marks, with_word)| if with_word { format!("a {marks}") } else { marks }),
        1 => (select(&HOSTILE[..]), 1..3_000_usize).prop_map(|(part, times)| part.repeat(times)),
    ]
}

/// A running server, who uses it, and what they type.
struct Typing {
    process: Process,
    _folder: TempDir,
    acme: Tenant,
    browsers: Vec<(By, Browser)>,
    runner: TestRunner,
    texts: BoxedStrategy<String>,
    typed: usize,
}

impl Typing {
    async fn open(postgres: Option<&Postgres>) -> Self {
        let server = match postgres {
            Some(postgres) => Server::start_on(postgres).await,
            None => Server::start().await,
        };
        let acme = Tenant::create(server.app(), "acme").await;
        act::write(server.app(), &acme.chat, "a message that a search finds").await;
        let operator = operators_cookie(server.app()).await;
        let folder = server.stop().await;
        let url = postgres.map(Postgres::url);
        let flags = url.iter().flat_map(|url| ["--database-url", url.as_str()]).chain(["--rate-limits", "off"]);
        let process = Process::start(folder.path(), &flags.collect::<Vec<_>>()).await;
        let candidate = Browser::open_at(&process.url).await;
        assert_eq!(candidate.post(&format!("/c/{}", acme.chat.link), &[]).await.status, 303);
        let browsers = vec![
            (By::Owner, Browser::of_at(&process.url, &acme.owner.cookie()).await),
            (By::Recruiter, Browser::of_at(&process.url, &acme.recruiter.cookie()).await),
            (By::Colleague, Browser::of_at(&process.url, &acme.colleague.cookie()).await),
            (By::Operator, Browser::of_at(&process.url, &operator).await),
            (By::Candidate, candidate),
            (By::Anybody, Browser::open_at(&process.url).await),
        ];
        let runner = TestRunner::new(Config::default());
        Self { process, _folder: folder, acme, browsers, runner, texts: texts().boxed(), typed: 0 }
    }

    fn text(&mut self) -> String {
        self.typed += 1;
        self.texts.new_tree(&mut self.runner).unwrap().current()
    }

    fn browser(&self, by: By) -> &Browser {
        &self.browsers.iter().find(|(who, _)| *who == by).unwrap().1
    }

    async fn forms(&mut self) {
        let secrets = Secrets { link: self.acme.chat.link.clone(), ..Secrets::guessed() };
        for form in forms(&About { at: &self.acme, of: &self.acme, secrets: &secrets }) {
            for field in 0..form.fields.len() {
                let mut changed: Form = form.clone();
                changed.fields[field].1 = self.text();
                expect_answer(&changed, changed.send(self.browser(form.by))).await;
            }
        }
    }

    async fn calls(&mut self) {
        for call in calls(&self.acme, &LeaseToken("made up".to_owned())) {
            let mut changed = Vec::new();
            match &call.carried {
                Carried::Nothing => {}
                Carried::Csv(csv) => changed.push(Carried::Csv(format!("{csv}{},{}\n", self.text(), self.text()))),
                Carried::Json(fields) => {
                    for name in fields.as_object().unwrap().keys() {
                        for value in [json!(self.text()), json!([self.text()])] {
                            let mut fields = fields.clone();
                            fields[name] = value;
                            changed.push(Carried::Json(fields));
                        }
                    }
                }
            }
            let mut tried: Vec<Call> = changed.into_iter().map(|carried| Call { carried, ..call.clone() }).collect();
            if call.method == "get" {
                let id = byte_serialize(self.text().as_bytes()).collect();
                tried.push(Call { id, ..call.clone() });
            }
            for name in call.query.trim_start_matches('?').split('&').filter_map(|pair| pair.split('=').next()) {
                let value: String = byte_serialize(self.text().as_bytes()).take(2_000).collect();
                tried.push(Call { query: format!("?{name}={value}"), ..call.clone() });
            }
            for call in tried {
                expect_answer(&call, self.browser(By::Anybody).make(&call, &self.acme.token)).await;
            }
        }
    }

    async fn pages(&mut self) {
        for (by, start) in PAGES {
            let typed: String = byte_serialize(self.text().as_bytes()).take(2_000).collect();
            let address = format!("{start}{typed}");
            expect_answer(&address, self.browser(by).get(&address)).await;
        }
    }

    async fn searches(&mut self) {
        for _ in 0..SEARCHES {
            let typed: String = byte_serialize(self.text().as_bytes()).take(2_000).collect();
            for address in [format!("/o/acme/search?q={typed}"), format!("/o/acme/search?q=a+{typed}")] {
                let answer = expect_answer(&address, self.browser(By::Owner).get(&address)).await;
                assert_eq!(answer.status, 200, "{address}");
            }
        }
    }

    async fn sockets(&mut self) {
        let (url, namespace) = (self.process.url.clone(), self.acme.namespace());
        let member = Socket::enter_at(&url, &namespace, json!({ "token": self.acme.token })).await;
        let candidate = Socket::enter_at(&url, &namespace, json!({ "link": self.acme.chat.link })).await;
        for request in REQUESTS.iter().filter(|request| request.who != Who::Operators) {
            for field in request.fields {
                for socket in [&member, &candidate] {
                    let text = self.text();
                    let value = if matches!(field.kind, Kind::Texts | Kind::Ids) { json!([text]) } else { json!(text) };
                    let mut payload: Map<String, Value> = sound(request, &self.acme);
                    payload.insert(field.name.to_owned(), value);
                    let payload = Value::Object(payload);
                    let answer = timeout(LIMIT, socket.send(request.name, &payload)).await;
                    let answer = answer.unwrap_or_else(|_| panic!("{} {payload} takes too long", request.name));
                    let answer = answer.unwrap_or_else(|_| panic!("{} {payload} ended the socket", request.name));
                    assert_ne!(answer["error"]["code"], "internal", "{} {payload}: {answer}", request.name);
                }
            }
        }
    }
}

/// An answer in time that is no fault of the server's.
async fn expect_answer(what: &impl Debug, answer: impl Future<Output = Answer>) -> Answer {
    let began = Instant::now();
    let answer = timeout(LIMIT, answer).await.unwrap_or_else(|_| panic!("{what:?} takes longer than {LIMIT:?}"));
    assert!(answer.status < 500, "{} after {:?} to {what:?}", answer.status, began.elapsed());
    answer
}

async fn whatever_is_typed_is_answered(postgres: Option<Postgres>) {
    let mut typing = Typing::open(postgres.as_ref()).await;
    typing.pages().await;
    let before = typing.process.resident();
    for _ in 0..ROUNDS {
        typing.forms().await;
        typing.calls().await;
        typing.pages().await;
        typing.sockets().await;
    }
    typing.searches().await;
    let most = typing.process.holds("VmHWM");
    assert!(most < before + GROWTH, "the server took {before} kB, and {most} kB at most after {} texts", typing.typed);
    assert!(!typing.process.log().contains("panicked"), "{}", typing.process.log());
    assert!(typing.typed > 1_000, "{}", typing.typed);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_text_is_typed_is_answered_in_time_and_memory() {
    whatever_is_typed_is_answered(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_text_is_typed_is_answered_in_time_and_memory_on_postgresql() {
    whatever_is_typed_is_answered(Some(Postgres::start())).await;
}
