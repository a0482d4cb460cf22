//! Every form of the pages, filled in so that nothing about it can be refused. The order is one in which those whom it is
//! for are let do all of it; the same forms from strangers are refused for whose it is.

use hearback::web::routes::{self, Who};
use reqwest::Method;

use super::{
    Browser, Tenant,
    act::{client_id, soon},
    browser::Answer,
};

pub use super::secrets::Secrets;

/// Who may send it, of the organization that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Owner,
    Recruiter,
    Colleague,
    Candidate,
    Operator,
    /// Whoever knows the address or what stands in the form.
    Anybody,
}

/// A form that is filled in.
#[derive(Clone, Debug)]
pub struct Form {
    /// The path as the router has it.
    pub route: &'static str,
    /// The path with its ids.
    pub address: String,
    pub by: By,
    pub fields: Vec<(&'static str, String)>,
    /// Whether it carries a file.
    pub upload: bool,
}

impl Form {
    pub async fn send(&self, browser: &Browser) -> Answer {
        let fields: Vec<_> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if self.upload {
            browser.upload(&self.address, &fields).await
        } else {
            browser.post(&self.address, &fields).await
        }
    }

    pub fn who(&self) -> Who {
        let all = routes::all();
        let of = all.list().iter().find(|route| route.path == self.route && route.method == Method::POST);
        of.unwrap_or_else(|| panic!("there is no form at {}", self.route)).who
    }

    /// Whether it names something of an organization beside the organization itself.
    pub fn names_something(&self) -> bool {
        self.route.trim_start_matches("/o/{slug}").contains('{')
            || self.fields.iter().any(|(name, _)| *name == "project")
    }
}

/// Whose slug stands in the path, whose ids stand in it and in the fields, and what else is known.
pub struct About<'a> {
    pub at: &'a Tenant,
    pub of: &'a Tenant,
    pub secrets: &'a Secrets,
}

/// Every form.
pub fn forms(about: &About) -> Vec<Form> {
    [
        about.candidates_and_guests(),
        about.conversation(),
        about.projects(),
        about.candidates(),
        about.account(),
        about.settings(),
        about.operators(),
    ]
    .concat()
}

/// A form that was added later needs an entry above.
pub fn assert_complete(forms: &[Form]) {
    let mut filled: Vec<_> = forms.iter().map(|form| form.route.to_owned()).collect();
    let all = routes::all();
    let those = all.list().iter().filter(|route| route.method == Method::POST && route.who != Who::Api);
    let mut listed: Vec<_> = those.map(|route| route.path.clone()).collect();
    filled.sort();
    filled.dedup();
    listed.sort();
    assert_eq!(filled, listed, "each form needs its entry in tests/it/harness/forms.rs");
}

type Fields<'a> = &'a [(&'static str, &'a str)];

