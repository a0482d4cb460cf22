//! Large databases: many conversations of ten messages each, one in ten of which waits for an answer. They are made once
//! and kept, since making the largest takes minutes.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use hearback::{
    app::search,
    clock::Clock,
    domain::{
        access::Member,
        candidate::Candidate,
        conversation::CandidateBrief,
        ids::{ConversationId, Id, OrganizationId, ProjectId},
        link::{ChatLink, Secret},
        message::{Author, AuthorKind, Message, MessageKind},
        organization::Slug,
        problem::Problem,
        queue::{Place, QueueEntry},
        text::{Name, preview},
        time::Timestamp,
    },
    store::{Change, Tx, candidates, conversations, links, messages, queue},
};

use crate::{
    folder::Folder,
    office::{Desk, failed, profile},
    random::Random,
};

/// Messages in each conversation.
const MESSAGES: u32 = 10;
/// Conversations in each project.
const OF_A_PROJECT: usize = 1_000;
/// Conversations written in one transaction.
const AT_ONCE: usize = 100;
/// A word that ten conversations hold, however many there are.
pub const RARE_WORD: &str = "kaleidoscope";
/// A word that many messages hold.
pub const COMMON_WORD: &str = "salary";

/// Gives the folder of a database with that many conversations, making it where it is not there yet.
pub async fn with(output: &std::path::Path, count: usize) -> Result<PathBuf> {
    // Another layout of the database is another archive.
    let layout = fs::read_to_string("migrations/sqlite/0001_house.sql").context("run this in the project's folder")?;
    let mark = layout
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let path = output.join(format!("archive-{count}-{mark:016x}"));
    if !path.exists() {
        eprintln!("making a database of {count} conversations");
        let folder = Folder::new(output)?;
        fill(&folder, count).await?;
        fs::rename(folder.path(), &path)?;
    }
    Ok(path)
}

async fn fill(folder: &Folder, count: usize) -> Result<()> {
    let start = Clock::system().now().plus(-chrono::TimeDelta::days(30));
    let clock = Clock::manual(start);
    let desk = Desk::open(folder.path(), clock.clone()).await?;
    let owner = desk.found().await?;
    let mut project = None;
    for first in (0..count).step_by(AT_ONCE) {
        if first % OF_A_PROJECT == 0 {
            project = Some(desk.project(&owner, &format!("Project {}", first / OF_A_PROJECT)).await?);
        }
        let project = project.context("the first conversation begins a project")?;
        clock.set(clock.now().plus(chrono::TimeDelta::seconds(20)));
        let numbers = first..(first + AT_ONCE).min(count);
        desk.app.store.commit(Fill { owner: owner.clone(), project, numbers }).await.map_err(failed)?;
        search::catch_up(&desk.app).await.map_err(failed)?;
    }
    desk.close().await
}

/// Adds that many empty organizations.
pub async fn add_organizations(desk: &Desk, count: usize) -> Result<()> {
    use hearback::{app::organizations, domain::access::Operator};
    for number in 0..count {
        let slug = Slug::parse(&format!("other-{number}")).map_err(failed)?;
        let name = Name::parse("name", &format!("Other {number}")).map_err(failed)?;
        organizations::create(&desk.app, Operator::command_line(), slug, name).await.map_err(failed)?;
    }
    Ok(())
}

/// Some conversations with all that is in them.
struct Fill {
    owner: Member,
    project: ProjectId,
    numbers: std::ops::Range<usize>,
}

impl Change for Fill {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        for number in self.numbers.clone() {
            let mut random = Random::new(number as u64);
            let candidate = self.candidate(tx, number).await?;
            let conversation = self.conversation(tx, &candidate, &mut random).await?;
            self.write(tx, &candidate, conversation, number, &mut random).await?;
        }
        Ok(())
    }
}

impl Fill {
    fn organization(&self) -> OrganizationId {
        self.owner.organization
    }

    async fn candidate(&self, tx: &mut Tx, number: usize) -> Result<Candidate, Problem> {
        let profile = profile(&format!("Alex Archive {number}"))?;
        let candidate = Candidate { id: tx.new_id(), organization: self.organization(), profile, created_at: tx.now() };
        candidates::insert(&mut tx.conn, &candidate).await?;
        Ok(candidate)
    }

    async fn conversation(
        &self,
        tx: &mut Tx,
        candidate: &Candidate,
        random: &mut Random,
    ) -> Result<ConversationId, Problem> {
        let (id, now, organization) = (tx.new_id(), tx.now(), self.organization());
        candidates::insert_conversation(&mut tx.conn, organization, id, self.project, candidate.id, now).await?;
        let link = ChatLink {
            id: tx.new_id(),
            organization,
            conversation: id,
            expires_at: now.plus(chrono::TimeDelta::days(90)),
            revoked_at: None,
            created_at: now,
        };
        let mut secret = [0; 32];
        secret.iter_mut().for_each(|byte| *byte = random.next().to_le_bytes()[0]);
        links::insert(&mut tx.conn, &link, Secret::from_random(secret).hash(), &self.owner.name).await?;
        Ok(id)
    }

    /// The messages, by turns; the last is the team's, or the candidate's in one conversation of ten, which then waits.
    async fn write(
        &self,
        tx: &mut Tx,
        candidate: &Candidate,
        conversation: ConversationId,
        number: usize,
        random: &mut Random,
    ) -> Result<(), Problem> {
        let organization = self.organization();
        let waits = number.is_multiple_of(10);
        let side =
            Author { kind: AuthorKind::Candidate, id: candidate.id.uuid(), name: candidate.profile.name.clone() };
        let (mut seq, mut body, mut at) = (0, String::new(), tx.now());
        for turn in 0..MESSAGES {
            at = at.plus(chrono::TimeDelta::milliseconds(100));
            let author = if (turn % 2 == 1) == waits { side.clone() } else { self.owner.author() };
            body = random.text(100 + random.clone().below(200));
            if number < 10 && turn == 0 {
                body.insert_str(0, &format!("{RARE_WORD} "));
            }
            seq = conversations::next_seq(&mut tx.conn, organization, conversation, at).await?;
            let message = message(tx, (conversation, seq), author, body.clone(), at, random);
            messages::insert(&mut tx.conn, organization, &message).await?;
        }
        let reached = conversations::reach(&mut tx.conn, organization, conversation, None).await?;
        let reached = reached.ok_or_else(Problem::not_found)?;
        let handled = if waits { seq - 1 } else { seq };
        conversations::set_handled(&mut tx.conn, &reached.conversation, handled).await?;
        conversations::set_read(&mut tx.conn, &reached.conversation, conversations::Side::Team, handled).await?;
        if waits {
            let place = Place {
                organization,
                project: self.project,
                conversation,
                candidate: CandidateBrief { id: candidate.id, name: candidate.profile.name.clone() },
                priority: reached.conversation.priority,
                targets: reached.targets,
                now: at,
            };
            let entry = QueueEntry::first(tx.new_id(), place, seq, preview(&body));
            queue::insert(&mut tx.conn, &entry, at).await?;
        }
        Ok(())
    }
}

fn message(
    tx: &Tx,
    (conversation, seq): (ConversationId, i64),
    author: Author,
    body: String,
    created_at: Timestamp,
    random: &mut Random,
) -> Message {
    Message {
        id: tx.new_id(),
        conversation,
        seq,
        kind: MessageKind::Text,
        author,
        body,
        attachments: Vec::new(),
        client_id: random.uuid().into(),
        created_at,
        edited_at: None,
        deleted: false,
        read_by_other: false,
    }
}
