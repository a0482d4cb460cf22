//! Settings: where they come from, and what is said of wrong ones.

use crate::harness::program::{command, command_with, done, refused};

#[tokio::test]
async fn a_flag_wins_over_the_environment_and_the_environment_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hearback.toml");
    std::fs::write(&file, "public_url = \"https://file.example\"\nlease_seconds = 7\n").unwrap();
    let file = file.to_str().unwrap();
    let variable = [("HEARBACK_PUBLIC_URL", "https://environment.example")];
    let create = |slug: &'static str| ["--config", file, "org", "create", slug, "--name", "House"];
    let page = async |line: &[&str], variables: &[(&str, &str)]| {
        let said = command_with(folder.path(), line, variables, "").await;
        assert_eq!(said.code, Some(0), "{said:?}");
        said.out
    };
    assert_eq!(page(&create("one"), &[]).await, "https://file.example/o/one\n");
    assert_eq!(page(&create("two"), &variable).await, "https://environment.example/o/two\n");
    let flag = [&create("three")[..], &["--public-url", "https://flag.example"]].concat();
    assert_eq!(page(&flag, &variable).await, "https://flag.example/o/three\n");
}

#[tokio::test]
async fn a_command_beside_a_server_goes_by_the_servers_settings() {
    let folder = tempfile::tempdir().unwrap();
    let line = ["org", "create", "acme", "--name", "House"];
    let said = command_with(folder.path(), &line, &[("HEARBACK_LISTEN", "127.0.0.1:9191")], "").await;
    assert_eq!(said.out, "http://127.0.0.1:9191/o/acme\n", "{said:?}");
    let line = ["org", "create", "other", "--name", "House"];
    let said = command_with(folder.path(), &line, &[("HEARBACK_LISTEN", "nowhere")], "").await;
    assert!(said.sentence().contains("--listen"));
}

#[tokio::test]
async fn a_wrong_setting_stops_the_program_with_one_sentence_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let lines: [(&[&str], &str); 18] = [
        (&["serve", "--lease-seconds", "0"], "--lease-seconds"),
        (&["serve", "--listen", "nowhere"], "--listen"),
        (&["serve", "--listen", &taken], "listen"),
        (&["serve", "--public-url", "ftp://x"], "--public-url"),
        (&["serve", "--database-url", "mysql://x/y"], "--database-url"),
        (&["serve", "--database-url", "postgres://nobody@127.0.0.1:1/x"], "database_url"),
        (&["migrate", "--database-url", "postgres://nobody@127.0.0.1:1/x"], "database_url"),
        (&["serve", "--data-dir", "/proc/none"], "data_dir"),
        (&["serve", "--config", "/proc/none"], "/proc/none"),
        (&["serve", "--colour", "red"], "--colour"),
        (&["serve", "--smtp-url", "mail.example"], "--smtp-url"),
        (&["serve", "--smtp-url", "smtp://mail.example?tls=maybe"], "--smtp-url"),
        (&["serve", "--mail-from", "nobody"], "--mail-from"),
        (&["serve", "--alert-mail-to", "ada@mail.example,bob"], "--alert-mail-to"),
        (&["serve", "--alert-mail-to", "ada@mail.example"], "smtp_url"),
        (&["serve", "--alert-webhook-url", "https://hooks.example"], "alert_webhook_secret"),
        (&["serve", "--ping-url", "watch.example"], "--ping-url"),
        (&["user", "create", "a@b.example", "--name", "Ada"], "--password-stdin"),
    ];
    for (line, named) in lines {
        let sentence = refused(folder.path(), line).await;
        assert!(sentence.contains(named), "{line:?}: {sentence}");
        assert!(!sentence.contains("panicked"), "{sentence}");
    }
}

/// Passwords that break an address apart unless they are percent-encoded.
const HARD: [&str; 7] = ["hu/sh", "hu#sh", "hu?sh", "hu@sh/hush", "12/hush", "12?hush", "50%hush"];

#[tokio::test]
async fn a_password_that_breaks_an_address_apart_is_to_be_percent_encoded_and_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings.toml");
    for password in HARD {
        for (setting, url) in [
            ("smtp_url", format!("smtp://ada:{password}@mail.example")),
            ("smtp_url", format!("smtps://ada:{password}@mail.example:465?tls=required")),
            ("database_url", format!("postgres://ada:{password}@db.example/hearback")),
        ] {
            let flag = format!("--{}", setting.replace('_', "-"));
            let by_flag = refused(folder.path(), &["serve", &flag, &url]).await;
            std::fs::write(&file, format!("{setting} = \"{url}\"\n")).unwrap();
            let by_file = refused(folder.path(), &["serve", "--config", file.to_str().unwrap()]).await;
            for sentence in [by_flag, by_file] {
                assert!(sentence.contains("%2F") && sentence.contains(&flag), "{url}: {sentence}");
                let shown = ["hu/", "hu#", "hu?", "hu@", "hush", "12/", "12?", "50%"]
                    .iter()
                    .find(|part| sentence.contains(**part));
                assert_eq!(shown, None, "{url}: {sentence}");
            }
        }
    }
    for url in ["smtp://ada:hu%2Fsh%40@127.0.0.1:1", "smtp://ada:hu@sh@127.0.0.1:1"] {
        let report = command(folder.path(), &["check", "--smtp-url", url]).await;
        assert!(report.out.contains("ok   settings"), "{report:?}");
    }
}

#[tokio::test]
async fn no_secret_stands_in_a_refusal() {
    let folder = tempfile::tempdir().unwrap();
    for line in [
        ["serve", "--smtp-url", "imap://ada:hush@mail.example"],
        ["serve", "--alert-webhook-url", "hooks.example/hush"],
        ["serve", "--alert-webhook-secret", "whsec_hush"],
        ["serve", "--ping-url", "watch.example/hush"],
        ["serve", "--database-url", "mysql://ada:hush@db/x"],
        ["check", "--database-url", "postgres://ada:hush@127.0.0.1:1/x"],
        ["migrate", "--database-url", "postgres://ada:hush@127.0.0.1:1/x"],
    ] {
        let said = command(folder.path(), &line).await;
        assert_ne!(said.code, Some(0), "{said:?}");
        assert!(!format!("{said:?}").contains("hush"), "{said:?}");
    }
}

#[tokio::test]
async fn the_help_shows_each_setting_with_its_variable() {
    let folder = tempfile::tempdir().unwrap();
    let help = done(folder.path(), &["serve", "--help"]).await;
    let flags = help.lines().filter_map(|line| line.trim().strip_prefix("--")).filter(|line| line.contains('<'));
    let flags: Vec<&str> = flags.filter_map(|line| line.split([' ', '[']).next()).collect();
    assert!(flags.len() > 12, "{help}");
    for flag in flags {
        let variable = format!("[env: HEARBACK_{}", flag.to_uppercase().replace('-', "_"));
        assert!(help.contains(&variable), "{variable}");
    }
    for unit in ["seconds", "days", "hours"] {
        assert!(help.contains(&format!("in {unit}")), "{unit}");
    }
}
