//! What operators do with organizations.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Deserialize;

use super::{Nothing, overview::answer};
use crate::{
    app::organizations,
    domain::{ids::OrganizationId, organization::Slug, problem::Problem, text::Name},
    web::{WebState, csrf::Csrf, form::Form, session::OperatorSession},
};

/// A new one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct New {
    slug: String,
    name: String,
}

/// `POST /admin/organizations`
pub async fn create(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Form(form): Form<New>,
) -> Result<Response, Problem> {
    let act = async {
        let (slug, name) = (Slug::parse(form.slug.trim())?, Name::parse("name", &form.name)?);
        organizations::create(&state.app, operator.operator, slug, name).await?;
        Ok("organization-created")
    };
    answer(&state, &operator, &csrf, act.await).await
}

/// `POST /admin/organizations/{organization}/suspend`
pub async fn suspend(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(organization): Path<OrganizationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = organizations::suspend(&state.app, operator.operator, organization).await.map(|()| "suspended");
    answer(&state, &operator, &csrf, done).await
}

/// `POST /admin/organizations/{organization}/restore`
pub async fn restore(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(organization): Path<OrganizationId>,
    Form(Nothing {}): Form<Nothing>,
) -> Result<Response, Problem> {
    let done = organizations::restore(&state.app, operator.operator, organization).await.map(|()| "restored");
    answer(&state, &operator, &csrf, done).await
}

/// Asking first: the slug has to be typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    slug: String,
}

/// `POST /admin/organizations/{organization}/remove`
pub async fn remove(
    State(state): State<WebState>,
    operator: OperatorSession,
    csrf: Csrf,
    Path(organization): Path<OrganizationId>,
    Form(form): Form<Confirmed>,
) -> Result<Response, Problem> {
    let act = async {
        let found = organizations::by_id(&state.app, organization).await?;
        if found.slug.as_str() != form.slug.trim() {
            return Err(Problem::invalid(
                "slug",
                "Nothing was removed: what you typed is not this organization's slug.",
            ));
        }
        organizations::remove(&state.app, operator.operator, organization).await?;
        Ok("removed")
    };
    answer(&state, &operator, &csrf, act.await).await
}
