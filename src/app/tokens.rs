//! API tokens: programs as actors of one organization.

use chrono::TimeDelta;

use super::{App, access, queue};
pub use crate::store::tokens::TokenRow as ApiToken;
use crate::{
    domain::{
        access::{Actor, Identity, Member, Operator, Whence},
        audit::{Act, Action, By, Subject, SubjectKind},
        event::{Event, Kicked},
        ids::{ApiTokenId, Id, OrganizationId},
        link::{Secret, SecretHash},
        message::AuthorKind,
        organization::Organization,
        problem::Problem,
        session::EndReason,
        text::Name,
        user::Role,
    },
    store::{Change, Tx, audit, organizations, tokens},
};

struct Create {
    organization: OrganizationId,
    name: Name,
    role: Role,
    secret: SecretHash,
    by: By,
}

/// Makes a token; its secret is shown this once. For owners.
///
/// # Errors
/// `forbidden` for others, `invalid` for the role of an owner.
pub async fn create(app: &App, actor: &Actor, name: Name, role: Role) -> Result<(ApiToken, Secret), Problem> {
    let owner = access::member_with(actor, Role::Owner)?;
    create_in(app, owner, owner.organization, name, role).await
}

/// Makes a token from the command line.
///
/// # Errors
/// `not_found` for the organization, `invalid` for the role of an owner.
pub async fn create_for(
    app: &App,
    operator: Operator,
    organization: OrganizationId,
    name: Name,
    role: Role,
) -> Result<(ApiToken, Secret), Problem> {
    create_in(app, operator, organization, name, role).await
}

async fn create_in(
    app: &App,
    by: impl Into<By>,
    organization: OrganizationId,
    name: Name,
    role: Role,
) -> Result<(ApiToken, Secret), Problem> {
    if role == Role::Owner {
        return Err(Problem::invalid("role", "A token's role is recruiter or viewer."));
    }
    let secret = app.clock.new_secret();
    let create = Create { organization, name, role, secret: secret.hash(), by: by.into() };
    let token = app.store.commit(create).await?;
    Ok((token, secret))
}

impl Change for Create {
    type Output = ApiToken;

    async fn apply(&self, tx: &mut Tx) -> Result<ApiToken, Problem> {
        organizations::find(&mut tx.conn, self.organization).await?.ok_or_else(Problem::not_found)?;
        let token = ApiToken {
            id: tx.new_id(),
            name: self.name.clone(),
            role: self.role,
            last_used_at: None,
            revoked_at: None,
            created_at: tx.now(),
        };
        tokens::insert(&mut tx.conn, self.organization, &token, self.secret).await?;
        let act = Act::new(self.by.clone(), Action::TokenCreated).within(self.organization);
        audit::record(tx, act.on(Subject::of(SubjectKind::ApiToken, token.id)).fact("role", self.role)).await?;
        Ok(token)
    }
}

/// All tokens of the organization, revoked ones too. For owners.
///
/// # Errors
/// `forbidden` for others.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<ApiToken>, Problem> {
    access::member_with(actor, Role::Owner)?;
    let mut conn = app.store.read().await?;
    Ok(tokens::list(&mut conn, actor.organization()).await?)
}

struct Revoke {
    organization: OrganizationId,
    id: ApiTokenId,
    by: By,
}

/// Ends a token, at once. For owners.
///
/// # Errors
/// `forbidden` for others, `not_found`.
pub async fn revoke(app: &App, actor: &Actor, id: ApiTokenId) -> Result<(), Problem> {
    let owner = access::member_with(actor, Role::Owner)?;
    app.store.commit(Revoke { organization: owner.organization, id, by: owner.into() }).await
}

impl Change for Revoke {
    type Output = ();

    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        if !tokens::revoke(&mut tx.conn, self.organization, self.id, now).await? {
            return Err(Problem::not_found());
        }
        queue::release_in(tx, AuthorKind::Api, self.id.uuid(), Some(self.organization)).await?;
        tx.announce(Event::Kicked { who: Kicked::ApiToken(self.id.uuid()), reason: EndReason::Removed });
        let act = Act::new(self.by.clone(), Action::TokenRevoked).within(self.organization);
        audit::record(tx, act.on(Subject::of(SubjectKind::ApiToken, self.id))).await?;
        Ok(())
    }
}

struct Touch(ApiTokenId);

impl Change for Touch {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        Ok(tokens::touch(&mut tx.conn, self.0, now).await?)
    }
}

/// Who a token is; `None` for no good one, a suspended organization's included.
///
/// # Errors
/// The store's. That the last use could not be kept is no error.
pub async fn resume(app: &App, raw: &str, whence: Whence) -> Result<Option<(Organization, Actor)>, Problem> {
    let Some(secret) = Secret::parse(raw) else { return Ok(None) };
    let found = {
        let mut conn = app.store.read().await?;
        tokens::find(&mut conn, secret.hash()).await?
    };
    let Some((organization, token)) = found else { return Ok(None) };
    let now = app.clock.now();
    if token.last_used_at.is_none_or(|last| now.since(last) >= TimeDelta::minutes(1))
        && let Err(problem) = app.store.commit(Touch(token.id)).await
    {
        tracing::warn!(%problem, "the last use of a token was not kept");
    }
    let member = Member {
        organization: organization.id,
        identity: Identity::Api(token.id),
        name: token.name,
        role: token.role,
        whence,
    };
    Ok(Some((organization, Actor::Member(member))))
}

/// The member that a token stands for in one organization.
///
/// # Errors
/// `unauthorized` for no good token of that organization.
pub async fn member(
    app: &App,
    organization: OrganizationId,
    secret: &Secret,
    whence: Whence,
) -> Result<Member, Problem> {
    let found = resume(app, secret.expose(), whence).await?;
    let (_, actor) = found.filter(|(of, _)| of.id == organization).ok_or_else(Problem::unauthorized)?;
    actor.member().cloned()
}
