//! New passwords, and what must not stand in them.

use std::fmt;

use zxcvbn::zxcvbn;

use super::{problem::Problem, text::Name, user::Email};

/// The shortest word of a person's name, address or organization that a password must not contain, in characters.
const MIN_WORD: usize = 4;

/// How many guesses a password withstands at least, as a power of ten, by zxcvbn's count.
const MIN_GUESSES_LOG10: f64 = 8.5;

/// A new password: 12 to 256 characters, not easy to guess, without the person's own words. Never stored as it is.
pub struct Password(String);

impl Password {
    /// Parses a password that a person chooses.
    ///
    /// # Errors
    /// `invalid` on `password` when it is too short, contains one of the person's own words or is easy to guess; `too_large`
    /// over 256 characters.
    pub fn parse(raw: &str, own: &OwnWords) -> Result<Self, Problem> {
        let length = raw.chars().count();
        if length < 12 {
            return Err(Problem::invalid("password", "A password has at least 12 characters."));
        }
        if length > 256 {
            return Err(Problem::too_large("password", "A password has at most 256 characters."));
        }
        let lower = raw.to_lowercase();
        if own.0.iter().any(|word| lower.contains(word)) {
            return Err(Problem::invalid(
                "password",
                "Leave your name, e-mail address and organization out of the password.",
            ));
        }
        let words: Vec<&str> = own.0.iter().map(String::as_str).chain(["hearback"]).collect();
        if zxcvbn(raw, &words).guesses_log10() < MIN_GUESSES_LOG10 {
            return Err(Problem::invalid("password", "This password is too easy to guess."));
        }
        Ok(Self(raw.to_owned()))
    }

    /// The password itself, for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The words by which others know a person: from the name, the e-mail address and the organizations, in lower case, each of
/// at least four characters.
#[derive(Clone, Debug, Default)]
pub struct OwnWords(Vec<String>);

impl OwnWords {
    /// The words of a person's name and address.
    #[must_use]
    pub fn of(name: &Name, email: &Email) -> Self {
        // The last label, such as `com`, belongs to everyone.
        let address = email.as_str().rsplit_once('.').map_or(email.as_str(), |(address, _)| address);
        Self::default().and(name).and(address)
    }

    /// Those of an organization's name, too.
    #[must_use]
    pub fn and(mut self, name: &str) -> Self {
        let words = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        self.0.extend(words.filter(|word| word.chars().count() >= MIN_WORD));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::problem::Code;

    fn own() -> OwnWords {
        let name = Name::parse("name", "Jonas Weber").unwrap();
        let email = Email::parse("email", "jo.hires@northworks.example").unwrap();
        OwnWords::of(&name, &email).and("Acme Works & Co")
    }

    fn refusal(raw: &str) -> String {
        Password::parse(raw, &own()).expect_err(raw).message.into_owned()
    }

    #[test]
    fn a_password_holds_nothing_that_others_know_of_the_person() {
        let hints = [
            "jo.hires@northworks.example",
            "JONAS and the big whale",
            "a weber on the river",
            "she hires at sunset",
            "northworks by the river",
            "the aCMe of all mountains",
        ];
        for raw in hints {
            assert!(refusal(raw).starts_with("Leave your name"), "{raw}");
        }
        // Short pieces and the address's last part are in many words.
        for raw in ["a cozy joke by the river", "an example of calm seas"] {
            Password::parse(raw, &own()).expect(raw);
        }
    }

    #[test]
    fn a_password_is_not_easy_to_guess() {
        let easy =
            ["Summer2026!!", "password1234", "aaaaaaaaaaaaaaaa", "qwertyuiop12", "hearbackhearback", "Passw0rd2026!"];
        for raw in easy {
            assert_eq!(refusal(raw), "This password is too easy to guess.", "{raw}");
        }
        for raw in ["a long walk by the river", "a walk in the rain", "four words of my own", "a long password"] {
            Password::parse(raw, &own()).expect(raw);
        }
    }

    #[test]
    fn a_password_has_12_to_256_characters() {
        assert_eq!(refusal("eleven char"), "A password has at least 12 characters.");
        let long = |length: usize| "Vq8 zu7 kX1 mR5 ".repeat(17).chars().take(length).collect::<String>();
        Password::parse(&long(256), &own()).expect("256 characters");
        assert_eq!(Password::parse(&long(257), &own()).expect_err("257").code, Code::TooLarge);
    }
}
