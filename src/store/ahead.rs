//! What a transaction on SQLite has to say before its next statement.
//!
//! Each statement costs a way to the connection's thread and back, which is more than most of them take there. So what
//! is asked nothing, such as the beginning of a transaction and most of what it writes, waits for the next statement
//! whose answer is needed, or for the commit, and goes along with it.

use sqlx::{
    Arguments, AssertSqlSafe, Encode, SqlSafeStr, SqlStr, Sqlite, Type, error::BoxDynError, sqlite::SqliteArguments,
};

/// Statements that wait, in their order, with what is bound to them.
#[derive(Debug, Default)]
pub struct Ahead {
    texts: String,
    arguments: SqliteArguments,
}

impl Ahead {
    /// One more; its values follow by [`Ahead::bind`].
    pub(super) fn push(&mut self, sql: &str) {
        number_from(self.arguments.len(), sql, &mut self.texts);
        self.texts.push(';');
    }

    /// The next value of the statement that was pushed last.
    pub(super) fn bind<'v>(&mut self, value: impl Encode<'v, Sqlite> + Type<Sqlite>) -> Result<(), BoxDynError> {
        self.arguments.add(value)
    }

    /// A statement after all that wait, and their values, to which it adds its own.
    pub(super) fn followed_by(&mut self, sql: &'static str) -> (SqlStr, SqliteArguments) {
        if self.texts.is_empty() {
            return (sql.into_sql_str(), SqliteArguments::default());
        }
        let Self { mut texts, arguments } = std::mem::take(self);
        number_from(arguments.len(), sql, &mut texts);
        // Made of nothing but the house's own constants.
        (AssertSqlSafe(texts).into_sql_str(), arguments)
    }

    /// Forgets them all; whether `first` was the first of them.
    pub(super) fn take_back(&mut self, first: &str) -> bool {
        std::mem::take(self).texts.starts_with(first)
    }
}

/// Copies a statement; its `$1` becomes the value after so many.
fn number_from(values: usize, sql: &str, to: &mut String) {
    if values == 0 {
        return to.push_str(sql);
    }
    let mut parts = sql.split('$');
    to.push_str(parts.next().unwrap_or_default());
    for part in parts {
        to.push('$');
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        match part[..digits].parse::<usize>() {
            Ok(number) => to.push_str(&(number + values).to_string()),
            // Not a value: a path into JSON.
            Err(_) => to.push_str(&part[..digits]),
        }
        to.push_str(&part[digits..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_finds_its_own_values() {
        let mut ahead = Ahead::default();
        ahead.push("BEGIN");
        ahead.push("UPDATE a SET b = $2 WHERE c = $1");
        ahead.bind(7).unwrap();
        ahead.bind("x").unwrap();
        ahead.push("INSERT INTO d SELECT v ->> '$.e' FROM json_each($1)");
        ahead.bind("[]").unwrap();
        let (sql, arguments) = ahead.followed_by("SELECT $1, $10");
        assert_eq!(
            sql.as_str(),
            "BEGIN;UPDATE a SET b = $2 WHERE c = $1;INSERT INTO d SELECT v ->> '$.e' FROM json_each($3);SELECT $4, $13"
        );
        assert_eq!(arguments.len(), 3);
        assert_eq!(ahead.followed_by("SELECT $1").0.as_str(), "SELECT $1", "they have been said");
    }
}
