//! Named SQL: one text for both engines, a second only where they differ.

/// One statement. The texts are constants; values are bound, never written into them.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// Its name, for messages and tests.
    pub name: &'static str,
    /// What SQLite runs.
    pub sqlite: &'static str,
    /// What PostgreSQL runs.
    pub postgres: &'static str,
}

impl Statement {
    /// Whether it changes anything.
    #[must_use]
    pub const fn writes(&self) -> bool {
        matches!(self.sqlite.as_bytes().first(), Some(b'I' | b'U' | b'D'))
    }
}

/// Declares a module's statements and lists them in `STATEMENTS`, from where a test takes them to prepare each on both
/// engines.
macro_rules! statements {
    (@one $name:ident $both:expr) => {
        $crate::store::statement::Statement { name: stringify!($name), sqlite: $both, postgres: $both }
    };
    (@one $name:ident $sqlite:expr, $postgres:expr) => {
        $crate::store::statement::Statement { name: stringify!($name), sqlite: $sqlite, postgres: $postgres }
    };
    ($($name:ident = $sqlite:expr $(, postgres $postgres:expr)?;)*) => {
        $(const $name: $crate::store::statement::Statement =
            $crate::store::statement::statements!(@one $name $sqlite $(, $postgres)?);)*

        /// This module's statements.
        pub const STATEMENTS: &[$crate::store::statement::Statement] = &[$($name),*];
    };
}

/// Runs an expression on the engine behind a connection: `on_backend!(conn, STATEMENT, |c, sql| …)`. The expression is
/// compiled once for each engine and gives `Result<_, sqlx::Error>`.
macro_rules! on_backend {
    ($conn:expr, $statement:expr, |$c:ident, $sql:ident| $run:expr) => {{
        let conn: &mut $crate::store::backend::Conn = $conn;
        let statement: $crate::store::statement::Statement = $statement;
        let outcome = match conn.engine() {
            $crate::store::backend::Engine::Sqlite(connection) => {
                let ($c, $sql) = (&mut **connection, statement.sqlite);
                $run
            }
            $crate::store::backend::Engine::Postgres(connection) => {
                let ($c, $sql) = (&mut **connection, statement.postgres);
                $run
            }
        };
        conn.record(statement, outcome)
    }};
}

/// All rows: `fetch_all!(conn, STATEMENT, value, …)`, each value bound in its turn.
macro_rules! fetch_all {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql| sqlx::query_as(sql)$(.bind($value))*.fetch_all(c).await)
    };
}

/// The row, if there is one.
macro_rules! fetch_optional {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql| sqlx::query_as(sql)$(.bind($value))*.fetch_optional(c).await)
    };
}

/// The one row.
macro_rules! fetch_one {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql| sqlx::query_as(sql)$(.bind($value))*.fetch_one(c).await)
    };
}

/// How many rows were changed.
macro_rules! execute {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql| {
            sqlx::query(sql)$(.bind($value))*.execute(c).await.map(|done| done.rows_affected())
        })
    };
}

pub(crate) use {execute, fetch_all, fetch_one, fetch_optional, on_backend, statements};
