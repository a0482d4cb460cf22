use std::net::IpAddr;

use clap::CommandFactory;

use super::{Config, Network, with_file};
use crate::config::DatabaseUrl;

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

/// The settings of a file and flags, as the server reads them: a subcommand has the flags.
fn read(text: &str, flags: &[&str]) -> Result<clap::ArgMatches, String> {
    let file = file(text);
    let command = clap::Command::new("hearback").subcommand(Config::command().name("serve"));
    let command = with_file(command, "serve", file.path()).map_err(|error| error.to_string())?;
    let line = ["hearback", "serve"].iter().chain(flags);
    let matches = command.try_get_matches_from(line).map_err(|error| super::sentence(&error))?;
    Ok(matches.subcommand_matches("serve").unwrap().clone())
}

#[test]
fn a_file_gives_what_no_flag_says_and_a_flag_wins() {
    let matches = read("lease_seconds = 7\nlink_days = 3\n", &["--link-days", "5"]).unwrap();
    assert_eq!(matches.get_one::<u32>("lease_seconds"), Some(&7));
    assert_eq!(matches.get_one::<u32>("link_days"), Some(&5));
    assert_eq!(matches.get_one::<u32>("absence_seconds"), Some(&30));
}

#[test]
fn a_list_in_a_file_is_a_list() {
    let matches = read("trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n", &[]).unwrap();
    assert_eq!(matches.get_many::<Network>("trusted_proxies").unwrap().len(), 2);
}

#[test]
fn an_unknown_key_or_a_wrong_value_is_named() {
    for (text, named) in [
        ("lese_seconds = 7", "`lese_seconds`"),
        ("lease_seconds = 0", "`lease_seconds`"),
        ("lease_seconds = \"soon\"", "`lease_seconds`"),
        ("rate_limits = \"maybe\"", "`rate_limits`"),
        ("config = \"other.toml\"", "`config`"),
        ("listen = { port = 1 }", "`listen`"),
        ("public_url = \"https://example.com/path\"", "`public_url`"),
        ("\nlease_seconds = = 7", "line 2"),
    ] {
        let sentence = read(text, &[]).unwrap_err();
        assert!(sentence.contains(named), "{text}: {sentence}");
        assert_eq!(sentence.lines().count(), 1, "{sentence}");
    }
}

#[test]
fn no_secret_is_shown() {
    let flags = [
        "--metrics-token",
        "hush-1",
        "--smtp-url",
        "smtp://me:hush-2@mail",
        "--database-url",
        "postgres://me:hush-3@db/x",
        "--ping-url",
        "https://watch.example/hush-4",
        "--alert-webhook-url",
        "https://hooks.example/hush-5",
        "--alert-webhook-secret",
        "whsec_hush0000000000000000000000000000",
        "--otlp-url",
        "http://me:hush-6@collector.example:4318",
    ];
    let config = Config::from_flags(flags).unwrap();
    assert_eq!(config.serving.metrics_token.as_ref().map(super::Hidden::expose), Some("hush-1"));
    let shown = format!("{config:?} {}", config.common.database_url());
    assert!(!shown.contains("hush"), "{shown}");
    let told = config.shown();
    assert!(told.contains(&("otlp_url", "set".to_owned())) && !format!("{told:?}").contains("hush"), "{told:?}");
    let shown = "postgres://db/x?user=me&password=hush".parse::<DatabaseUrl>().unwrap().to_string();
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn mail_goes_where_the_settings_say() {
    let flags = ["--alert-mail-to", "a@mail.example,b@mail.example", "--mail-from", "Us <us@mail.example>"];
    let serving = Config::from_flags(flags).unwrap().serving;
    let to: Vec<_> = serving.alert_mail_to.iter().map(crate::domain::user::Email::as_str).collect();
    assert_eq!(to, ["a@mail.example", "b@mail.example"]);
    assert_eq!(serving.mail_from.unwrap().address.as_str(), "us@mail.example");
    for url in ["smtp://localhost", "smtp://mail:2525?tls=opportunistic", "smtps://me:hush@mail.example"] {
        assert!(Config::from_flags(["--smtp-url", url]).is_ok(), "{url}");
    }
}

#[test]
fn the_database_stands_in_the_data_folder_unless_a_url_says_otherwise() {
    let config = Config::from_flags(["--data-dir", "/var/lib/hear#back"]).unwrap();
    assert_eq!(config.common.database_url().expose(), "sqlite:///var/lib/hear%23back/hearback.db");
}

#[test]
fn a_network_holds_its_addresses_and_no_others() {
    let is_in =
        |network: &str, address: &str| network.parse::<Network>().unwrap().contains(address.parse::<IpAddr>().unwrap());
    assert!(is_in("10.0.0.0/8", "10.255.0.1"));
    assert!(!is_in("10.0.0.0/8", "11.0.0.1"));
    assert!(is_in("127.0.0.1", "::ffff:127.0.0.1"));
    assert!(is_in("0.0.0.0/0", "203.0.113.9"));
    assert!(!is_in("0.0.0.0/0", "2001:db8::1"));
    assert!(is_in("2001:db8::/32", "2001:db8:1::1"));
    for wrong in ["10.0.0.0/33", "10.0.0", "", "host/8", "::1/129"] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}
