//! What to open in the example: printed at every start, and kept beside the data, since the store has only hashes.

use std::{
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use serde::{Deserialize, Serialize};
use url::Url;

/// The file in the data folder.
const FILE: &str = "demo.json";

/// How to enter the example organization.
#[derive(Debug, Serialize, Deserialize)]
pub struct Guide {
    /// Its slug.
    pub organization: String,
    /// The recruiters.
    pub recruiters: Vec<SignIn>,
    /// Its owner, who runs the installation too.
    pub operator: SignIn,
    /// Two candidates' chat links.
    pub links: Vec<ChatLink>,
}

/// How somebody signs in.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// The address.
    pub email: String,
    /// The generated password.
    pub password: String,
}

/// How a candidate comes in.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChatLink {
    /// Whose it is.
    pub candidate: String,
    /// The last segment of the address.
    pub secret: String,
}

impl Guide {
    /// Keeps it for the next start, readable by this user alone.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn keep(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(folder.join(FILE))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()
    }

    /// What an earlier start kept; `None` where there is nothing that can be read.
    #[must_use]
    pub fn kept(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()
    }

    /// The addresses to open, for a terminal.
    #[must_use]
    pub fn text(&self, public_url: &Url) -> String {
        let mut text = format!("The example organization {} is ready. Open:\n", self.organization);
        let mut line = |who: &str, path: &str, how: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {who:<11}{public_url}{path}  {how}");
        };
        for recruiter in &self.recruiters {
            line("Recruiter", "sign-in", &format!("{}  {}", recruiter.email, recruiter.password));
        }
        for link in &self.links {
            line("Candidate", &format!("c/{}", link.secret), &link.candidate);
        }
        line("Admin", "admin", &format!("{}  {}", self.operator.email, self.operator.password));
        text
    }
}
