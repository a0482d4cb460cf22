//! The fuzz targets borrow files of the tests' harness, one by one. They are a workspace of their own, so nothing else
//! notices when one of those files begins to use a neighbour that was not borrowed with it.

use std::fs;

use super::{File, assert_none, code, firsts_of_group, root, word};

const LIST: &str = "tests/fuzz/src/harness.rs";

/// What the borrowed files use of their neighbours that the list does not name.
fn not_borrowed(list: &str, borrowed: &[File]) -> Vec<String> {
    let mut faults = Vec::new();
    for File { path, text } in borrowed {
        let code = code(text);
        for (at, _) in code.match_indices("super::") {
            let rest = &code[at + "super::".len()..];
            let named = rest.strip_prefix('{').map_or_else(|| vec![word(rest)], firsts_of_group);
            // Modules are declared; types come from a `pub use`.
            let is_there = |name: &String| {
                let is_type = name.starts_with(char::is_uppercase);
                list.contains(&if is_type { name.clone() } else { format!("mod {name};") })
            };
            let missing = named.into_iter().filter(|name| !name.is_empty() && !is_there(name));
            faults.extend(missing.map(|name| format!("{path} uses `{name}`, which {LIST} does not name")));
        }
    }
    faults
}

#[test]
fn the_fuzz_targets_borrow_whatever_their_harness_uses() {
    let bad = File { path: "x.rs".to_owned(), text: "use super::{Server, calls::Call};\nuse super::port;".to_owned() };
    let list = "mod calls;\npub use self::{server::Server};";
    assert_eq!(not_borrowed(list, &[bad]), ["x.rs uses `port`, which tests/fuzz/src/harness.rs does not name"]);

    let list = fs::read_to_string(root().join(LIST)).unwrap();
    let paths: Vec<&str> =
        list.split("#[path = \"../../it/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!paths.is_empty(), "they borrow something");
    let borrowed: Vec<File> = paths
        .into_iter()
        .map(|path| {
            let path = format!("tests/it/{path}");
            File { text: fs::read_to_string(root().join(&path)).unwrap(), path }
        })
        .collect();
    assert_none("not borrowed", &not_borrowed(&list, &borrowed));
}
