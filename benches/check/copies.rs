//! Copies of all entries of a contract, each copy in a separate namespace and a separate file.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use otel_contract_model::{Node, NodeValue, Source};

/// The sections with declarations.
const SECTIONS: [&str; 6] = [
    "attributes",
    "groups",
    "errors",
    "operations",
    "metrics",
    "events",
];

/// Writes a contract with this number of copies to a folder.
pub(crate) fn write(text: &str, copies: u32, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let document = otel_contract_yaml::document(&Source::text("", "contract.yaml", text));
    let document = document.map_err(|why| why.to_string())?;
    let files: Vec<String> = (0..copies).map(|copy| format!("copy{copy}.yaml")).collect();
    let root = format!(
        "contract: copies\nversion: 0.1.0\nbrief: Copies.\ndefaults: {{ privacy: internal }}\ninclude: [{}]\n",
        files.join(", ")
    );
    fs::write(folder.join("contract.yaml"), root)?;
    for (copy, file) in files.iter().enumerate() {
        let space = format!("copy{copy}");
        fs::write(folder.join(file), renamed(document.root(), &space))?;
    }
    Ok(())
}

fn renamed(root: &Node, space: &str) -> String {
    let mut text = String::new();
    for section in SECTIONS {
        let Some(entries) = root.get(section) else {
            continue;
        };
        let _ = writeln!(text, "{section}:");
        for (name, body) in entries.entries() {
            let name = name.text().unwrap_or_default();
            let _ = write!(text, "  {}: ", quoted(&format!("{space}.{name}")));
            let is_short = section == "groups" && body.get("attributes").is_none();
            if is_short {
                keys(&mut text, body, space);
            } else {
                entry(&mut text, body, space);
            }
            text.push('\n');
        }
    }
    text
}

/// Writes an entry. Fields that contain names are renamed.
fn entry(text: &mut String, node: &Node, space: &str) {
    mapping(text, node, |text, field, value| match field {
        "attributes" => keys(text, value, space),
        "groups" | "events" | "errors" | "dimensions" => {
            list(text, value, |text, item| name(text, item, space));
        }
        "rust_name" => {
            let rust_name = value.text().unwrap_or_default();
            text.push_str(&quoted(&format!("{space}_{rust_name}")));
        }
        "deprecated" => mapping(text, value, |text, field, value| match field {
            "replaced_by" => name(text, value, space),
            _ => plain(text, value),
        }),
        _ => plain(text, value),
    });
}

/// Writes a mapping whose keys are names.
fn keys(text: &mut String, node: &Node, space: &str) {
    text.push('{');
    for (index, (key, value)) in node.entries().enumerate() {
        text.push_str(if index > 0 { ", " } else { " " });
        match key.text() {
            // A built-in attribute, which keeps its name.
            Some("error.type") => text.push_str("error.type"),
            _ => name(text, key, space),
        }
        text.push_str(": ");
        plain(text, value);
    }
    text.push_str(" }");
}

fn mapping(text: &mut String, node: &Node, mut field: impl FnMut(&mut String, &str, &Node)) {
    text.push('{');
    for (index, (key, value)) in node.entries().enumerate() {
        text.push_str(if index > 0 { ", " } else { " " });
        plain(text, key);
        text.push_str(": ");
        field(text, key.text().unwrap_or_default(), value);
    }
    text.push_str(" }");
}

fn list(text: &mut String, node: &Node, mut write_item: impl FnMut(&mut String, &Node)) {
    text.push('[');
    for (index, item) in node.items().iter().enumerate() {
        text.push_str(if index > 0 { ", " } else { "" });
        write_item(text, item);
    }
    text.push(']');
}

fn name(text: &mut String, node: &Node, space: &str) {
    text.push_str(&quoted(&format!(
        "{space}.{}",
        node.text().unwrap_or_default()
    )));
}

fn plain(text: &mut String, node: &Node) {
    match &node.value {
        NodeValue::Null => text.push_str("null"),
        NodeValue::Bool(flag) => text.push_str(&flag.to_string()),
        NodeValue::Int(number) => text.push_str(&number.to_string()),
        NodeValue::Float(number) => text.push_str(&number.to_string()),
        NodeValue::Text(value) => text.push_str(&quoted(value)),
        NodeValue::List(_) => list(text, node, plain),
        NodeValue::Map(_) => mapping(text, node, |text, _, value| plain(text, value)),
    }
}

fn quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for character in value.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
