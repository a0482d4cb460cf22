//! Messages, notes, announcements and names through every way in.

use serde_json::{Value, json};

use crate::{
    harness::{Browser, Server, Socket, Tenant, act::client_id},
    rest::client::Client,
};

/// An organization and all of its ways in.
struct Ways {
    acme: Tenant,
    rest: Client,
    recruiter: Socket,
    page: Browser,
    candidate: Socket,
    _server: Server,
}

impl Ways {
    async fn open() -> Self {
        let server = Server::start().await;
        let acme = Tenant::create(server.app(), "acme").await;
        let rest = Client::new(&server, &acme.token).await;
        let recruiter = Socket::enter_by_cookie(&server, &acme.namespace(), &acme.recruiter.cookie()).await;
        let page = Browser::of(&server, &acme.recruiter.cookie()).await;
        let candidate = Socket::enter(&server, &acme.namespace(), json!({ "link": acme.chat.link })).await;
        Self { acme, rest, recruiter, page, candidate, _server: server }
    }

    fn conversation(&self) -> String {
        self.acme.chat.conversation.to_string()
    }

    fn post(&self, body: &str) -> Value {
        json!({ "conversation": self.conversation(), "client_id": client_id(), "body": body, "seen_seq": 0 })
    }

    async fn post_by_rest(&self, body: &str) -> (u16, Value) {
        let message = json!({ "client_id": client_id(), "body": body, "seen_seq": 0 });
        self.rest.call("post", "/conversations/{id}/messages", &self.conversation(), Some(message)).await
    }

    /// The status that a form gets.
    async fn post_by_form(&self, kind: &str, body: &str) -> u16 {
        let path = format!("/o/acme/conversations/{}/{kind}", self.conversation());
        let fields = [("body", body), ("client_id", &client_id().to_string()), ("seen_seq", "0")];
        self.page.post(&path, &fields).await.status
    }

