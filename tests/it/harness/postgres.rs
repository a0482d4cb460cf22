//! PostgreSQL for a test: a database of its own, or a whole server where the test kills it. Either goes with the value.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::{
    cluster::Cluster,
    run::{self, finish},
    template,
};

/// A database of PostgreSQL.
pub struct Postgres {
    port: u16,
    database: String,
    /// `None` where the server is shared with other tests.
    own: Option<(Cluster, TempDir)>,
}

impl Postgres {
    /// A database that is migrated, on the server that all tests of a run share. Without a run of nextest, as
    /// [`Postgres::own`].
    pub fn start() -> Self {
        Self::of_run("migrated")
    }

    /// As [`Postgres::start`], with nothing in it.
    pub fn empty() -> Self {
        Self::of_run("template1")
    }

    /// A server of the test's own, with an empty database, for tests that kill it or look at all of it.
    pub fn own() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cluster = Cluster::start(folder.path());
        Self { port: cluster.port, database: "postgres".to_owned(), own: Some((cluster, folder)) }
    }

    fn of_run(template: &str) -> Self {
        let Some(port) = run::shared("postgres", share) else { return Self::own() };
        let (port, database) = (port.parse().unwrap(), format!("test_{}", Uuid::new_v4().simple()));
        execute(port, format!("CREATE DATABASE {database} TEMPLATE {template}")).unwrap();
        Self { port, database, own: None }
    }

    /// Where the database is.
    pub fn url(&self) -> String {
        url(self.port, &self.database)
    }

    /// See [`Cluster::kill`].
    pub fn kill(&mut self) {
        self.cluster().kill();
    }

    /// See [`Cluster::start_again`].
    pub fn start_again(&mut self) {
        self.cluster().start_again();
    }

    fn cluster(&mut self) -> &mut Cluster {
        &mut self.own.as_mut().expect("only a server that is the test's own may be killed: use Postgres::own").0
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        match &mut self.own {
            Some((cluster, _)) => cluster.quit(),
            // Servers of the test may still be connected. What cannot be dropped goes when the run ends.
            None => drop(execute(self.port, format!("DROP DATABASE {} WITH (FORCE)", self.database))),
        }
    }
}

/// Starts the server that all tests of a run share; gives its port.
fn share(folder: &Path) -> String {
    let port = Cluster::start_shared(folder).port;
    execute(port, "CREATE DATABASE migrated".to_owned()).unwrap();
    template::migrate(&url(port, "migrated"));
    port.to_string()
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://hearback@127.0.0.1:{port}/{database}")
}

/// Executes a statement that is not about one database.
fn execute(port: u16, statement: String) -> Result<(), sqlx::Error> {
    finish(async move {
        let mut connection = PgConnection::connect(&url(port, "postgres")).await?;
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
        connection.close().await
    })
}
