//! What is in no address: secrets that a form needs.

/// What only those know who were told.
#[derive(Clone, Debug)]
pub struct Secrets {
    pub link: String,
    /// Of a link to choose a password by.
    pub invitation: String,
    /// Of a link to join an organization by.
    pub offer: String,
    pub password: String,
}

impl Secrets {
    /// Well-formed, and nobody's.
    pub fn guessed() -> Self {
        let [link, invitation, offer] = ["A", "B", "C"].map(|letter| letter.repeat(43));
        Self { link, invitation, offer, password: "not their password".to_owned() }
    }
}
