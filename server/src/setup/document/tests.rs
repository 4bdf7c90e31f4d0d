//! What is read is what the `toml` crate reads, and there is never more of it than is allowed.

use proptest::prelude::*;
use toml::de::{DeTable, DeValue};

use super::*;

/// A tree as lines, one for each value, with where it begins.
fn lines_of(table: Table<'_>, path: &str, lines: &mut Vec<String>) {
    for (key, value) in table.iter() {
        line_of(value, &format!("{path}.{:?}@{}", key.value, key.at), lines);
    }
}

fn line_of(value: Value<'_>, path: &str, lines: &mut Vec<String>) {
    let at = value.at();
    let said = match value.node.what {
        What::Table(..) => String::new(),
        What::List(..) => "[]".to_owned(),
        What::Text(_) => format!("{:?}", value.as_str()),
        What::Integer(..) => format!("{:?}", value.as_integer()),
        What::Float(_) => format!("{:?}", value.as_float()),
        What::Bool(_) => format!("{:?}", value.as_bool()),
        What::Date => "date".to_owned(),
    };
    lines.push(format!("{path} {said}@{at}"));
    for (n, item) in value.as_list().into_iter().flatten().enumerate() {
        line_of(item, &format!("{path}.{n}"), lines);
    }
    if let Some(table) = value.as_table() {
        lines_of(table, path, lines);
    }
}

fn expected_of(table: &DeTable<'_>, path: &str, lines: &mut Vec<String>) {
    for (key, value) in table {
        let path = format!("{path}.{:?}@{}", key.get_ref(), key.span().start);
        expected_line(value.get_ref(), value.span().start, &path, lines);
    }
}

fn expected_line(value: &DeValue<'_>, at: usize, path: &str, lines: &mut Vec<String>) {
    let said = match value {
        DeValue::Table(_) => String::new(),
        DeValue::Array(_) => "[]".to_owned(),
        DeValue::String(text) => format!("{:?}", Some(text)),
        DeValue::Integer(integer) => format!("{:?}", Some((integer.as_str(), integer.radix()))),
        DeValue::Float(float) => format!("{:?}", Some(float.as_str())),
        DeValue::Boolean(value) => format!("{:?}", Some(value)),
        DeValue::Datetime(_) => "date".to_owned(),
    };
    lines.push(format!("{path} {said}@{at}"));
    match value {
        DeValue::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                expected_line(item.get_ref(), item.span().start, &format!("{path}.{n}"), lines);
            }
        }
        DeValue::Table(table) => expected_of(table, path, lines),
        _ => {}
    }
}

/// Whether both read it, and then the same of it.
fn agree(text: &str) -> bool {
    let ours = Document::parse(text);
    let theirs = DeTable::parse(text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            let (mut lines, mut expected) = (Vec::new(), Vec::new());
            lines_of(ours.root(), "", &mut lines);
            expected_of(theirs.get_ref(), "", &mut expected);
            lines.sort_unstable();
            expected.sort_unstable();
            assert_eq!(lines, expected, "{text}");
            true
        }
        (Err(_), Err(_)) => false,
        _ => panic!("{text}\nours: {ours:?}\ntheirs: {theirs:?}"),
    }
}