    async fn last_body(&self) -> String {
        let history = self.recruiter.ask("message:history", json!({ "conversation": self.conversation() })).await;
        history["messages"].as_array().unwrap().last().unwrap()["body"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_text_is_stored_alike_by_rest_socket_and_form() {
    let ways = Ways::open().await;
    let line = "😀".repeat(475) + "\n";
    // 9,990 characters with 20 breaks, as a person typed them and as a form sends them.
    let typed = line.repeat(20) + &"x".repeat(470);
    assert_eq!(typed.chars().count(), 9_990);
    assert_eq!(ways.post_by_form("messages", &typed.replace('\n', "\r\n")).await, 303);
    assert_eq!(ways.last_body().await, typed);
    for breaks in ["\n", "\r\n", "\r"] {
        let sent = typed.replace('\n', breaks);
        let posted = ways.recruiter.ask("message:post", ways.post(&sent)).await;
        assert_eq!(posted["message"]["body"], typed, "{breaks:?} by socket");
        let (status, posted) = ways.post_by_rest(&sent).await;
        assert_eq!((status, &posted["message"]["body"]), (201, &json!(typed)), "{breaks:?} by REST");
    }
    let too_long = "😀".repeat(10_001);
    assert_eq!(ways.post_by_form("messages", &too_long).await, 413);
    assert_eq!(ways.recruiter.refused("message:post", ways.post(&too_long)).await, "too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_or_a_name_that_shows_nothing_is_refused_everywhere() {
    let ways = Ways::open().await;
    let project = ways.acme.project.id.to_string();
    for nothing in [
        "\u{200b}",
        "\u{202e}",
        "\u{ad}",
        "\u{3164}",
        "\u{115f}",
        "\u{fe0f}",
        "\u{2060}",
        "\u{2800}",
        "\u{feff} \u{200d}",
    ] {
        assert_eq!(ways.post_by_rest(nothing).await.0, 400, "{nothing:?}");
        assert_eq!(ways.post_by_form("messages", nothing).await, 400);
        assert_eq!(ways.post_by_form("notes", nothing).await, 400);
        for (socket, request) in
            [(&ways.recruiter, "message:post"), (&ways.recruiter, "note:post"), (&ways.candidate, "message:post")]
        {
            let mut post = ways.post(nothing);
            if request == "note:post" {
                post.as_object_mut().unwrap().remove("seen_seq");
            }
            assert_eq!(socket.refused(request, post).await, "invalid", "{request} {nothing:?}");
        }
        let announcement = json!({ "project": project, "client_id": client_id(), "body": nothing });
        assert_eq!(ways.recruiter.refused("announcement:post", announcement).await, "invalid");
        let labels = json!({ "conversation": ways.conversation(), "labels": [nothing] });
        assert_eq!(ways.recruiter.refused("conversation:update", labels).await, "invalid");
        assert_eq!(ways.rest.call("post", "/projects", "", Some(json!({ "name": nothing }))).await.0, 400);
        let candidate = json!({ "name": nothing });
        assert_eq!(ways.rest.call("post", "/projects/{id}/candidates", &project, Some(candidate)).await.0, 400);
    }
    for seen in ["👍", "👩🏽\u{200d}🚀", "❤\u{fe0f}", "🇦🇹"] {
        let posted = ways.candidate.ask("message:post", ways.post(seen)).await;
        assert_eq!(posted["message"]["body"], seen);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_placeholder_of_the_team_is_refused_and_named() {
    let ways = Ways::open().await;
    let text = "Hello {{first_nam}}, welcome";
    let says = |problem: &Value| {
        assert_eq!((&problem["code"], &problem["field"]), (&json!("invalid"), &json!("body")), "{problem}");
        assert!(problem.to_string().contains("This still contains a placeholder: {{first_nam}}."), "{problem}");
    };
    says(&ways.recruiter.request("message:post", ways.post(text)).await["error"]);
    let announcement = |body: &str| json!({ "project": ways.acme.project.id, "client_id": client_id(), "body": body });
    says(&ways.recruiter.request("announcement:post", announcement(text)).await["error"]);
    says(&ways.post_by_rest(text).await.1);
    assert_eq!(ways.post_by_form("messages", text).await, 400);
    for act in ["preview", "send"] {
        let page = format!("/o/acme/projects/{}/announcements", ways.acme.project.id);
        let fields = [("act", act), ("body", text), ("client_id", &client_id().to_string())];
        let refused = ways.page.post(&page, &fields).await;
        assert!(refused.status == 400 && refused.text.contains("{{first_nam}}."), "{act}: {}", refused.text);
    }
    // A note goes to nobody else, and a candidate writes what they like.
    assert_eq!(ways.post_by_form("notes", text).await, 303);
    assert_eq!(ways.candidate.ask("message:post", ways.post(text)).await["message"]["body"], text);
    // Meant literally.
    let literal = ways.recruiter.ask("message:post", ways.post("Type \\{{name}} there")).await;
    assert_eq!(literal["message"]["body"], "Type {{name}} there");
    let announced = ways.recruiter.ask("announcement:post", announcement("Type \\{{name}} there")).await;
    assert_eq!(announced["announcement"]["body"], "Type {{name}} there");
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_are_of_the_years_that_can_be_written_and_a_snooze_is_at_most_five_years() {
    let ways = Ways::open().await;
    let snooze = |until: &str| json!({ "status": "snoozed", "snooze_until": until });
    let now = hearback::clock::Clock::system().now();
    let ahead = |days: i64| now.plus(chrono::TimeDelta::days(days)).to_string();
    let beyond = ["+262142-01-01T00:00:00Z".to_owned(), "9999-12-31T23:59:59Z".to_owned(), ahead(5 * 366 + 1)];
    for until in beyond {
        let (status, problem) =
            ways.rest.call("patch", "/conversations/{id}", &ways.conversation(), Some(snooze(&until))).await;
        assert_eq!((status, &problem["field"]), (400, &json!("snooze_until")), "{until}: {problem}");
        let mut request = snooze(&until);
        request["conversation"] = json!(ways.conversation());
        assert_eq!(ways.recruiter.refused("conversation:update", request).await, "invalid");
    }
    let (status, _) =
        ways.rest.call("patch", "/conversations/{id}", &ways.conversation(), Some(snooze(&ahead(5 * 365)))).await;
    assert_eq!(status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_with_a_name_twice_is_refused() {
    let ways = Ways::open().await;
    let answer = ways
        .rest
        .ask("post", "/projects", "", "", Some(("application/json", r#"{"name":"a","name":"b"}"#.to_owned())))
        .await;
    assert_eq!((answer.0, &answer.1["code"]), (400, &json!("invalid")));
    let (_, list) = ways.rest.call("get", "/projects", "", None).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "none was made");
}
