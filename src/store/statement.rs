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

/// Runs an expression on the engine behind a connection: `on_backend!(conn, STATEMENT, |c, sql, values| …)`. The
/// expression is compiled once for each engine, adds to the values and gives `Result<_, sqlx::Error>`.
macro_rules! on_backend {
    ($conn:expr, $statement:expr, |$c:ident, $sql:ident, $values:ident| $run:expr) => {{
        let conn: &mut $crate::store::backend::Conn = $conn;
        let statement: $crate::store::statement::Statement = $statement;
        let outcome = match conn.parts() {
            ($crate::store::backend::Engine::Sqlite(connection), ahead) => {
                let $c = &mut **connection;
                let ($sql, $values) = ahead.followed_by(statement.sqlite);
                $run
            }
            ($crate::store::backend::Engine::Postgres(connection), _) => {
                let ($c, $sql, $values) =
                    (&mut **connection, statement.postgres, sqlx::postgres::PgArguments::default());
                $run
            }
        };
        conn.record(statement, outcome)
    }};
}

/// All rows: `fetch_all!(conn, STATEMENT, value, …)`, each value bound in its turn.
macro_rules! fetch_all {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql, values| sqlx::query_as_with(sql, values)$(.bind($value))*.fetch_all(c).await)
    };
}

/// The row, if there is one.
macro_rules! fetch_optional {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql, values| sqlx::query_as_with(sql, values)$(.bind($value))*.fetch_optional(c).await)
    };
}

/// The one row.
macro_rules! fetch_one {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql, values| sqlx::query_as_with(sql, values)$(.bind($value))*.fetch_one(c).await)
    };
}

/// How many rows were changed; by this one, not by what was said before it.
macro_rules! execute {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {
        $crate::store::statement::on_backend!($conn, $statement, |c, sql, values| {
            let results = sqlx::Executor::execute_many(c, sqlx::query_with(sql, values)$(.bind($value))*);
            futures::TryStreamExt::try_fold(results, 0, |_, done| futures::future::ok(done.rows_affected())).await
        })
    };
}

/// Writes, and asks nothing: on SQLite together with what comes next, see [`super::ahead`].
macro_rules! write_later {
    ($conn:expr, $statement:expr $(, $value:expr)* $(,)?) => {{
        let conn: &mut $crate::store::backend::Conn = $conn;
        if conn.is_only_writer() {
            conn.say_later($statement, |ahead| {
                $(ahead.bind($value)?;)*
                Ok(())
            })
        } else {
            $crate::store::statement::execute!(conn, $statement $(, $value)*).map(drop)
        }
    }};
}

pub(crate) use {execute, fetch_all, fetch_one, fetch_optional, on_backend, statements, write_later};
