//! What an import would do, row by row, without doing it.

use std::collections::HashSet;

use super::{RowOutcome, RowResult, columns::Columns, file::Row};
use crate::{
    app::candidates::add::in_project_already,
    domain::{
        access::Member,
        candidate::Profile,
        ids::{CandidateId, ProjectId},
        problem::Problem,
        text::comparable,
    },
    store::{Conn, StoreError, candidates},
};

/// A dry run. It decides as the import does, which finds the rows before each in the store.
pub(super) struct Trial<'c> {
    pub(super) conn: &'c mut Conn,
    pub(super) member: &'c Member,
    pub(super) project: ProjectId,
    /// Candidates of the store who would be in the project by a row before.
    pub(super) known: HashSet<CandidateId>,
    /// By what those are known who would be new by a row before.
    pub(super) new: HashSet<Key>,
}

/// By what a person is found again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// The foreign id.
    Id(String),
    /// Address and name.
    Address(String, String),
}

fn keys(profile: &Profile) -> Vec<Key> {
    let id = profile.external_id.as_ref().map(|id| Key::Id(id.to_string()));
    let address = profile.email.as_ref().map(|email| Key::Address(email.to_string(), comparable(&profile.name)));
    id.into_iter().chain(address).collect()
}

impl Trial<'_> {
    /// What would become of a row.
    pub(super) async fn row(&mut self, columns: &Columns, row: &Row) -> Result<RowResult, Problem> {
        let (profile, mut warnings) = columns.profile(&row.cells);
        let outcome = match profile {
            Err(problem) => RowOutcome::Rejected(problem),
            Ok(profile) if self.would_add(&profile).await? => {
                warnings.extend(self.known_elsewhere(&profile).await?);
                RowOutcome::WouldAdd
            }
            Ok(_) => RowOutcome::Rejected(in_project_already()),
        };
        Ok(RowResult { line: row.line, name: columns.name(&row.cells), outcome, warnings })
    }

    async fn would_add(&mut self, profile: &Profile) -> Result<bool, StoreError> {
        let (organization, user) = (self.member.organization, self.member.user());
        // Those of the store are older, so the import finds them first, too.
        if let Some(known) = candidates::find_same(self.conn, organization, user, profile).await? {
            let is_in = candidates::conversation_in(self.conn, self.project, known.id).await?.is_some();
            return Ok(!is_in && self.known.insert(known.id));
        }
        let keys = keys(profile);
        if keys.iter().any(|key| self.new.contains(key)) {
            return Ok(false);
        }
        self.new.extend(keys);
        Ok(true)
    }

    /// Where the address is known already, for the person to say whether that is meant.
    async fn known_elsewhere(&mut self, profile: &Profile) -> Result<Option<String>, StoreError> {
        let Some(email) = &profile.email else { return Ok(None) };
        let (organization, user) = (self.member.organization, self.member.user());
        let found = candidates::projects_of_address(self.conn, organization, user, email, self.project).await?;
        let Some((name, _)) = found.first() else { return Ok(None) };
        let projects: Vec<&str> =
            found.iter().filter(|(other, _)| other == name).map(|(_, project)| &**project).collect();
        Ok(Some(format!("{name} is already in {}.", projects.join(", "))))
    }
}
