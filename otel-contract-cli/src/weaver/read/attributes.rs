//! Parses attribute definitions, their uses, and fields common to all definitions.

use otel_contract_model::{Element, Node, NodeValue, Stability, Type};

use super::super::codes;
use super::super::registry::{
    Attribute, AttributeUse, Common, Deprecated, Kind, Level, Member, RegistryNode, Use,
};
use super::{Fields, Reader};

/// Fields that an export writes under `annotations.otel_contract`.
const ANNOTATION_FIELDS: [&str; 36] = [
    "allow",
    "baggage",
    "buckets",
    "budget",
    "cardinality",
    "contract",
    "deprecated",
    "errors",
    "events",
    "expected",
    "expires",
    "instead_of",
    "keys",
    "level",
    "limit",
    "metrics",
    "newtype",
    "no_brief",
    "observable",
    "order",
    "other",
    "owners",
    "privacy",
    "protect",
    "range",
    "resource",
    "route",
    "rust_name",
    "sampling",
    "sampling_relevant",
    "schema_url",
    "semconv",
    "severity",
    "template",
    "value_type",
    "version",
];

impl<'a> Reader<'_, 'a> {
    /// Parses the attributes of a group: uses and, in the first format, definitions.
    pub(super) fn uses(
        &mut self,
        at: Option<RegistryNode<'a>>,
        prefix: &str,
    ) -> (Vec<Use<'a>>, usize) {
        let mut uses = Vec::new();
        let mut definition_count = 0;
        let Some(at) = at else {
            return (uses, definition_count);
        };
        for item in self.items(at) {
            let at = at.with(item);
            if let Some(group) = item.get("ref_group") {
                if let Some(mut fields) = self.open(at, "a `ref_group`") {
                    fields.take("ref_group");
                    self.close(fields);
                }
                let group = at.with(group);
                match group.node.text() {
                    Some(id) => uses.push(Use::Group(group, id)),
                    None => self.wrong(group, "a string"),
                }
            } else if item.get("ref").is_some() {
                uses.extend(self.usage(at));
            } else if let Some(key) = self.definition(at, "id", prefix) {
                definition_count += 1;
                uses.push(Use::Attribute(AttributeUse {
                    level: item
                        .get("requirement_level")
                        .and_then(|level| self.level(at.with(level))),
                    sampling_relevant: None,
                    annotation: None,
                    at,
                    contract_key: key.clone(),
                    key,
                }));
            }
        }
        (uses, definition_count)
    }

    /// Parses a use. For a template, returns a use for each key that an export recorded.
    fn usage(&mut self, at: RegistryNode<'a>) -> Vec<Use<'a>> {
        let Some(mut fields) = self.open(at, "a `ref`") else {
            return Vec::new();
        };
        let Some(key) = fields.text("ref", self.errors) else {
            return Vec::new();
        };
        fields.owner = format!("the use of `{key}`");
        let level = fields.take("requirement_level");
        let level = level.and_then(|level| self.level(level));
        let sampling_relevant = fields.flag("sampling_relevant", self.errors);
        let annotation = self.annotations(&mut fields).0;
        let is_sampling_relevant = |annotation: &Node| {
            let flag = annotation.get("sampling_relevant").map(|flag| &flag.value);
            matches!(flag, Some(NodeValue::Bool(true)))
        };
        let sampling_relevant =
            sampling_relevant.or(annotation.map(is_sampling_relevant).filter(|flag| *flag));
        self.close(fields);
        let plain = AttributeUse {
            at,
            key: key.to_owned(),
            contract_key: key.to_owned(),
            level,
            sampling_relevant,
            annotation,
        };
        let Some(keys) = annotation.and_then(|annotation| annotation.get("keys")) else {
            return vec![Use::Attribute(plain)];
        };
        let mut uses = Vec::new();
        for item in keys.items() {
            let name = item.get("key").and_then(Node::text).unwrap_or_default();
            let level = item.get("requirement_level");
            uses.push(Use::Attribute(AttributeUse {
                contract_key: format!("{key}.{name}"),
                level: level.and_then(|level| self.level(at.with(level))),
                sampling_relevant: Some(is_sampling_relevant(item)),
                annotation: Some(item),
                ..plain.clone()
            }));
        }
        uses
    }

    /// Parses a definition and returns its key, which the format stores in `field`.
    pub(super) fn definition(
        &mut self,
        at: RegistryNode<'a>,
        field: &str,
        prefix: &str,
    ) -> Option<String> {
        let mut fields = self.open(at, "an attribute")?;
        let name = fields.required(field, self.errors)?;
        let key = if prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{prefix}.{name}")
        };
        fields.owner = format!("attribute `{key}`");
        let kind = match fields.take("type") {
            Some(written) => self.kind(written),
            None => {
                let error = at.error(&codes::MISSING, &[&fields.owner, &"type"]);
                self.errors.push(error);
                None
            }
        };
        let examples = fields.take("examples").map(|examples| examples.node);
        fields.take("requirement_level");
        fields.flag("sampling_relevant", self.errors);
        let common = self.common(&mut fields);
        self.close(fields);
        let Some(kind) = kind else {
            self.registry.with_errors.insert(key);
            return None;
        };
        self.registry.attributes.push(Attribute {
            at,
            key: key.clone(),
            kind,
            is_dependency: self.is_dependency,
            common,
            examples,
        });
        Some(key)
    }

    fn kind(&mut self, at: RegistryNode<'a>) -> Option<Kind<'a>> {
        let Some(word) = at.node.text() else {
            return self.members(at);
        };
        let inner = word
            .strip_prefix("template[")
            .and_then(|rest| rest.strip_suffix(']'));
        let kind = match (inner, word) {
            (Some("any"), _) => Some(Kind::Template(None)),
            (Some(inner), _) => plain(inner).map(|inner| Kind::Template(Some(inner))),
            (None, "any") => Some(Kind::Any),
            (None, word) => plain(word).map(Kind::Plain),
        };
        if kind.is_none() {
            const WORDS: &str = "`string`, `int`, `double`, `boolean`, their lists with `[]`, `template[…]`, `any`, a mapping with `members`";
            let error = at.error(&codes::UNKNOWN_WORD, &[&word, &"a type", &WORDS]);
            self.errors.push(error);
        }
        kind
    }

    fn members(&mut self, at: RegistryNode<'a>) -> Option<Kind<'a>> {
        let mut fields = self.open(at, "an enum")?;
        let Some(listed) = fields.take("members") else {
            let error = at.error(&codes::MISSING, &[&"the enum", &"members"]);
            self.errors.push(error);
            return None;
        };
        let refuses_others = fields.flag("allow_custom_values", self.errors) == Some(false);
        self.close(fields);
        let mut members = Vec::new();
        for item in self.items(listed) {
            members.extend(self.member(listed.with(item)));
        }
        Some(Kind::Enum(members, refuses_others))
    }

    fn member(&mut self, at: RegistryNode<'a>) -> Option<Member<'a>> {
        let mut fields = self.open(at, "a member")?;
        let id_node = at.node.get("id");
        let id = fields.required("id", self.errors)?;
        fields.owner = format!("member `{id}`");
        let value = fields.take("value").map(|value| value.node).or(id_node)?;
        let common = self.common(&mut fields);
        self.close(fields);
        Some(Member {
            at,
            id,
            value,
            common,
        })
    }

    /// Parses fields common to all definitions.
    pub(super) fn common(&mut self, fields: &mut Fields<'a>) -> Common<'a> {
        let brief = fields.text("brief", self.errors);
        let note = fields.text("note", self.errors);
        let stability = self.stability(fields);
        let deprecated = fields.take("deprecated");
        let deprecated = deprecated.and_then(|at| self.deprecated(at));
        let (annotation, metric_value_type) = self.annotations(fields);
        Common {
            brief: brief.filter(|text| !text.trim().is_empty()),
            note: note.filter(|text| !text.trim().is_empty()),
            stability,
            deprecated,
            annotation,
            metric_value_type,
        }
    }

    fn stability(&mut self, fields: &mut Fields<'a>) -> Stability {
        let Some(at) = fields.take("stability") else {
            return Stability::Development;
        };
        match at.node.text() {
            Some("stable") => Stability::Stable,
            Some("release_candidate") => Stability::ReleaseCandidate,
            Some("development") => Stability::Development,
            // Contracts have no stability between development and release candidate.
            Some(word @ ("alpha" | "beta" | "experimental" | "deprecated")) => {
                let field = format!("stability: {word}");
                self.unread(at, &fields.owner, &field);
                Stability::Development
            }
            _ => {
                const WORDS: &str = "`development`, `alpha`, `beta`, `release_candidate`, `stable`";
                let word = at.node.shown();
                let error = at.error(&codes::UNKNOWN_WORD, &[&word, &"a stability level", &WORDS]);
                self.errors.push(error);
                Stability::Development
            }
        }
    }

    fn deprecated(&mut self, at: RegistryNode<'a>) -> Option<Deprecated<'a>> {
        if let Some(note) = at.node.text() {
            return Some(Deprecated {
                renamed_to: None,
                note: Some(note),
                obsoleted: false,
            });
        }
        let mut fields = self.open(at, "`deprecated`")?;
        let reason = fields.text("reason", self.errors);
        let renamed_to = fields.text("renamed_to", self.errors);
        let note = fields.text("note", self.errors);
        self.close(fields);
        Some(Deprecated {
            renamed_to,
            note: note.filter(|note| !note.trim().is_empty()),
            obsoleted: reason == Some("obsoleted"),
        })
    }

    /// Parses the annotation of the contract, and the value type for code generators.
    fn annotations(&mut self, fields: &mut Fields<'a>) -> (Option<&'a Node>, Option<&'a str>) {
        let Some(at) = fields.take("annotations") else {
            return (None, None);
        };
        let Some(mut annotations) = self.open(at, &fields.owner) else {
            return (None, None);
        };
        let annotation = annotations.take("otel_contract");
        for (key, _) in annotation
            .iter()
            .flat_map(|annotation| annotation.node.entries())
        {
            let name = key.text().unwrap_or_default();
            if !ANNOTATION_FIELDS.contains(&name) {
                let field = format!("annotations.otel_contract.{name}");
                self.unread(at.with(key), &fields.owner, &field);
            }
        }
        let annotation = annotation.map(|annotation| annotation.node);
        let mut value_type = None;
        if let Some(generation) = annotations.take("code_generation") {
            for (key, value) in generation.node.entries() {
                match key.text() {
                    Some("metric_value_type") => value_type = value.text(),
                    other => {
                        let field = format!("annotations.code_generation.{}", other.unwrap_or("?"));
                        self.unread(generation.with(key), &fields.owner, &field);
                    }
                }
            }
        }
        for (at, name) in annotations.rest() {
            self.unread(at, &fields.owner, &format!("annotations.{name}"));
        }
        (annotation, value_type)
    }

    pub(super) fn level(&mut self, at: RegistryNode<'a>) -> Option<Level> {
        let (word, text) = match &at.node.value {
            NodeValue::Text(word) => (word.as_str(), None),
            NodeValue::Map(entries) if entries.len() == 1 => {
                let (key, text) = &entries[0];
                (key.text().unwrap_or_default(), text.text())
            }
            _ => ("", None),
        };
        let condition = |text: Option<&str>| text.map(|text| text.trim().to_owned());
        match (word, text) {
            ("required", _) => Some(Level::Required),
            ("conditionally_required", text) => {
                let text = condition(text).filter(|text| !text.is_empty());
                let text = text.unwrap_or_else(|| "if applicable".to_owned());
                Some(Level::ConditionallyRequired(text))
            }
            ("recommended" | "opt_in", text) => {
                if text.is_some() {
                    self.unread(at, "a requirement level", &format!("the text of `{word}`"));
                }
                Some(match word {
                    "recommended" => Level::Recommended,
                    _ => Level::OptIn,
                })
            }
            _ => {
                const WORDS: &str =
                    "`required`, `{ conditionally_required: … }`, `recommended`, `opt_in`";
                let word = at.node.shown();
                let error = at.error(
                    &codes::UNKNOWN_WORD,
                    &[&word, &"a requirement level", &WORDS],
                );
                self.errors.push(error);
                None
            }
        }
    }

    pub(super) fn wrong(&mut self, at: RegistryNode<'a>, expected: &str) {
        let kind = at.node.kind();
        self.errors
            .push(at.error(&codes::WRONG_SHAPE, &[&expected, &kind]));
    }
}

/// Parses a type that is neither a template nor an enum.
fn plain(word: &str) -> Option<Type> {
    Some(match word {
        "string" => Type::String,
        "int" => Type::Int,
        "double" => Type::Double,
        "boolean" => Type::Boolean,
        "string[]" => Type::Array(Element::String),
        "int[]" => Type::Array(Element::Int),
        "double[]" => Type::Array(Element::Double),
        "boolean[]" => Type::Array(Element::Boolean),
        _ => return None,
    })
}
