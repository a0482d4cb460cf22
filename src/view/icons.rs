//! The icon set: 24 by 24, drawn with lines, in the colour of the text around it.

/// The shapes of an icon; a question mark for a name that is not in the set.
#[must_use]
pub fn path(name: &str) -> &'static str {
    match name {
        "logo" => {
            r#"<path d="M4 7a3 3 0 0 1 3-3h10a3 3 0 0 1 3 3v7a3 3 0 0 1-3 3h-5l-5 4v-4a3 3 0 0 1-3-3z"/><path d="m9 10.5 2 2 4-4"/>"#
        }
        "inbox" => r#"<path d="M4 13h4l2 3h4l2-3h4"/><path d="M6 5h12l2 8v6H4v-6z"/>"#,
        "send" => r#"<path d="M4 12 20 4l-5 16-3.5-6.500z"/><path d="m11.5 13.5 4-4"/>"#,
        "check" => r#"<path d="m5 13 4.5 4.500L19 7"/>"#,
        "clock" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3 2"/>"#,
        "person" => r#"<circle cx="12" cy="8" r="4"/><path d="M4.5 20a7.5 7.5 0 0 1 15 0"/>"#,
        "people" => {
            r#"<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M15.5 4.800a3.5 3.5 0 0 1 0 6.400M18 14.500a6.5 6.5 0 0 1 3.5 5.5"/>"#
        }
        "search" => r#"<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>"#,
        "folder" => r#"<path d="M3 6h6l2 2.500h10V19H3z"/>"#,
        "settings" => {
            r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>"#
        }
        "plus" => r#"<path d="M12 5v14M5 12h14"/>"#,
        "close" => r#"<path d="m6 6 12 12M18 6 6 18"/>"#,
        "back" => r#"<path d="m14 6-6 6 6 6"/>"#,
        "next" => r#"<path d="M4 12h15M13 6l6 6-6 6"/>"#,
        "more" => r#"<path d="M5 12h.01M12 12h.01M19 12h.01"/>"#,
        "note" => r#"<path d="M5 4h14v10l-6 6H5z"/><path d="M19 14h-6v6M8.5 9h7M8.5 12.500H12"/>"#,
        "megaphone" => r#"<path d="M4 10v4h3l9 5V5L7 10zM19.5 9.500a4 4 0 0 1 0 5M8 14v5h3"/>"#,
        "link" => {
            r#"<path d="M10 14a4 4 0 0 0 6 .500l3-3a4 4 0 0 0-6-5.500l-1 1M14 10a4 4 0 0 0-6-.500l-3 3a4 4 0 0 0 6 5.500l1-1"/>"#
        }
        "warning" => r#"<path d="M12 4 2.5 20h19zM12 10v4.500M12 17.300v.01"/>"#,
        "info" => r#"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.01"/>"#,
        "label" => r#"<path d="M4 4h8l8 8-8 8-8-8z"/><path d="M8 8v.01"/>"#,
        "hand" => {
            r#"<path d="M8 12V6a1.5 1.5 0 0 1 3 0v5-6.500a1.5 1.5 0 0 1 3 0V11 6a1.5 1.5 0 0 1 3 0v8c0 4-2.5 7-6 7-3 0-4.5-1.5-7-6a1.5 1.5 0 0 1 2.5-1.500z"/>"#
        }
        "upload" => r#"<path d="M12 16V5M7 9.5 12 4.500l5 5M4 16v4h16v-4"/>"#,
        "sign-out" => r#"<path d="M14 4h5v16h-5M4 12h11M11 8l4 4-4 4"/>"#,
        "keyboard" => r#"<path d="M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8"/>"#,
        _ => {
            r#"<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.500a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 16.500v.01"/>"#
        }
    }
}
