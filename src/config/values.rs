//! Values that only settings have.

use std::{
    borrow::Cow,
    fmt,
    net::{IpAddr, Ipv6Addr},
    path::Path,
    str::FromStr,
};

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::domain::user::Email;

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// It applies.
    On,
    /// It does not.
    Off,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object in a line.
    Json,
}

/// A setting that nobody is shown. An empty one counts as not given.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// The value itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Hidden {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().is_empty() { Err("it is empty; leave it away instead") } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// An address by http or https that nobody is shown, since there may be a secret in it.
#[derive(Clone, PartialEq, Eq)]
pub struct HiddenUrl(Url);

impl HiddenUrl {
    /// The address itself.
    #[must_use]
    pub const fn expose(&self) -> &Url {
        &self.0
    }
}

impl FromStr for HiddenUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.map(Self).ok_or("it has the form https://HOST/PATH")
    }
}

impl fmt::Debug for HiddenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// What to do with a password that does not stand in an address as it is.
const ENCODE: &str = "in a user or a password, write / as %2F, ? as %3F, # as %23, @ as %40, : as %3A and % as %25";

/// Whether a user or a password that is not percent-encoded has broken an address apart: what looks like its host is only the
/// beginning of the password, and the `@` of the real host stands behind it.
fn is_broken_apart(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let has_fragment = tail.contains('#');
    let path = tail.split(['?', '#']).next().unwrap_or_default();
    // In a query an `@` may be part of a value.
    let name_of_query =
        tail.split('?').skip(1).flat_map(|query| query.split('&')).filter_map(|pair| pair.split('=').next());
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    has_fragment
        || path.contains('@')
        || name_of_query.into_iter().any(|name| name.contains('@'))
        || has_bare_percent(user)
}

/// Whether a `%` is followed by something else than two digits of its code.
fn has_bare_percent(text: &str) -> bool {
    let mut after = text.split('%').skip(1);
    after.any(|after| !after.get(..2).is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

/// The address of a database; shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The SQLite file in a data folder.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        let path = folder.join("hearback.db").to_string_lossy().replace('%', "%25").replace('?', "%3F");
        Self(format!("sqlite://{}", path.replace('#', "%23")))
    }

    /// The address itself, password included.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it names an SQLite file.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.0.starts_with("sqlite:")
    }
}

impl FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "it has the form sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME";
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            Some("sqlite" | "postgres" | "postgresql") if text.ends_with("://") => Err(FORM.to_owned()),
            Some("postgres" | "postgresql") if is_broken_apart(text) || Url::parse(text).is_err() => {
                Err(format!("{FORM}; {ENCODE}"))
            }
            Some("sqlite" | "postgres" | "postgresql") => Ok(Self(text.to_owned())),
            _ => Err(FORM.to_owned()),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_sqlite() {
            return f.write_str(&self.0);
        }
        // PostgreSQL also takes a password among the parameters.
        match Url::parse(&self.0) {
            Ok(url) => {
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                write!(f, "postgres://{}{port}{}", url.host_str().unwrap_or("(socket)"), url.path())
            }
            Err(_) => f.write_str("postgres://(hidden)"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An address or a network of addresses, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: Ipv6Addr,
    /// Leading bits that count, of 128.
    bits: u8,
}

impl Network {
    /// Whether an address lies in it. An IPv4 address and its IPv6 form are the same.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let mask = u128::MAX.checked_shl(128 - u32::from(self.bits)).unwrap_or(0);
        (mapped(address).to_bits() ^ self.address.to_bits()) & mask == 0
    }
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FORM: &str = "it is an address or a network, such as 10.0.0.0/8";
        let (address, length) = text.trim().split_once('/').map_or((text.trim(), None), |(a, l)| (a, Some(l)));
        let address: IpAddr = address.parse().map_err(|_| FORM)?;
        let (most, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let length = length.map_or(Ok(most), |text| text.parse::<u8>().map_err(|_| FORM))?;
        if length > most {
            return Err(FORM);
        }
        Ok(Self { address: mapped(address), bits: length + offset })
    }
}

fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    }
}

/// Parses where people reach Hearback: http or https, a host, no path.
pub(super) fn public_url(text: &str) -> Result<Url, &'static str> {
    const FORM: &str = "it has the form https://HOST, without a path";
    let url = Url::parse(text).map_err(|_| FORM)?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && bare { Ok(url) } else { Err(FORM) }
}

/// Parses where the mail server is; how it is spoken to stands in the query.
pub(super) fn smtp_url(text: &str) -> Result<Hidden, String> {
    const FORM: &str = "it has the form smtp://USER:PASSWORD@HOST:PORT?tls=required or smtps://USER:PASSWORD@HOST";
    let form = || format!("{FORM}; {ENCODE}");
    let url = Url::parse(text).map_err(|_| form())?;
    let tls = |(name, value): (Cow<str>, Cow<str>)| name == "tls" && ["required", "opportunistic"].contains(&&*value);
    let sound = matches!(url.scheme(), "smtp" | "smtps") && url.has_host() && matches!(url.path(), "" | "/");
    if sound && !is_broken_apart(text) && url.query_pairs().all(tls) {
        Ok(Hidden(text.to_owned()))
    } else {
        Err(form())
    }
}

/// Parses an address that mail is sent to.
pub(super) fn email(text: &str) -> Result<Email, &'static str> {
    Email::parse("address", text).map_err(|_| "it is an address such as ada@example.com")
}

/// Parses what is logged.
pub(super) fn log_filter(text: &str) -> Result<String, String> {
    EnvFilter::builder().parse(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}
