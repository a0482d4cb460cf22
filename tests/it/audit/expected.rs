//! What each form of the pages leaves in the log. A form that is added needs its line here.

use crate::harness::forms::Form;

/// The actions in their order; most forms of daily work leave none.
pub fn actions(form: &Form) -> &'static [&'static str] {
    let act = form.fields.iter().find(|(name, _)| *name == "act").map_or("", |(_, value)| value.as_str());
    match (form.route, act) {
        ("/c/{token}", _) => &["link.opened"],
        ("/chat/{conversation}/leave", _) => &["link.left"],
        ("/setup" | "/account/password", _) => &["password.changed"],
        ("/sign-in", _) => &["session.signed_in"],
        // The session that is ended there is their own.
        ("/sign-out" | "/account/sessions/{session}/end", _) => &["session.signed_out"],
        ("/o/{slug}/conversations/{id}/link", "renew") => &["link.issued"],
        ("/o/{slug}/conversations/{id}/link", _) => &["link.revoked"],
        ("/o/{slug}/projects", _) => &["project.created"],
        ("/o/{slug}/projects/{id}", "rename") => &["project.renamed"],
        ("/o/{slug}/projects/{id}", "team") => &["project.team_changed"],
        ("/o/{slug}/projects/{id}", "close") => &["project.closed"],
        ("/o/{slug}/projects/{id}", "reopen") => &["project.opened"],
        ("/o/{slug}/projects/{id}/candidates", _) => &["candidate.added"],
        // One of its two rows has no name.
        ("/o/{slug}/projects/{id}/import", "import") => &["candidates.imported", "candidate.added"],
        ("/o/{slug}/candidates/{candidate}", _) => &["candidate.changed"],
        ("/o/{slug}/candidates/{candidate}/erase", _) => &["candidate.erased"],
        ("/o/{slug}/settings/members", _) => &["invitation.created"],
        ("/o/{slug}/settings/invitations/{invitation}", "renew") => &["invitation.renewed"],
        ("/o/{slug}/settings/invitations/{invitation}", _) => &["invitation.withdrawn"],
        ("/o/{slug}/settings/members/{user}", "role") => &["member.role_changed"],
        ("/o/{slug}/settings/members/{user}", _) => &["member.removed"],
        ("/o/{slug}/settings/targets", _) => &["organization.changed"],
        ("/o/{slug}/settings/tokens", _) => &["token.created"],
        ("/o/{slug}/settings/tokens/{token}", _) => &["token.revoked"],
        ("/admin/organizations", _) => &["organization.created"],
        ("/admin/users", _) => &["user.created"],
        ("/admin/sessions/{session}/end", _) => &["session.ended"],
        ("/admin/jobs/{job}/retry", _) => &["job.retried"],
        ("/admin/jobs/{job}/discard", _) => &["job.discarded"],
        ("/admin/alerts/{alert}/acknowledge", _) => &["alert.acknowledged"],
        ("/admin/users/{user}/invite", _) => &["user.invited"],
        ("/admin/users/{user}/remove", _) => &["user.removed"],
        ("/admin/users/{user}/restore", _) => &["user.restored"],
        ("/admin/organizations/{organization}/suspend", _) => &["organization.suspended"],
        ("/admin/organizations/{organization}/restore", _) => &["organization.restored"],
        ("/admin/organizations/{organization}/remove", _) => &["organization.removed"],
        (
            "/c/{token}/new"
            // Nobody is signed in there.
            | "/setup/accept"
            // None of that name is known.
            | "/admin/servers/{node}/forget"
            | "/chat/{conversation}/messages"
            | "/account/sessions/end-others"
            | "/o/{slug}/next"
            | "/o/{slug}/conversations/{id}/claim"
            | "/o/{slug}/conversations/{id}/release"
            | "/o/{slug}/conversations/{id}/messages"
            | "/o/{slug}/conversations/{id}/notes"
            | "/o/{slug}/conversations/{id}/update"
            | "/o/{slug}/conversations/{id}/resolve"
            | "/o/{slug}/conversations/{id}/put-back"
            | "/o/{slug}/projects/{id}/announcements"
            | "/o/{slug}/projects/{id}/import",
            _,
        ) => &[],
        (unknown, _) => panic!("what does {unknown} leave in the audit log? Say so in tests/it/audit/expected.rs"),
    }
}
