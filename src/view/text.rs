//! People's words as HTML that can do nothing: links to http(s) and mailto only, hidden characters made visible.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html};
use linkify::{LinkFinder, LinkKind};
use url::Url;

/// Characters that turn the direction of what follows, so that a text could read otherwise than it is.
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters without width. One alone has its use (joiners in Persian and in emoji); a run hides something.
const fn has_no_width(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Writes a text as HTML; line breaks stay line breaks (the element around it keeps white space).
///
/// # Errors
/// Only those of `out`.
pub fn write_rich(out: &mut impl Write, text: &str) -> fmt::Result {
    for span in LinkFinder::new().spans(text) {
        let words = span.as_str();
        let (link, after) = words.split_at(match span.kind() {
            Some(LinkKind::Url) => end_of_address(words),
            _ => words.len(),
        });
        let scheme = match span.kind() {
            Some(LinkKind::Email) => Some("mailto:"),
            Some(LinkKind::Url) if leads_where_it_says(link) => Some(""),
            _ => None,
        };
        match scheme {
            Some(scheme) if !link.chars().any(|c| turns_direction(c) || has_no_width(c)) => {
                write!(out, "<a href=\"{scheme}")?;
                Html.write_escaped_str(&mut *out, link)?;
                out.write_str("\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">")?;
                Html.write_escaped_str(&mut *out, link)?;
                out.write_str("</a>")?;
            }
            _ => write_words(out, link)?,
        }
        write_words(out, after)?;
    }
    Ok(())
}

/// Whether an address is one of the web, without a user before its host: `https://acme.example@evil.example/` leads to
/// the host that stands last and reads as the first.
fn leads_where_it_says(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
    })
}

/// Where an address ends that stands in a sentence. Chinese and Japanese follow it without a space, so their punctuation
/// ends it; of other scripts, what stands last and belongs to the sentence.
fn end_of_address(address: &str) -> usize {
    let address = &address[..address.find(['。', '｡', '，', '、', '；', '！', '？']).unwrap_or(address.len())];
    let mut link = address;
    while let Some(last) = link.chars().next_back() {
        let belongs_to_sentence = match last {
            '）' => !link.contains('（'),
            '】' => !link.contains('【'),
            '」' => !link.contains('「'),
            '》' => !link.contains('《'),
            '»' | '«' | '”' | '“' | '„' | '’' | '‘' | '›' | '…' | '؟' | '،' | '؛' | '۔' | '：' | '।' => {
                true
            }
            '.' | ',' | ';' | ':' | '!' | '?' => link.len() < address.len(),
            _ => false,
        };
        if !belongs_to_sentence {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    link.len()
}

fn write_words(out: &mut impl Write, words: &str) -> fmt::Result {
    let mut rest = words;
    while let Some(c) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(has_no_width).len();
        let hidden = rest[..run].chars().count();
        if hidden > 1 {
            write!(out, "<span class=\"unseen\">U+{:04X} ×{hidden}</span>", u32::from(c))?;
            rest = &rest[run..];
            continue;
        }
        if turns_direction(c) || (c.is_control() && !matches!(c, '\n' | '\t' | '\r')) {
            write!(out, "<span class=\"unseen\">U+{:04X}</span>", u32::from(c))?;
        } else if c != '\r' {
            Html.write_escaped_char(&mut *out, c)?;
        }
        rest = &rest[c.len_utf8()..];
    }
    Ok(())
}

/// A single line without characters that hide or turn something, for names, titles and attributes; not yet escaped.
#[must_use]
pub fn plain(line: &str) -> String {
    let mut before = ' ';
    line.chars()
        .filter(|&c| {
            let is_harmful = turns_direction(c) || c.is_control() || (has_no_width(c) && has_no_width(before));
            before = c;
            !is_harmful
        })
        .collect()
}

/// Up to two letters that stand for a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    first.into_iter().chain(letters.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rich(text: &str) -> String {
        let mut html = String::new();
        write_rich(&mut html, text).unwrap();
        html
    }

    #[test]
    fn only_web_and_mail_addresses_become_links() {
        assert!(rich("see https://a.example/x.").starts_with("see <a href=\"https://a.example/x\" rel="));
        assert!(rich("ask ada@a.example").contains("href=\"mailto:ada@a.example\""));
        for text in ["javascript://a.example/%0aalert(1)", "ftp://a.example", "data:text/html,x", "file:///etc"] {
            assert!(!rich(text).contains("<a"), "{text}");
        }
        let html = rich("https://a.example/\"onmouseover=x<script>");
        assert!(!html.contains("\"onmouseover") && !html.contains("<script"), "{html}");
    }

    #[test]
    fn a_sentence_goes_on_after_the_address_in_it() {
        for after in
            ["。", "，谢谢", "）", "）。", "»", "»,", "”", "”.", "’", "؟", "،", "…", "！再见", "」", ".", ").", " x"]
        {
            let html = rich(&format!("see https://a.example/x{after}"));
            assert!(html.contains("href=\"https://a.example/x\" "), "{after}: {html}");
            let end = html.rsplit("</a>").next().unwrap();
            assert_eq!(end.replace("&#34;", "\""), *after, "{html}");
        }
        for address in [
            "https://a.example/ü",
            "https://a.example/维基（中文）",
            "https://a.example/a_(b)",
            "https://a.example/?q=؟x",
        ] {
            let shown = rich(address);
            assert!(shown.contains(&format!(">{address}</a>")), "{shown}");
        }
    }

    #[test]
    fn an_address_with_a_user_before_its_host_stays_text() {
        for text in
            ["https://acme.example@evil.example/", "https://user:pw@evil.example/", "HTTP://a.example:80@b.example"]
        {
            assert!(!rich(text).contains("href=\"http"), "{text}: {}", rich(text));
        }
        assert!(rich("https://a.example/@ada").contains("href=\"https://a.example/@ada\""));
    }

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(rich("a\u{202e}b"), "a<span class=\"unseen\">U+202E</span>b");
        assert_eq!(rich("a\u{200b}\u{200b}\u{200c}b"), "a<span class=\"unseen\">U+200B ×3</span>b");
        assert_eq!(rich("👩\u{200d}🚀"), "👩\u{200d}🚀");
        assert_eq!(plain("Ada\u{202e}\u{200b}\u{200b} L"), "Ada\u{200b} L");
    }

    #[test]
    fn initials_are_the_first_and_the_last_word() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("ada"), "A");
        assert_eq!(initials("  "), "");
    }
}
