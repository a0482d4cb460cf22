//! The forms of the pages: each field empty, too long, of a wrong kind, with NUL, with half a character; one more field.

use crate::harness::{
    Browser, Server, Tenant, act,
    dump::difference,
    forms::{About, By, Form, Secrets, forms},
    tenant::operators_cookie,
};

/// What does not fit a field, by what it takes.
fn unfit(form: &Form, field: &str) -> Vec<String> {
    let long = "a".repeat(11_000);
    let texts: &[&str] = match field {
        "body" | "name" => &["", " \n", "a\u{0}b", &long],
        // Candidates may have none.
        "email" if form.route.contains("candidates") => &["nobody", "a\u{0}b@example.org", &long],
        "email" => &["", "nobody", "a\u{0}b@example.org", "a@b@example.org", &long],
        "slug" => &["", "No Slug", "-", "admin\u{0}", &long],
        "password" => &["", "short", &long],
        "phone" | "external_id" | "labels" | "labels_shown" | "lease" => &["a\u{0}b", &long],
        "locale" | "time_zone" => &["a\u{0}b", "no such thing", &long],
        "client_id" | "current" | "token" => &["", "other", "\u{0}", &long],
        "project" | "assignee" | "member" | "organization" | "act" | "role" | "status" | "priority" | "snooze"
        | "snooze_at" | "then" => &["other", "\u{0}", &long],
        "seen_seq" => &["", "other", "-1", "1.5", "99999999999999999999", "\u{0}"],
        "urgent" | "normal" | "low" => {
            &["", "0", "-1", "1.5", "other", "9223372036854775807", "-9223372036854775808", "99999999999999999999"]
        }
        "shown" if form.route.contains("projects") => &["other", "\u{0}", &long],
        "take_over" | "restricted" | "shown_restricted" | "with_labels" | "shared_device" => &["", "maybe", "\u{0}"],
        "file" => &["", "\u{0}", "colour\nred\n"],
        "zone" => &["Nowhere/Land", "\u{0}", &long],
        // Whatever is said: a box is ticked, nobody is led out of the house, and no field is as it was shown.
        "operator" | "return_to" | "shown" | "shown_name" => &[],
        new => panic!("what does not fit {new}? Say so in tests/it/bad_input/forms.rs"),
    };
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// An organization with a waiting conversation, and browsers of those for whom its forms are.
pub struct Office {
    pub server: Server,
    pub acme: Tenant,
    pub forms: Vec<Form>,
    browsers: Vec<(By, Browser)>,
}

impl Office {
    pub async fn open() -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        act::write(server.app(), &acme.chat, "Hello").await;
        let candidate = Browser::open(&server).await;
        assert_eq!(candidate.post(&format!("/c/{}", acme.chat.link), &[]).await.status, 303);
        let operator = operators_cookie(server.app()).await;
        let browsers = vec![
            (By::Owner, Browser::of(&server, &acme.owner.cookie()).await),
            (By::Recruiter, Browser::of(&server, &acme.recruiter.cookie()).await),
            (By::Colleague, Browser::of(&server, &acme.colleague.cookie()).await),
            (By::Operator, Browser::of(&server, &operator).await),
            (By::Candidate, candidate),
            (By::Anybody, Browser::open(&server).await),
        ];
        let secrets = Secrets { link: acme.chat.link.clone(), ..Secrets::guessed() };
        let forms = forms(&About { at: &acme, of: &acme, secrets: &secrets });
        Self { server, acme, forms, browsers }
    }

    pub fn browser_of(&self, who: By) -> &Browser {
        &self.browsers.iter().find(|(by, _)| *by == who).unwrap().1
    }

    fn browser(&self, form: &Form) -> &Browser {
        self.browser_of(form.by)
    }
}

fn with(form: &Form, name: &'static str, value: &str) -> Form {
    let mut changed = form.clone();
    changed.fields.retain(|(field, _)| *field != name);
    changed.fields.push((name, value.to_owned()));
    changed
}

#[tokio::test(flavor = "multi_thread")]
async fn each_field_that_does_not_fit_is_refused() {
    let office = Office::open().await;
    let before = office.server.dump().await;
    let mut tried = 0;
    for form in &office.forms {
        for (name, _) in &form.fields {
            for value in unfit(form, name) {
                let answer = with(form, name, &value).send(office.browser(form)).await;
                let at = format!("{} {name}={value:.40?}: {}", form.address, answer.status);
                assert!((400..500).contains(&answer.status), "{at} {:?}", answer.location);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
    let mut changed = difference(&before, &office.server.dump().await);
    // A wrong password is written down, and that is all.
    changed.retain(|row| !row.starts_with("+ audit_entries: ") || !row.contains("_failed'"));
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_no_form_has_is_refused() {
    let office = Office::open().await;
    let before = office.server.dump().await;
    for form in &office.forms {
        let answer = with(form, "colour", "red").send(office.browser(form)).await;
        assert!((400..500).contains(&answer.status), "{}: {} {:?}", form.address, answer.status, answer.location);
    }
    let changed = difference(&before, &office.server.dump().await);
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_character_and_a_form_that_is_none_end_no_server() {
    let office = Office::open().await;
    for form in &office.forms {
        for body in ["%ED%A0%80", "body=%ED%A0%80&name=%ED%A0%80&act=%ED%A0%80", "%", "=&=&==", "\u{0}", "body"] {
            let answer = office.browser(form).post_text(&form.address, body).await;
            assert!((300..500).contains(&answer.status), "{} {body}: {}", form.address, answer.status);
        }
    }
}