#[test]
fn what_may_be_said_again_and_in_parts_is_what_toml_says() {
    let fine = [
        "",
        "a = 1\nb.c = 2\nb.d = 3\n[e]\nf = 1\n[e.g]\nh = [1, [2], { i = 1, j.k = 2, j.l = 3 }]\n",
        "[a.b]\nc = 1\n[a]\nd = 1\n[a.e]\n",
        "[[a]]\nb = 1\n[a.c]\n[[a.d]]\n[[a.d]]\n[[a]]\nb = 2\n[a.c]\n",
        "[a]\nb.c = 1\n[a.b.d]\n",
        "\"\" = ''\n\"\\u00e9.\" = \"\\n\"\n'x y' = '''\nq'''\nz = \"\"\"a\\\n   b\"\"\"\n",
        "a = 0x1F\nb = 1_000\nc = -inf\nd = 1e3\ne = 2026-01-02\nf = 07:32:00\n",
        "a = [\n  1, # one\n\n  2,\n]\n\r\nb = { c = 1,\n d = 2,\n}\n",
        "[a]\n[b]\n[[c.d]]\n[c.e]\n",
        "[[x.a]]\n[x]\nb = 1\n",
    ];
    for text in fine {
        assert!(agree(text), "{text}");
    }
    let broken = [
        "a = 1\na = 2",
        "[a]\n[a]",
        "[a]\nb = 1\n[a.b]",
        "a = {}\n[a.b]",
        "a = {}\na.b = 1",
        "a = []\n[[a]]",
        "[[a]]\n[a]",
        "[a]\n[[a]]",
        "a.b = 1\n[a]",
        "[a.b]\nc = 1\n[a]\nb.d = 1",
        "a = { b = 1, b = 2 }",
        "a = { b = {}, b.c = 2 }",
        "a = { b.c = 1, b.c = 2 }",
        "a = { b.c = 1, b = 2 }",
        "a.b = 1\na.b.c = 1",
        "a = 1\na.b = 1",
        "[[a]]\n[a.b]\n[a.b]",
        "a",
        "a =",
        "= 1",
        "[a",
        "[[a]",
        "a = [1",
        "a = {b = 1",
        "a = [1 2]",
        "a = { b }",
        "a = \"\n\"",
        "a = \"\\q\"",
        "a = 1 2",
        "[a] b = 1",
        "a..b = 1",
        "a = 01",
        "a = 1__0",
        "\u{0} = 1",
        "a = '\u{0}'",
        "# \u{1}",
    ];
    for text in broken {
        assert!(!agree(text), "{text}");
    }
}

#[test]
fn what_is_too_much_is_told_where_it_begins() {
    let many = format!("b = 1\n  a = [{}]", "1,".repeat(TOKENS_MAX / 2));
    let (at, code, _) = Document::parse(&many).expect_err("too long a statement");
    assert_eq!((at, code), (8, FaultCode::TooLarge));
    // Eleven values: the table, the list, and what is in it.
    let line = "[[x]]\na = [1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    let lines = VALUES_MAX / 11;
    assert!(Document::parse(&line.repeat(lines - 1)).is_ok());
    let (at, code, _) = Document::parse(&line.repeat(lines + 1)).expect_err("too many values");
    assert_eq!(code, FaultCode::TooLarge);
    assert!(at > (lines - 1) * line.len(), "{at}");
    let deep = format!("{}a = 1", "a.".repeat(17));
    assert!(Document::parse(&deep).is_err());
    assert_eq!(size_of::<Node>(), 36);
}

#[test]
fn keys_are_told_apart_among_thousands() {
    let file = (0..5_000).fold(String::new(), |file, n| file + &format!("k{n} = {n}\n"));
    assert!(agree(&file));
    assert!(!agree(&format!("{file}k4999 = 1\n")));
    let headers = (0..2_000).fold(String::new(), |file, n| file + &format!("[a.k{n}]\n"));
    assert!(agree(&headers));
    assert!(!agree(&format!("{headers}[a.k7]\n")));
}

/// Lines of few words, so that they meet.
fn line() -> impl Strategy<Value = String> {
    let keys =
        ["a", "b", "a.b", "b.a", "a.b.c", "a.a.b", "\"a\"", "'b'.a", "a . b", "b.\"\\u0061\""];
    let values = [
        "1",
        "'x'",
        "[]",
        "{}",
        "[1, {a = 1}]",
        "{a.b = 1, a.c = 2}",
        "{a = {}, a.b = 1}",
        "\"\"",
        "{b = 1, b = 2}",
        "[[{a = []}]]",
        "true",
        "1.5",
        "nan",
        "2026-01-01",
        "\"\\t\"",
        "",
        "x",
    ];
    let key = proptest::sample::select(keys.to_vec());
    prop_oneof![
        (key.clone(), proptest::sample::select(values.to_vec()))
            .prop_map(|(key, value)| format!("{key} = {value}")),
        key.clone().prop_map(|key| format!("[{key}]")),
        key.prop_map(|key| format!("[[{key}]]")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn lines_in_any_order_are_read_as_toml_reads_them(
        lines in proptest::collection::vec(line(), 1..8)
    ) {
        agree(&lines.join("\n"));
    }
}
