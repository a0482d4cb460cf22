//! The migrations of both engines have the same tables and columns in the same order; a table may have a view for a twin.

use std::{collections::BTreeMap, fs};

use super::{assert_none, root, word};

/// Tables that serve the search of one engine alone.
const SEARCH_ALONE: [&str; 1] = ["search_changed"];

/// The tables of a migration with the names of their columns, in order.
fn tables(sql: &str) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::new();
    let mut open: Option<(String, Vec<String>)> = None;
    for line in sql.lines().map(str::trim).filter(|line| !line.starts_with("--")) {
        if let Some(rest) = line.strip_prefix("CREATE VIEW ") {
            let columns =
                rest.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(columns, _)| columns);
            tables.insert(word(rest), columns.split(", ").map(str::to_owned).collect());
        } else if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            open = Some((word(rest), Vec::new()));
        } else if line.starts_with(')') {
            tables.extend(open.take().filter(|(name, _)| !SEARCH_ALONE.contains(&name.as_str())));
        } else if let Some((_, columns)) = &mut open {
            let first = word(line);
            // The full-text index of the one and the column of the other serve the search alone.
            if !["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "row", "search"].contains(&first.as_str()) {
                columns.push(first);
            }
        }
    }
    tables
}

fn differing_twins(sqlite: &[(String, String)], postgres: &[(String, String)]) -> Vec<String> {
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if names(sqlite) != names(postgres) {
        return vec![format!("{:?} and {:?}", names(sqlite), names(postgres))];
    }
    let mut faults = Vec::new();
    for ((name, one), (_, other)) in sqlite.iter().zip(postgres) {
        let (one, other) = (tables(one), tables(other));
        for table in one.keys().chain(other.keys()) {
            if one.get(table) != other.get(table) {
                faults.push(format!("{name}, {table}: {:?} and {:?}", one.get(table), other.get(table)));
            }
        }
    }
    faults.dedup();
    faults
}

fn migrations(engine: &str) -> Vec<(String, String)> {
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
    };
    let mut all: Vec<_> = fs::read_dir(root().join("migrations").join(engine)).unwrap().map(read).collect();
    all.sort();
    all
}

#[test]
fn the_migrations_are_twins() {
    let file = |column: &str| {
        vec![("1.sql".to_owned(), format!("CREATE TABLE people (\n    id BLOB,\n    {column} TEXT\n) STRICT;"))]
    };
    assert_eq!(differing_twins(&file("name"), &file("names")).len(), 1, "the rule can fail");
    let (sqlite, postgres) = (migrations("sqlite"), migrations("postgres"));
    assert!(sqlite.iter().map(|(_, sql)| tables(sql).len()).sum::<usize>() > 10, "tables are found");
    assert_none("twins", &differing_twins(&sqlite, &postgres));
}
