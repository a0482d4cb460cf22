//! What can be done that is written down.

macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident $name:literal $words:literal;)*) => {
        /// Something done that stands in the audit log. The names are fixed: programs filter by them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])* $action,)*
        }

        impl Action {
            /// Every one, those of a noun together.
            pub const ALL: &[Self] = &[$(Self::$action),*];

            /// The name as it stands in the store, in addresses and in files: the noun, a dot, and what was done.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                }
            }

            /// The same for people.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self {
                    $(Self::$action => $words,)*
                }
            }
        }
    };
}

actions! {
    /// An operator created an organization.
    OrganizationCreated "organization.created" "Organization created";
    /// An owner set its name or its response targets.
    OrganizationChanged "organization.changed" "Organization changed";
    /// An operator closed it to everybody.
    OrganizationSuspended "organization.suspended" "Organization suspended";
    /// An operator opened it again.
    OrganizationRestored "organization.restored" "Organization restored";
    /// An operator removed it with everything in it.
    OrganizationRemoved "organization.removed" "Organization removed";
    /// Everything of it was written to a file.
    OrganizationExported "organization.exported" "Organization exported";
    /// A user was created, with the first membership where one was given.
    UserCreated "user.created" "User created";
    /// A one-time address was made by which a user chooses a password.
    UserInvited "user.invited" "User invited";
    /// An operator took away a user's sign-in, sessions and claims.
    UserRemoved "user.removed" "User removed";
    /// An operator let a removed user in again.
    UserRestored "user.restored" "User restored";
    /// An owner invited a person into an organization.
    InvitationCreated "invitation.created" "Invitation created";
    /// An owner made a new link for an invitation; the earlier one ended.
    InvitationRenewed "invitation.renewed" "Invitation renewed";
    /// An owner took an invitation back.
    InvitationWithdrawn "invitation.withdrawn" "Invitation withdrawn";
    /// An invited person joined an organization; the account was made with it where the facts say so.
    MemberAdded "member.added" "Member added";
    /// A member's role was changed.
    MemberRoleChanged "member.role_changed" "Member’s role changed";
    /// A member was taken out of an organization.
    MemberRemoved "member.removed" "Member removed";
    /// Somebody signed in.
    SignedIn "session.signed_in" "Signed in";
    /// A wrong password, or an account that there is not or no more.
    SignInFailed "session.sign_in_failed" "Sign-in failed";
    /// Somebody signed out.
    SignedOut "session.signed_out" "Signed out";
    /// A session was ended from elsewhere: by its user or by an operator.
    SessionEnded "session.ended" "Session ended";
    /// A password was chosen or changed; every session of the user ended with it.
    PasswordChanged "password.changed" "Password changed";
    /// Somebody who is signed in did not know the current password.
    PasswordChangeFailed "password.change_failed" "Password change failed";
    /// An API token was made.
    TokenCreated "token.created" "API token created";
    /// An API token was ended.
    TokenRevoked "token.revoked" "API token revoked";
    /// A hiring project was created.
    ProjectCreated "project.created" "Project created";
    /// A project was given another name.
    ProjectRenamed "project.renamed" "Project renamed";
    /// A project was closed.
    ProjectClosed "project.closed" "Project closed";
    /// A closed project was opened again.
    ProjectOpened "project.opened" "Project opened again";
    /// Who is of a project's team was changed.
    ProjectTeamChanged "project.team_changed" "Project’s team changed";
    /// A candidate was added to a project, with a conversation and its first chat link.
    CandidateAdded "candidate.added" "Candidate added";
    /// A file of candidates was taken in; written with the first that is added. Each has an entry of its own beside it, which
    /// names this one.
    CandidatesImported "candidates.imported" "Candidates imported";
    /// What is known of a candidate was changed; which fields, not what stood in them.
    CandidateChanged "candidate.changed" "Candidate changed";
    /// A candidate's data was handed out.
    CandidateExported "candidate.exported" "Candidate exported";
    /// A candidate was erased with everything.
    CandidateErased "candidate.erased" "Candidate erased";
    /// A conversation was given a new chat link; the earlier ones ended.
    LinkIssued "link.issued" "Chat link issued";
    /// The chat links of a conversation were ended.
    LinkRevoked "link.revoked" "Chat links revoked";
    /// A candidate came in by a chat link.
    LinkOpened "link.opened" "Chat link opened";
    /// A candidate left the chat on a device.
    LinkLeft "link.left" "Chat left on a device";
    /// An operator said that they know of an alert.
    AlertAcknowledged "alert.acknowledged" "Alert acknowledged";
    /// An operator had a job tried again.
    JobRetried "job.retried" "Job tried again";
    /// An operator took a job away that was not done.
    JobDiscarded "job.discarded" "Job discarded";
    /// An operator had a server forgotten that does not come back.
    ServerForgotten "server.forgotten" "Server forgotten";
    /// An operator took the audit log out as a file.
    AuditExported "audit.exported" "Audit log exported";
}

impl Action {
    /// The action of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }
}
