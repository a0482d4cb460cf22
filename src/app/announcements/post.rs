//! Posting an announcement: one row, however many candidates read it.

use crate::{
    app::{App, access},
    domain::{
        access::Actor,
        announcement::Announcement,
        event::{Carried, Event, SocketId},
        ids::{ClientId, ProjectId},
        problem::Problem,
        text::Body,
        user::Role,
    },
    store::{Change, Tx, announcements},
};

/// An announcement to be posted.
#[derive(Clone, Debug)]
pub struct PostAnnouncement {
    /// The project.
    pub project: ProjectId,
    /// The client's own id for it.
    pub client_id: ClientId,
    /// The text.
    pub body: Body,
    /// The socket that asks and needs no announcement.
    pub origin: Option<SocketId>,
}

/// A posted announcement.
#[derive(Clone, Debug)]
pub struct PostedAnnouncement {
    /// The announcement as it stands in the store.
    pub announcement: Announcement,
    /// Whether it stood there already.
    pub duplicate: bool,
}

/// Posts an announcement to all candidates of a project.
///
/// # Errors
/// `invalid` for a placeholder, `not_found`, `forbidden` for candidates and viewers, `rate_limited`, `project_closed`.
pub async fn post(app: &App, actor: &Actor, mut post: PostAnnouncement) -> Result<PostedAnnouncement, Problem> {
    post.body = post.body.without_placeholders()?;
    if let Actor::Member(member) = actor
        && let Err(limited) = app.limits.member_writes(member.organization, member.id())
    {
        access::project_to_write_to(app, actor, post.project).await?;
        return Err(limited);
    }
    app.store.commit(WriteAnnouncement { actor: actor.clone(), post }).await
}

struct WriteAnnouncement {
    actor: Actor,
    post: PostAnnouncement,
}

impl Change for WriteAnnouncement {
    type Output = PostedAnnouncement;

    // It locks the project, which others lock before conversations.
    fn runs_alone(&self) -> bool {
        true
    }

    async fn apply(&self, tx: &mut Tx) -> Result<PostedAnnouncement, Problem> {
        let PostAnnouncement { project, client_id, body, origin } = &self.post;
        let reached = access::project_of_announcements(&mut tx.conn, &self.actor, *project).await?;
        self.actor.member()?.require(Role::Recruiter)?;
        let (organization, author) = (self.actor.organization(), self.actor.author());
        if let Some(announcement) =
            announcements::find_by_client_id(&mut tx.conn, *project, &author, *client_id).await?
        {
            return Ok(PostedAnnouncement { announcement, duplicate: true });
        }
        reached.require_open()?;
        let seq = announcements::next_seq(&mut tx.conn, organization, *project).await?;
        let announcement = Announcement {
            id: tx.new_id(),
            project: *project,
            seq,
            author,
            body: body.clone(),
            client_id: *client_id,
            created_at: tx.now(),
        };
        announcements::insert(&mut tx.conn, organization, &announcement).await?;
        tx.announce(Event::AnnouncementPosted {
            organization,
            project: *project,
            seq,
            origin: origin.clone(),
            announcement: Carried::new(announcement.clone()),
        });
        Ok(PostedAnnouncement { announcement, duplicate: false })
    }
}
