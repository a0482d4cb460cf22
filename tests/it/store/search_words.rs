//! A word is found by itself and by its sensible spellings, in every script, and on both engines alike.

use hearback::app::search;

use crate::harness::{Hall, Tenant, act};

/// A text, and what it is found by.
type Row = (&'static str, &'static [&'static str]);

const LATIN: &[Row] = &[
    ("Łukasz kommt", &["Łukasz", "lukasz", "ŁUKASZ"]),
    ("Søren Kierkegård", &["Søren", "soren", "kierkegard"]),
    ("Die Straße ist gesperrt", &["Straße", "strasse", "STRASSE", "stras"]),
    ("Überstunden sind möglich", &["Überstunden", "uberstunden", "U\u{308}berstunden", "moglich"]),
    ("Antonín Dvořák", &["Dvořák", "dvorak", "antonin"]),
    ("Þórður og Æsir", &["Þórður", "thordur", "aesir"]),
    ("mon cœur naïf", &["cœur", "coeur", "naif"]),
    ("İstanbul'da ısıtma", &["İstanbul", "istanbul", "isitma", "ISITMA"]),
    ("Nguyễn Thị Đặng", &["Nguyễn", "nguyen thi dang", "Đặng"]),
    ("die ﬁnanzierung", &["finanzierung", "ﬁnanzierung"]),
    ("Ｆｕｌｌ ｗｉｄｔｈ", &["full", "ｗｉｄｔｈ"]),
    ("Məmməd burada", &["Məmməd", "memmed"]),
    ("Ağrı, Çeşme", &["Ağrı", "agri", "cesme", "ÇEŞME"]),
    ("o\u{308}kologisch", &["ökologisch", "okologisch"]),
];
const CYRILLIC: &[Row] = &[
    ("Сергей придёт", &["Сергей", "СЕРГЕЙ", "придет", "Сергеи\u{306}"]),
    ("Їжак Ґанок", &["Їжак", "їжак", "ганок"]),
    ("Ђорђе Љиљана", &["Ђорђе", "љиљана"]),
    ("собеседование завтра", &["собеседование", "СОБЕСЕД"]),
];
const GREEK: &[Row] = &[
    ("Γιώργος Παπαδόπουλος", &["Γιώργος", "ΓΙΏΡΓΟΣ", "γιωργος", "παπαδοπουλος"]),
    ("συνέντευξη αύριο", &["συνέντευξη", "ΣΥΝΕΝΤΕΥΞΗ", "συνεντευξη"]),
    ("ὁ ἄνθρωπος", &["ἄνθρωπος", "ανθρωπος"]),
];
const ARABIC: &[Row] = &[
    ("أحمد هنا", &["أحمد", "احمد"]),
    ("مُقَابَلَة عمل", &["مُقَابَلَة", "مقابلة", "مقابله"]),
    ("موعد المقابلة غدا", &["المقابلة", "مقابلة"]),
    ("عـــلى الطريق", &["على", "علي", "طريق"]),
    ("الرقم ٤٧١١٠", &["٤٧١١٠", "47110"]),
    ("می‌خواهم کار کنم", &["می‌خواهم", "میخواهم", "كار"]),
    ("ملازمت کی تلاش", &["ملازمت", "تلاش"]),
];
const HEBREW: &[Row] = &[("שָׁלוֹם לכולם", &["שלום", "שָׁלוֹם"]), ("ראיון עבודה", &["ראיון", "עבודה"])];
const INDIC: &[Row] = &[
    ("साक्षात्कार कल है", &["साक्षात्कार", "साक्षात्\u{200d}कार", "साक्षा"]),
    ("ज़रूरी काम", &["ज़रूरी", "जरूरी", "ज\u{93c}रूरी"]),
    ("नौकरी चाहिए", &["नौकरी"]),
    ("সাক্ষাৎকার আগামীকাল", &["সাক্ষাৎকার", "আগামীকাল"]),
    ("চাকরি চাই", &["চাকরি"]),
    ("நேர்காணல் நாளை", &["நேர்காணல்", "நாளை"]),
    ("ఇంటర్వ్యూ రేపు", &["ఇంటర్వ్యూ"]),
    ("ಸಂದರ್ಶನ ನಾಳೆ", &["ಸಂದರ್ಶನ"]),
    ("അഭിമുഖം നാളെ", &["അഭിമുഖം"]),
    ("મુલાકાત કાલે", &["મુલાકાત"]),
    ("ਮੁਲਾਕਾਤ ਕੱਲ੍ਹ", &["ਮੁਲਾਕਾਤ", "ਕੱਲ੍ਹ"]),
    ("සම්මුඛ පරීක්ෂණය", &["සම්මුඛ", "පරීක්ෂණය"]),
];
const WITHOUT_SPACES: &[Row] = &[
    ("การสัมภาษณ์งานพรุ่งนี้", &["สัมภาษณ์", "พรุ่งนี้", "งาน"]),
    ("สวัสดีครับ", &["สวัสดี", "ครับ"]),
    ("ທ່ານສໍາພາດມື້ອື່ນ", &["ສໍາພາດ", "ສຳພາດ"]),
    ("ការសម្ភាសន៍ថ្ងៃស្អែក", &["សម្ភាសន៍", "ស្អែក"]),
    ("အင်တာဗျူးမနက်ဖြန်", &["အင်တာဗျူး", "မနက်ဖြန်"]),
    ("请明天来参加面试好吗", &["面试", "明天", "参加面试", "试", "来参加"]),
    ("我想應徵這份工作", &["應徵", "工作"]),
    ("明日の面接に行きます", &["面接", "行き"]),
    ("ｶﾞｲﾄﾞブックです", &["ガイド", "ブック", "カ\u{3099}イド"]),
    ("よろしくおねがいします", &["よろしく", "おねがい"]),
    ("iPhone手机3月5日", &["iphone", "手机", "3月"]),
];
const OTHERS: &[Row] = &[
    ("면접은 내일입니다", &["면접은", "면접", "면접 내일"]),
    ("안녕하세요", &["안녕", "\u{110b}\u{1161}\u{11ab}\u{1102}\u{1167}\u{11bc}"]),
    ("გასაუბრება ხვალ", &["გასაუბრება", "ხვალ"]),
    ("Հարցազրույց վաղը", &["հարցազրույց", "ՀԱՐՑԱԶՐՈՒՅՑ"]),
    ("བོད་ཡིག", &["བོད", "ཡིག"]),
    ("ቃለ መጠይቅ ነገ", &["መጠይቅ", "ቃለ"]),
    ("Приветствие👩‍💻 office", &["приветствие", "office"]),
    ("C++ und Node.js 18", &["node", "c und 18"]),
];

/// Queries that find nothing of it: what is only alike.
const NOT_FOUND: &[&str] =
    &["試験", "カ", "か", "面官", "lukass", "ग", "สอบ", "tart", "'", "\"", "*", ":*", "( & )", "👩", "ा"];

fn rows() -> impl Iterator<Item = &'static Row> {
    [LATIN, CYRILLIC, GREEK, ARABIC, HEBREW, INDIC, WITHOUT_SPACES, OTHERS].into_iter().flatten()
}

/// What every query finds, so that the engines can be compared.
async fn found(hall: Hall) -> Vec<(&'static str, Vec<String>)> {
    let acme = Tenant::create(&hall.app, "acme").await;
    for (text, _) in rows() {
        act::write(&hall.app, &acme.chat, text).await;
    }
    let mut all = Vec::new();
    for query in rows().flat_map(|(_, queries)| *queries).chain(NOT_FOUND) {
        let found = search::search(&hall.app, &acme.viewer.actor, query).await.unwrap().messages;
        for hit in &found {
            assert!(hit.segments.iter().any(|segment| segment.is_hit), "{query} marks nothing in {:?}", hit.segments);
        }
        let text = |hit: &search::Hit| hit.segments.iter().map(|segment| segment.text.as_str()).collect();
        all.push((*query, found.iter().map(text).collect::<Vec<String>>()));
    }
    for (text, queries) in rows() {
        for query in *queries {
            let (_, texts) = all.iter().find(|(asked, _)| asked == query).unwrap();
            assert!(texts.iter().any(|found| found == text), "{query} does not find {text}, but {texts:?}");
        }
    }
    for query in NOT_FOUND {
        let (_, texts) = all.iter().find(|(asked, _)| asked == query).unwrap();
        assert!(texts.is_empty(), "{query} finds {texts:?}");
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_every_script_is_found_by_itself_and_its_spellings_on_both_engines() {
    assert!(rows().count() >= 60, "{}", rows().count());
    let (sqlite, postgres) = (found(Hall::sqlite().await).await, found(Hall::postgres().await).await);
    assert_eq!(sqlite, postgres);
}
