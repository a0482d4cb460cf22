//! Who looks at a recruiter's page, and where.

use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    app::App,
    domain::{
        access::{Actor, Member},
        organization::Organization,
        problem::Problem,
    },
    view::frame::{Frame, Other},
    web::{WebState, csrf::Csrf, session::InOrganization},
};

/// A member in an organization of theirs: the slug stands in the path, the session in a cookie.
pub struct Here {
    pub app: App,
    pub organization: Organization,
    pub actor: Actor,
    pub member: Member,
    csrf: Csrf,
    others: Vec<Other>,
}

impl FromRequestParts<WebState> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Problem> {
        let app = state.app.clone();
        let csrf = Csrf::from_request_parts(parts, state).await?;
        let InOrganization { signed_in, organization, actor } =
            InOrganization::from_request_parts(parts, state).await?;
        let member = actor.member()?.clone();
        let others = signed_in
            .memberships
            .into_iter()
            .filter(|(other, _)| other.id != organization.id && other.suspended_at.is_none())
            .map(|(other, _)| Other { slug: other.slug, name: other.name })
            .collect();
        Ok(Self { app, organization, actor, member, csrf, others })
    }
}

impl Here {
    /// The frame of a page in this section of the bar.
    pub fn frame(&self, section: &'static str) -> Frame {
        let mut frame =
            Frame::new(&self.organization, &self.member, self.csrf.token().to_owned(), section, self.app.clock.now());
        frame.others.clone_from(&self.others);
        frame
    }

    /// The address of the dashboard.
    pub fn home(&self) -> String {
        format!("/o/{}", self.organization.slug)
    }

    /// Leads on to a page of this organization, so that loading it again sends nothing again.
    pub fn to(&self, rest: &str) -> Response {
        Redirect::to(&format!("{}{rest}", self.home())).into_response()
    }

    /// What a form's `csrf` field is compared with, where [`crate::web::form::Form`] cannot read the form.
    pub const fn csrf(&self) -> &Csrf {
        &self.csrf
    }
}
