//! Parses the files of a registry. All errors are collected. A field that [`Registry`] cannot represent is recorded as
//! unread, so that the report lists it.

mod attributes;
mod fields;
mod v1;
mod v2;

use otel_contract_model::{Diagnostic, Document, Node};

use super::codes;
use super::folder::Folder;
use super::registry::{Registry, RegistryNode, Unread};

use fields::Fields;

/// Known fields of a manifest. `semconv_version` is the version field of old manifests.
const MANIFEST: [&str; 7] = [
    "dependencies",
    "description",
    "name",
    "schema_base_url",
    "schema_url",
    "semconv_version",
    "version",
];

/// Parses the folders of a registry and its dependencies.
pub(crate) fn registry<'a>(folders: &'a [Folder], errors: &mut Vec<Diagnostic>) -> Registry<'a> {
    let mut registry = Registry::default();
    for folder in folders {
        for document in &folder.files {
            let mut reader = Reader {
                registry: &mut registry,
                errors,
                is_dependency: folder.is_dependency,
            };
            reader.file(document);
        }
        if let (Some(manifest), false) = (&folder.manifest, folder.is_dependency) {
            let root = manifest.root();
            for (key, _) in root.entries() {
                let name = key.text().unwrap_or_default();
                if !MANIFEST.contains(&name) {
                    registry.unread.push(Unread {
                        at: RegistryNode {
                            document: manifest,
                            node: key,
                        },
                        owner: "the manifest".to_owned(),
                        field: name.to_owned(),
                    });
                }
            }
        }
    }
    registry
}

struct Reader<'r, 'a> {
    registry: &'r mut Registry<'a>,
    errors: &'r mut Vec<Diagnostic>,
    is_dependency: bool,
}

impl<'a> Reader<'_, 'a> {
    fn file(&mut self, document: &'a Document) {
        let root = document.root();
        let at = RegistryNode {
            document,
            node: root,
        };
        let version = root.get("file_format").or_else(|| root.get("version"));
        match version {
            Some(node) => match &node.value {
                otel_contract_model::NodeValue::Text(text)
                    if ["definition/2", "2"].contains(&text.as_str()) =>
                {
                    self.second_format(at);
                }
                otel_contract_model::NodeValue::Int(2) => self.second_format(at),
                _ => {
                    let written = node.shown();
                    let error = at.with(node).error(&codes::UNKNOWN_FORMAT, &[&written]);
                    self.errors.push(error);
                }
            },
            None if root.get("groups").is_some() => self.first_format(at),
            None => self.unread(
                at,
                "the registry",
                "a file without `groups:` or `file_format:`",
            ),
        }
    }

    /// Records a field that is not converted. Fields of dependencies are not recorded.
    fn unread(&mut self, at: RegistryNode<'a>, owner: &str, field: &str) {
        if !self.is_dependency {
            self.registry.unread.push(Unread {
                at,
                owner: owner.to_owned(),
                field: field.to_owned(),
            });
        }
    }

    /// Returns the fields of a node that must be a mapping.
    fn open(&mut self, at: RegistryNode<'a>, owner: &str) -> Option<Fields<'a>> {
        Fields::open(at, owner, self.errors)
    }

    /// Records the fields that were not read.
    fn close(&mut self, fields: Fields<'a>) {
        for (at, name) in fields.rest() {
            self.unread(at, &fields.owner, &name);
        }
    }

    /// Returns the items of a node that must be a list.
    fn items(&mut self, at: RegistryNode<'a>) -> &'a [Node] {
        match &at.node.value {
            otel_contract_model::NodeValue::List(items) => items,
            otel_contract_model::NodeValue::Null => &[],
            other => {
                let kind = other.kind();
                self.errors
                    .push(at.error(&codes::WRONG_SHAPE, &[&"a list", &kind]));
                &[]
            }
        }
    }
}
