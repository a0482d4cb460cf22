//! Candidates from files: a dry run says what the import does, and one person is one.

use hearback::{
    app::{
        candidates::{self, Import, RowOutcome},
        projects,
    },
    domain::candidate::{Profile, RawProfile},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::harness::{Browser, Hall, Server, Tenant, tenant::name};

/// Line, name and why it was left out, of each row.
fn outcomes(import: &Import) -> Vec<(u64, String, Option<String>)> {
    let row = |row: &candidates::RowResult| {
        let problem = match &row.outcome {
            RowOutcome::Rejected(problem) => Some(problem.message.to_string()),
            RowOutcome::WouldAdd | RowOutcome::Added(_) => None,
        };
        (row.line, row.name.clone(), problem)
    };
    import.rows.iter().map(row).collect()
}

/// Tries a file out and imports it; gives what both say.
async fn import(hall: &Hall, acme: &Tenant, file: &[u8]) -> Vec<(u64, String, Option<String>)> {
    let import = |dry_run| candidates::import(&hall.app, &acme.recruiter.actor, acme.project.id, file, dry_run);
    let tried = outcomes(&import(true).await.unwrap());
    let done = outcomes(&import(false).await.unwrap());
    assert_eq!(tried, done, "{}", String::from_utf8_lossy(file));
    done
}

async fn one_person_is_one(hall: Hall) {
    let acme = Tenant::create(&hall.app, "acme").await;
    let file = "name,email,id\n\
        Jörg Müller,jm@example.org,\n\
        JÖRG  MÜLLER,JM@example.org,\n\
        Jo\u{308}rg\u{a0}Mu\u{308}ller,jm@EXAMPLE.org,\n\
        \n\
        Another,jm@example.org,\n\
        Renamed,other@example.org,x1\n\
        Renamed again,third@example.org,x1\n\
        Renamed again,third@example.org,x2\n";
    let said = import(&hall, &acme, file.as_bytes()).await;
    let added: Vec<u64> = said.iter().filter(|(.., problem)| problem.is_none()).map(|(line, ..)| *line).collect();
    assert_eq!(added, [2, 6, 7, 9]);
    // Added by hand it is the same person, too.
    let raw = RawProfile { name: "jörg müller", email: Some("jm@example.org"), ..RawProfile::default() };
    let again = candidates::add(&hall.app, &acme.owner.actor, acme.project.id, Profile::parse(raw).unwrap()).await;
    assert_eq!(again.unwrap_err().code.as_str(), "conflict");
}

#[tokio::test]
async fn a_person_is_one_in_every_spelling_on_sqlite() {
    one_person_is_one(Hall::sqlite().await).await;
}

#[tokio::test]
async fn a_person_is_one_in_every_spelling_on_postgresql() {
    one_person_is_one(Hall::postgres().await).await;
}

fn files() -> impl Strategy<Value = String> {
    let names =
        prop::sample::select(vec!["Ada", "ADA", "Ma\u{308}x", "MÄX", "mäx ", "Ada  B", "ada\u{a0}b", "", "\u{200b}"]);
    let emails = prop::sample::select(vec!["", "a@example.org", "A@example.org", "b@example.org", "no address"]);
    let ids = prop::sample::select(vec!["", "", "", "1", "2", "1,2E+15"]);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\n\n"]);
    let rows = prop::collection::vec((names, emails, ids), 1..12);
    (rows, ends).prop_map(|(rows, end)| {
        let rows = rows.into_iter().map(|(name, email, id)| format!("{name};{email};\"{id}\"{end}"));
        format!("name;email;id{end}{}", rows.collect::<String>())
    })
}

async fn dry_runs_say_what_happens(hall: Hall, files_each: u32) {
    let mut runner = TestRunner::new(Config::default());
    for round in 0..files_each {
        let acme = Tenant::create(&hall.app, &format!("acme-{round}")).await;
        // Some are known from other projects, one of which the recruiter does not see.
        for (title, restricted) in [("seen", false), ("hidden", true)] {
            let owner = &acme.owner.actor;
            let project = projects::create(&hall.app, owner, name(title), restricted).await.unwrap();
            for (who, email, id) in [("Mäx", "a@example.org", "1"), ("ada b", "b@example.org", "3")] {
                let id = format!("{id}{}", if restricted { "0" } else { "" });
                let raw = RawProfile { name: who, email: Some(email), external_id: Some(&id), ..RawProfile::default() };
                candidates::add(&hall.app, owner, project.id, Profile::parse(raw).unwrap()).await.unwrap();
            }
        }
        for _ in 0..3 {
            let file = files().new_tree(&mut runner).unwrap().current();
            import(&hall, &acme, file.as_bytes()).await;
        }
    }
}

#[tokio::test]
async fn a_dry_run_and_the_import_agree_on_any_file_on_sqlite() {
    dry_runs_say_what_happens(Hall::sqlite().await, 12).await;
}

#[tokio::test]
async fn a_dry_run_and_the_import_agree_on_any_file_on_postgresql() {
    dry_runs_say_what_happens(Hall::postgres().await, 6).await;
}

#[tokio::test]
async fn a_number_that_a_spreadsheet_spoiled_is_left_out_and_the_row_says_so() {
    let hall = Hall::sqlite().await;
    let acme = Tenant::create(&hall.app, "acme").await;
    let file = "sep=;\nname;phone\nLi Wei;4,36601E+11\nBo;+43 1 234567\n";
    let import = candidates::import(&hall.app, &acme.recruiter.actor, acme.project.id, file.as_bytes(), false);
    let rows = import.await.unwrap().rows;
    let added = |row: &candidates::RowResult| match &row.outcome {
        RowOutcome::Added(added) => added.candidate.profile.phone.as_deref().map(str::to_owned),
        other => panic!("{other:?}"),
    };
    assert_eq!((rows[0].line, added(&rows[0]), rows[0].warnings.len()), (3, None, 1));
    assert!(rows[0].warnings[0].contains("4,36601E+11"), "{:?}", rows[0].warnings);
    assert_eq!((rows[1].line, added(&rows[1]).as_deref(), rows[1].warnings.len()), (4, Some("+43 1 234567"), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_counts_the_lines_of_the_file_and_names_who_is_known() {
    let server = Server::start().await;
    let acme = Tenant::create(server.app(), "acme").await;
    let other =
        projects::create(server.app(), &acme.owner.actor, name("Apprentice carpenter 2027"), false).await.unwrap();
    let raw = RawProfile { name: "Li Wei", email: Some("li@example.org"), ..RawProfile::default() };
    candidates::add(server.app(), &acme.owner.actor, other.id, Profile::parse(raw).unwrap()).await.unwrap();
    let recruiter = Browser::of(&server, &acme.recruiter.cookie()).await;
    let page = format!("/o/acme/projects/{}/import", acme.project.id);
    let file = "name,email\r\nLi Wei,li@example.org\r\n\r\nAda,ada@example.org\r\n,nobody@example.org\r\nBo,bo@example.org\r\n";
    let tried = recruiter.upload(&page, &[("act", "try"), ("file", file)]).await.text;
    assert!(tried.contains("Li Wei is already in Apprentice carpenter 2027."), "{tried}");
    let lines = |page: &str| -> Vec<String> {
        let rows = page.split("<tr><td class=\"number\">").skip(1);
        rows.map(|row| row.split('<').next().unwrap().to_owned()).collect()
    };
    assert_eq!(lines(&tried), ["2", "4", "5", "6"]);
    // The page brings the file again as a browser sends a text area.
    let text = tried.split_once("<textarea name=\"csv\" hidden>\n").unwrap().1.split_once("</textarea>").unwrap().0;
    let sent = text.replace("&#34;", "\"").replace('\n', "\r\n");
    let done = recruiter.upload(&page, &[("act", "import"), ("csv", &sent)]).await.text;
    assert_eq!(lines(&done), ["2", "4", "5", "6"]);
}
