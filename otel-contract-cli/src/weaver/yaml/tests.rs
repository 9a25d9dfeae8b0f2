//! Written YAML is parsed back to the same value.

use super::*;
use otel_contract_model::{NodeValue, Source};

fn read_back(written: &Yaml) -> NodeValue {
    let mut map = Map::new();
    map.put("key", written.clone());
    map.put("list", Yaml::List(vec![written.clone(), written.clone()]));
    let text = document(&map);
    let document = otel_contract_yaml::document(&Source::text("", "a.yaml", text.clone()));
    let document = document.unwrap_or_else(|why| panic!("{text}\n{why}"));
    let value = document.root().get("key").expect("the key").value.clone();
    let list = document.root().get("list").expect("the list");
    for item in list.items() {
        assert_eq!(
            format!("{:?}", plain(&item.value)),
            format!("{:?}", plain(&value))
        );
    }
    value
}

/// Returns a value without its locations.
fn plain(value: &NodeValue) -> Yaml {
    match value {
        NodeValue::Null => Yaml::Text("<nothing>".to_owned()),
        NodeValue::Bool(flag) => Yaml::Bool(*flag),
        NodeValue::Int(number) => Yaml::Int(*number),
        NodeValue::Float(number) => Yaml::Float(*number),
        NodeValue::Text(text) => Yaml::Text(text.clone()),
        NodeValue::List(items) => Yaml::List(items.iter().map(|item| plain(&item.value)).collect()),
        NodeValue::Map(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                map.put(key.text().expect("a key"), plain(&value.value));
            }
            Yaml::Map(map)
        }
    }
}

#[test]
fn text_survives_a_round_trip() {
    let texts = [
        "",
        " ",
        "plain",
        "true",
        "No",
        "~",
        "null",
        "12",
        "1.5",
        "1e3",
        "0x10",
        "-",
        "- a",
        "? a",
        "a: b",
        "a:",
        "a #b",
        "#a",
        "a, b",
        "[a]",
        "{a}",
        "\"a\"",
        "'a'",
        "it's",
        "a\\b",
        "a\nb",
        "a\n",
        "a\n\n",
        "\na",
        " a\nb",
        "a\n  b\n",
        "a\n \nb",
        "a \nb",
        "tab\there",
        "\u{85}",
        "\u{feff}x",
        "größe",
        "名前: 値",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "|",
        ">",
        "a\r\nb",
        "\u{7}",
        "=",
        "<<",
        "https://a.b/c?d=e#f",
        "2027-01-01",
        "a\n\n\nb",
        "x y: [z]",
        "a\n# b\n",
        "a\n\tb",
        "...",
        "---",
        "a\u{2028}b",
        ".5",
        "_OTHER",
        "{http.method} {x}",
    ];
    for text in texts {
        assert_eq!(
            plain(&read_back(&text.into())),
            Yaml::from(text),
            "{text:?}"
        );
    }
}

#[test]
fn nested_values_survive_a_round_trip() {
    let mut inner = Map::new();
    inner.put("note", "two\nlines\n");
    inner.put("a key: with, [everything]", vec![1_i64, 2]);
    inner.put("empty", Map::new());
    inner.put("none", Yaml::List(Vec::new()));
    inner.put(
        "long",
        vec!["a fairly long text that fills the line".to_owned(); 5],
    );
    let mut outer = Map::new();
    outer.put("inner", inner.clone());
    outer.put(
        "list",
        Yaml::List(vec![inner.into(), true.into(), 0.5.into()]),
    );
    let written = Yaml::Map(outer);
    assert_eq!(plain(&read_back(&written)), written);
}

#[test]
fn short_values_are_written_on_one_line() {
    let mut use_ = Map::new();
    use_.put("level", "required");
    use_.put("sampling_relevant", true);
    let mut map = Map::new();
    map.put("order.id", use_);
    map.put("brief", "What it is: a name.");
    map.put("note", "It has\ntwo lines.\n");
    assert_eq!(
        document(&map),
        "order.id: { level: required, sampling_relevant: true }\n\
         brief: \"What it is: a name.\"\nnote: |\n  It has\n  two lines.\n"
    );
}

#[test]
fn text_of_any_characters_survives_a_round_trip() {
    let pool: Vec<char> =
        "aZ09 ._-:#,[]{}'\"\\|>*&!%@`?~=<+/\n\t\r\u{85}\u{a0}\u{2028}é名\u{1f600}\u{7f}\u{0}"
            .chars()
            .collect();
    // A fixed seed makes failures reproducible.
    let mut state = 7_u32;
    let mut next = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let mut map = Map::new();
    let mut texts = Vec::new();
    for index in 0..5_000 {
        let length = next(8);
        let text: String = (0..length).map(|_| pool[next(pool.len())]).collect();
        map.put(&format!("key{index}"), text.as_str());
        map.put(&format!("list{index}"), vec![text.as_str()]);
        texts.push(text);
    }
    let written = document(&map);
    let read = otel_contract_yaml::document(&Source::text("", "a.yaml", written.clone()));
    let read = read.unwrap_or_else(|why| panic!("{why}"));
    for (index, text) in texts.iter().enumerate() {
        let value = read.root().get(&format!("key{index}")).expect("the key");
        assert_eq!(value.text(), Some(text.as_str()), "in a block");
        let list = read.root().get(&format!("list{index}")).expect("the list");
        assert_eq!(list.items()[0].text(), Some(text.as_str()), "in a list");
    }
}
