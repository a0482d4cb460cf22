//! Hashing passwords: argon2id, away from the tasks that answer, and few at a time since each takes 19 MiB.

use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::{
    clock::random_bytes,
    domain::{
        password::Password,
        problem::{Code, Problem},
    },
};

/// How many passwords are hashed at a time.
static ROOM: Semaphore = Semaphore::const_new(2);

/// Hashes a new password, in PHC form.
///
/// # Errors
/// `internal` when the hashing fails.
pub async fn hash(password: &Password) -> Result<String, Problem> {
    let password = password.expose().to_owned();
    apart(move || compute(&password)).await?
}

/// Whether `attempt` is the password behind `hash`. Takes the same time where there is no hash.
///
/// # Errors
/// `internal` when the hashing fails.
pub async fn verify(attempt: &str, hash: Option<String>) -> Result<bool, Problem> {
    // Nobody's password is longer, and hashing a megabyte for a stranger is work for nothing.
    let attempt: String = attempt.chars().take(257).collect();
    apart(move || match hash {
        Some(hash) => Ok(Argon2::default().verify_password(attempt.as_bytes(), hash.as_str()).is_ok()),
        None => compute(&attempt).map(|_| false),
    })
    .await?
}

fn compute(password: &str) -> Result<String, Problem> {
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &random_bytes::<16>())
        .map(|hash| hash.to_string())
        .map_err(|error| Problem::internal(error.to_string()))
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = |_| Problem::new(Code::Busy, "The server is stopping. Please try again.");
    let _permit = ROOM.acquire().await.map_err(busy)?;
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)
}