impl About<'_> {
    fn form(&self, by: By, route: &'static str, fields: Fields) -> Form {
        let of = self.of;
        let person = match by {
            By::Colleague => &of.colleague,
            By::Operator => &of.viewer,
            _ => &of.recruiter,
        };
        let part = |part: &str| match part {
            "{slug}" => self.at.organization.slug.as_str().to_owned(),
            "{conversation}" => of.chat.conversation.to_string(),
            "{id}" if route.contains("/projects/") => of.project.id.to_string(),
            "{id}" if route.contains("/conversations/") => of.chat.conversation.to_string(),
            "{organization}" => of.organization.id.to_string(),
            "{candidate}" => of.chat.added.candidate.id.to_string(),
            "{user}" => of.colleague.id.to_string(),
            "{invitation}" => of.invitation.to_string(),
            "{session}" => person.session_id.to_string(),
            "{alert}" => of.alert.to_string(),
            "{node}" => format!("gone-{}", of.organization.slug),
            "{job}" => of.jobs[usize::from(route.ends_with("/discard"))].to_string(),
            "{token}" if route.contains("/tokens/") => of.api.member().unwrap().id().to_string(),
            "{token}" => self.secrets.link.clone(),
            unknown if unknown.starts_with('{') => panic!("what stands for {unknown} in {route}?"),
            fixed => fixed.to_owned(),
        };
        let address = route.split('/').map(part).collect::<Vec<_>>().join("/");
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Form { route, address, by, fields, upload: false }
    }

    fn owners(&self, route: &'static str, fields: Fields) -> Form {
        self.form(By::Owner, route, fields)
    }

    fn candidates_and_guests(&self) -> Vec<Form> {
        let (client, Secrets { invitation, password, .. }) = (client_id().to_string(), self.secrets);
        let owner = format!("owner@{}.example", self.of.organization.slug);
        let chosen: Fields = &[
            ("token", invitation),
            ("name", "Somebody"),
            ("email", "some@example.org"),
            ("password", "a walk in the rain"),
        ];
        vec![
            self.form(By::Anybody, "/c/{token}", &[("shared_device", "true")]),
            self.form(By::Anybody, "/c/{token}/new", &[]),
            self.form(By::Candidate, "/chat/{conversation}/messages", &[("body", "hello"), ("client_id", &client)]),
            self.form(By::Candidate, "/chat/{conversation}/leave", &[]),
            self.form(By::Anybody, "/setup", chosen),
            self.form(By::Anybody, "/setup/accept", &[("token", &self.secrets.offer)]),
            self.form(By::Anybody, "/sign-in", &[("email", &owner), ("password", password), ("return_to", "/account")]),
            self.form(By::Anybody, "/sign-out", &[("return_to", "/sign-in")]),
        ]
    }

    fn conversation(&self) -> Vec<Form> {
        let (project, client) = (self.of.project.id.to_string(), client_id().to_string());
        let (recruiter, update) = (self.of.recruiter.id.to_string(), "/o/{slug}/conversations/{id}/update");
        let soon = soon().to_datetime().format("%Y-%m-%dT09:00").to_string();
        let reply: Fields =
            &[("body", "hello"), ("client_id", &client), ("seen_seq", "0"), ("lease", "none"), ("take_over", "true")];
        // The composer is one form for both, so that a note comes with what a reply would need.
        let note: Fields = &[("body", "hello"), ("client_id", &client), ("seen_seq", "1")];
        let change: Fields = &[
            ("status", "open"),
            ("assignee", &recruiter),
            ("priority", "low"),
            ("labels", "second round, offer"),
            ("labels_shown", "offer"),
            ("with_labels", "true"),
        ];
        vec![
            self.owners("/o/{slug}/next", &[("project", &project)]),
            self.owners("/o/{slug}/conversations/{id}/claim", &[("take_over", "true")]),
            self.owners("/o/{slug}/conversations/{id}/release", &[]),
            self.owners("/o/{slug}/conversations/{id}/messages", reply),
            self.owners("/o/{slug}/conversations/{id}/notes", note),
            self.owners(update, change),
            self.owners(update, &[("snooze", "custom"), ("snooze_at", &soon), ("zone", "Europe/Vienna")]),
            self.owners(update, &[("status", "open")]),
            self.owners("/o/{slug}/conversations/{id}/resolve", &[("then", "next"), ("seen_seq", "99")]),
            self.owners("/o/{slug}/conversations/{id}/put-back", &[]),
            self.owners("/o/{slug}/conversations/{id}/link", &[("act", "renew")]),
            self.owners("/o/{slug}/conversations/{id}/link", &[("act", "revoke")]),
        ]
    }

    fn projects(&self) -> Vec<Form> {
        let (recruiter, client) = (self.of.recruiter.id.to_string(), client_id().to_string());
        let (one, announcements) = ("/o/{slug}/projects/{id}", "/o/{slug}/projects/{id}/announcements");
        let announce = |act| -> Vec<(&'static str, String)> {
            vec![("act", act), ("body", "hello".to_owned()), ("client_id", client.clone())]
        };
        let announcement = |act: &str| Form { fields: announce(act.to_owned()), ..self.owners(announcements, &[]) };
        vec![
            self.owners("/o/{slug}/projects", &[("name", "Tram driver"), ("restricted", "true")]),
            self.owners(one, &[("act", "rename"), ("name", "Renamed"), ("shown_name", "Named")]),
            self.owners(
                one,
                &[
                    ("act", "team"),
                    ("restricted", "false"),
                    ("shown_restricted", "false"),
                    ("member", &recruiter),
                    ("shown", ""),
                ],
            ),
            self.owners(one, &[("act", "close")]),
            self.owners(one, &[("act", "reopen")]),
            announcement("preview"),
            announcement("send"),
        ]
    }

    fn candidates(&self) -> Vec<Form> {
        let candidate = |name| -> Vec<(&'static str, String)> {
            let fields = [
                ("name", name),
                ("email", "ada@example.org"),
                ("phone", "+43 1 234567"),
                ("locale", "de-AT"),
                ("time_zone", "Europe/Vienna"),
                ("external_id", ""),
            ];
            fields.map(|(name, value)| (name, value.to_owned())).into()
        };
        let file = "name,email\nEve,eve@example.org\n,nobody@example.org\n";
        let import = |act| {
            let form = self.owners("/o/{slug}/projects/{id}/import", &[("act", act), ("file", file)]);
            Form { upload: true, ..form }
        };
        let one = self.owners("/o/{slug}/candidates/{candidate}", &[]);
        let new = self.owners("/o/{slug}/projects/{id}/candidates", &[]);
        vec![
            Form { fields: [candidate("Renamed"), vec![("shown", "name=Ada".to_owned())]].concat(), ..one },
            Form { fields: candidate("Ada"), ..new },
            import("try"),
            import("rejected"),
            import("import"),
            self.owners("/o/{slug}/candidates/{candidate}/erase", &[]),
        ]
    }

    fn settings(&self) -> Vec<Form> {
        let (member, invitation) = ("/o/{slug}/settings/members/{user}", "/o/{slug}/settings/invitations/{invitation}");
        let new: Fields = &[("name", "Nora"), ("email", "nora@example.org"), ("role", "recruiter")];
        vec![
            self.owners("/o/{slug}/settings/members", new),
            self.owners(invitation, &[("act", "renew")]),
            self.owners(invitation, &[("act", "withdraw")]),
            self.owners(member, &[("act", "role"), ("role", "viewer")]),
            self.owners(member, &[("act", "remove")]),
            self.owners("/o/{slug}/settings/targets", &[("urgent", "5"), ("normal", "50"), ("low", "500")]),
            self.owners("/o/{slug}/settings/tokens", &[("name", "Program"), ("role", "recruiter")]),
            self.owners("/o/{slug}/settings/tokens/{token}", &[]),
        ]
    }

    fn account(&self) -> Vec<Form> {
        let passwords: Fields = &[("current", &self.secrets.password), ("password", "a walk in the rain")];
        vec![
            self.form(By::Recruiter, "/account/sessions/end-others", &[]),
            self.form(By::Recruiter, "/account/password", passwords),
            self.form(By::Colleague, "/account/sessions/{session}/end", &[]),
        ]
    }

    fn operators(&self) -> Vec<Form> {
        let (slug, organization) = (self.of.organization.slug.as_str(), self.of.organization.id.to_string());
        let user: Fields = &[
            ("email", "new@example.org"),
            ("name", "New"),
            ("organization", &organization),
            ("role", "viewer"),
            ("operator", "yes"),
        ];
        let form = |route, fields: Fields| self.form(By::Operator, route, fields);
        vec![
            form("/admin/organizations", &[("slug", "new-one"), ("name", "New one")]),
            form("/admin/users", user),
            form("/admin/sessions/{session}/end", &[]),
            form("/admin/alerts/{alert}/acknowledge", &[]),
            form("/admin/servers/{node}/forget", &[]),
            form("/admin/jobs/{job}/retry", &[]),
            form("/admin/jobs/{job}/discard", &[]),
            form("/admin/users/{user}/invite", &[]),
            form("/admin/users/{user}/remove", &[]),
            form("/admin/users/{user}/restore", &[]),
            form("/admin/organizations/{organization}/suspend", &[]),
            form("/admin/organizations/{organization}/restore", &[]),
            form("/admin/organizations/{organization}/remove", &[("slug", slug)]),
        ]
    }
}
