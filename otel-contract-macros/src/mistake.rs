//! Every message of the attribute and the derives, in one place to be read through in one sitting.
//!
//! First line: what is wrong, in the contract's words. Then `help:` with the fix, then `note:` with
//! contract, version and the line that decides.

use crate::operation::Key;
use otel_contract_definition::names::{nearest, quoted, spelled};
use otel_contract_definition::{
    AttributeDefinition, Definition, GroupDefinition, Index, Indexed, Values,
};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

/// A mistake of the user's, on the tokens that are wrong.
#[derive(Debug)]
pub(crate) struct Mistake {
    start: Span,
    end: Span,
    what: String,
    help: Vec<String>,
    note: Option<String>,
}

impl Mistake {
    pub(crate) fn at(tokens: impl ToTokens, what: impl Into<String>) -> Self {
        let mut spans = tokens
            .into_token_stream()
            .into_iter()
            .map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        Self {
            start,
            end: spans.last().unwrap_or(start),
            what: what.into(),
            help: Vec::new(),
            note: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    fn note(mut self, contract: &str, at: &str) -> Self {
        self.note = Some(format!("contract {contract}, {at}"));
        self
    }
}

impl Mistake {
    /// The whole message.
    pub(crate) fn text(&self) -> String {
        let mut message = self.what.clone();
        for help in &self.help {
            message.push_str("\n  = help: ");
            message.push_str(&help.replace('\n', "\n          "));
        }
        if let Some(note) = &self.note {
            message.push_str("\n  = note: ");
            message.push_str(note);
        }
        message
    }
}

impl ToTokens for Mistake {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let message = self.text();
        // The compiler underlines from the first token to the last, so each end has its own span.
        let path = quote_spanned! {self.start=> ::core::compile_error! };
        let text = quote_spanned! {self.end=> { #message } };
        tokens.extend(path);
        tokens.extend(text);
    }
}

impl From<syn::Error> for Mistake {
    fn from(error: syn::Error) -> Self {
        Self {
            start: error.span(),
            end: error.span(),
            what: error.to_string(),
            help: Vec::new(),
            note: None,
        }
    }
}

/// The same tokens, for messages as if they stood elsewhere: names resolve as before.
pub(crate) fn at(tokens: impl ToTokens, span: Span) -> TokenStream {
    let moved = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            let mut moved = Group::new(group.delimiter(), at(group.stream(), span));
            moved.set_span(group.span().located_at(span));
            return TokenTree::Group(moved);
        }
        token.set_span(token.span().located_at(span));
        token
    };
    tokens.into_token_stream().into_iter().map(moved).collect()
}

/// Of what a definition or the index does not have.
impl Mistake {
    fn of_definition(
        definition: &Definition,
        tokens: impl ToTokens,
        what: impl Into<String>,
    ) -> Mistake {
        Mistake::at(tokens, what).note(&definition.contract, &definition.at)
    }

    fn of_attribute(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
        what: impl Into<String>,
    ) -> Mistake {
        Mistake::at(tokens, what).note(&definition.contract, &attribute.at)
    }

    /// Required attributes nobody gives.
    pub(crate) fn missing(
        definition: &Definition,
        path: impl ToTokens,
        missing: &[&AttributeDefinition],
    ) -> Mistake {
        let keys = quoted(missing.iter().map(|one| one.key.as_str()));
        let verb = if missing.len() == 1 { "is" } else { "are" };
        let given: Vec<String> = missing
            .iter()
            .map(|one| format!("{} = …", spelled(&one.key)))
            .collect();
        let mut mistake = Self::of_definition(
            definition,
            path,
            format!(
                "operation `{}` requires {keys}, which {verb} not given",
                definition.name
            ),
        )
        .help(format!("add `{}`", given.join(", ")));
        let gives = |group: &&GroupDefinition| {
            missing.iter().any(|one| {
                group
                    .given
                    .iter()
                    .any(|index| definition.attributes[*index].key == one.key)
            })
        };
        for group in definition.groups.iter().filter(gives) {
            let name = &group.name;
            mistake = mistake.help(format!(
                "`..{name} = &…` gives the whole group, from a struct that derives `Attributes`"
            ));
        }
        mistake
    }

    pub(crate) fn missing_on_success(
        definition: &Definition,
        path: impl ToTokens,
        missing: &[&AttributeDefinition],
    ) -> Mistake {
        let keys = quoted(missing.iter().map(|one| one.key.as_str()));
        let given: Vec<String> = missing
            .iter()
            .map(|one| format!("{} = …", spelled(&one.key)))
            .collect();
        Self::of_definition(
            definition,
            path,
            format!(
                "operation `{}` records {keys} on success, and no `ok(…)` gives it",
                definition.name
            ),
        )
        .help(format!("add `ok(|value| {})`", given.join(", ")))
    }

    /// A key that is none of the operation's; the index of the whole contract may know more.
    pub(crate) fn unknown(
        definition: &Definition,
        tokens: impl ToTokens,
        key: &str,
        index: Option<&Index>,
        option: bool,
    ) -> Mistake {
        let indexed = |one: &&Indexed| one.key == key;
        let secret = definition.secrets.iter().find(|(secret, _)| secret == key);
        if let Some((_, at)) = secret {
            return Mistake::at(tokens, format!("`{key}` is secret and never recorded"))
                .help("remove it: no attribute may carry this value")
                .note(&definition.contract, at);
        }
        if let Some(known) = index.and_then(|index| index.attributes.iter().find(indexed)) {
            return Mistake::at(
                tokens,
                format!("operation `{}` does not take `{key}`", definition.name),
            )
            .help(format!(
                "add `{key}` to the attributes of `{}` in the contract, or leave it out",
                definition.name
            ))
            .note(&definition.contract, &known.at);
        }
        let what = if option {
            format!(
                "`{key}` is neither an option nor an attribute of operation `{}`",
                definition.name
            )
        } else {
            format!(
                "`{key}` is not an attribute of operation `{}`",
                definition.name
            )
        };
        let mistake = Mistake::at(tokens, what);
        let own = definition
            .attributes
            .iter()
            .find(|one| one.instead_of.iter().any(|other| other == key));
        if let Some(own) = own {
            return mistake
                .help(format!("the contract's name for it is `{}`", own.key))
                .note(&definition.contract, &own.at);
        }
        let foreign = index.and_then(|index| {
            index
                .attributes
                .iter()
                .find(|one| one.instead_of.iter().any(|other| other == key))
        });
        if let Some(foreign) = foreign {
            return mistake
                .help(format!(
                    "the contract's name for it is `{}`, which operation `{}` does not take yet: add it there",
                    foreign.key, definition.name
                ))
                .note(&definition.contract, &foreign.at);
        }
        let options = if option { OPTIONS.as_slice() } else { &[] };
        let candidates = definition
            .attributes
            .iter()
            .map(|one| one.key.as_str())
            .chain(options.iter().copied());
        if let Some(near) = nearest(key, candidates) {
            let at = definition
                .attributes
                .iter()
                .find(|one| one.key == near)
                .map_or(&definition.at, |one| &one.at);
            return mistake
                .help(format!("did you mean `{near}`?"))
                .note(&definition.contract, at);
        }
        let keys = index
            .into_iter()
            .flat_map(|index| &index.attributes)
            .filter(|one| !one.secret);
        if let Some(near) = nearest(key, keys.map(|one| one.key.as_str())) {
            return mistake
                .help(format!("the contract knows `{near}`, which operation `{}` does not take yet: add it there", definition.name))
                .note(&definition.contract, &definition.at);
        }
        let all: Vec<&str> = definition
            .attributes
            .iter()
            .map(|one| one.key.as_str())
            .collect();
        let mistake = match all.as_slice() {
            [] => mistake.help(format!(
                "it takes no attributes; declare `{key}` in the contract first"
            )),
            _ => mistake.help(format!(
                "it takes {}; another one is declared in the contract first",
                quoted(all)
            )),
        };
        mistake.note(&definition.contract, &definition.at)
    }

    pub(crate) fn unknown_group(
        definition: &Definition,
        tokens: impl ToTokens,
        name: &str,
    ) -> Mistake {
        let groups: Vec<&str> = definition
            .groups
            .iter()
            .map(|group| group.name.as_str())
            .collect();
        let mistake = Self::of_definition(
            definition,
            tokens,
            format!("`{name}` is not a group of operation `{}`", definition.name),
        );
        match (nearest(name, groups.iter().copied()), groups.as_slice()) {
            (Some(near), _) => mistake.help(format!("did you mean `..{near}`?")),
            (None, []) => mistake.help(format!(
                "it has no groups; `..{} = &…` fills it from a struct of its own",
                definition.name
            )),
            (None, _) => mistake.help(format!("its groups are {}", quoted(groups))),
        }
    }

    pub(crate) fn given_twice(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
    ) -> Mistake {
        Self::of_attribute(
            definition,
            attribute,
            tokens,
            format!("`{}` is given twice", attribute.key),
        )
        .help("remove one of them: each key is recorded once")
    }

    pub(crate) fn known_on_success(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
    ) -> Mistake {
        let key = &attribute.key;
        Self::of_attribute(
            definition,
            attribute,
            tokens,
            format!("`{key}` is known only on success"),
        )
        .help(format!(
            "give it at the end: `ok(|value| {} = …)`",
            spelled(key)
        ))
    }

    pub(crate) fn sampled_already(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
    ) -> Mistake {
        Self::of_attribute(
            definition,
            attribute,
            tokens,
            format!(
                "`{}` is given to the sampler, and by then it has decided",
                attribute.key
            ),
        )
        .help("give it at entry, outside `ok(…)`")
    }

    /// A key alone, where no variable can have its name.
    pub(crate) fn no_shorthand(definition: &Definition, key: &Key) -> Mistake {
        let text = &key.tokens.to_string().replace(' ', "");
        let what = if key.literal {
            format!("`{text}` needs a value")
        } else {
            format!("`{text}` needs a value: no variable can have its name")
        };
        Self::of_definition(definition, &key.tokens, what).help(format!("write `{text} = …`"))
    }

    /// A literal outside what the attribute takes.
    pub(crate) fn not_a_value(
        definition: &Definition,
        attribute: &AttributeDefinition,
        literal: impl ToTokens,
        text: &str,
        why: Option<String>,
    ) -> Mistake {
        let key = &attribute.key;
        let mut mistake = Self::of_attribute(
            definition,
            attribute,
            literal,
            format!("`{text}` is not a value of `{key}`"),
        );
        mistake.help.extend(why);
        takes(mistake, attribute, text.trim_matches(['"', '\'']))
    }

    pub(crate) fn generic_return(definition: &Definition, returned: impl ToTokens) -> Mistake {
        let text = returned.to_token_stream().to_string().replace(' ', "");
        Mistake::at(returned, format!("whether `{text}` says that operation `{}` failed cannot be seen here", definition.name))
            .help("say it: `err(|value| …)` gets the returned value and gives `Some(class)` when it failed, `None` when not")
    }

    /// A class that `err(…)` gives and the operation does not list.
    pub(crate) fn class_beyond_the_list(
        definition: &Definition,
        class: impl ToTokens,
        name: &str,
    ) -> Mistake {
        Self::of_definition(
            definition,
            class,
            format!(
                "operation `{}` does not list the error class `{name}`",
                definition.name
            ),
        )
        .help(format!(
            "add `{name}` to its `errors` in the contract, or give a class that it lists"
        ))
    }

    /// What a derived enum lacks or has too much.
    pub(crate) fn enum_lacks(
        definition: &Definition,
        name: impl ToTokens,
        missing: &[&str],
    ) -> Mistake {
        let text = name.to_token_stream().to_string();
        Self::of_definition(
            definition,
            name,
            format!(
                "`{text}` has no variant for {} of `{}`",
                quoted(missing.iter().copied()),
                definition.name
            ),
        )
        .help("add a variant for each, or map one with `#[attribute_value(\"…\")]`")
    }

    pub(crate) fn variant_unknown(
        definition: &Definition,
        variant: impl ToTokens,
        value: &str,
        values: &[&str],
        why: Option<String>,
    ) -> Mistake {
        let mut mistake = Self::of_definition(
            definition,
            variant,
            format!("`{value}` is not a value of `{}`", definition.name),
        );
        mistake.help.extend(why);
        let closed = definition.attributes.first().map(|one| &one.values);
        let written = |value: &str| match closed {
            Some(Values::Ints(_)) => value.to_owned(),
            _ => format!("\"{value}\""),
        };
        let mistake = match nearest(value, values.iter().copied()) {
            Some(near) => mistake.help(format!(
                "did you mean `#[attribute_value({})]`?",
                written(near)
            )),
            None => mistake.help(format!("it takes {}", quoted(values.iter().copied()))),
        };
        mistake.help(format!(
            "map the variant to one of them with `#[attribute_value({})]`",
            written("…")
        ))
    }

    pub(crate) fn variant_twice(
        definition: &Definition,
        variant: impl ToTokens,
        value: &str,
    ) -> Mistake {
        Self::of_definition(
            definition,
            variant,
            format!("`{value}` of `{}` has two variants", definition.name),
        )
        .help(
            "a value may be recorded from one variant only: remove one, or map it to another value",
        )
    }

    pub(crate) fn not_closed(definition: &Definition, name: impl ToTokens) -> Mistake {
        let text = name.to_token_stream().to_string();
        Self::of_definition(
            definition,
            name,
            format!(
                "enum `{text}` cannot be checked: `{}` is not a closed set of strings or integers",
                definition.name
            ),
        )
        .help("derive it on a struct with one field, which goes through that field")
    }

    pub(crate) fn no_other(definition: &Definition, variant: impl ToTokens) -> Mistake {
        Self::of_definition(
            definition,
            variant,
            format!(
                "`{}` has no `_OTHER`: its values are final",
                definition.name
            ),
        )
        .help("map the variant to a value, or give the attribute `other: true` in the contract")
    }

    pub(crate) fn field_unknown(
        definition: &Definition,
        key_tokens: impl ToTokens,
        key: &str,
    ) -> Mistake {
        let keys: Vec<&str> = definition
            .attributes
            .iter()
            .map(|one| one.key.as_str())
            .collect();
        let claimed = definition
            .attributes
            .iter()
            .find(|one| one.instead_of.iter().any(|other| other == key));
        if let Some((_, at)) = definition.secrets.iter().find(|(secret, _)| secret == key) {
            return Mistake::at(key_tokens, format!("`{key}` is secret and never recorded"))
                .help("remove the field's `#[attribute(…)]`: no attribute may carry this value")
                .note(&definition.contract, at);
        }
        let mistake = Self::of_definition(
            definition,
            key_tokens,
            format!("`{key}` is not an attribute of `{}`", definition.name),
        );
        match (claimed, nearest(key, keys.iter().copied())) {
            (Some(own), _) => mistake.help(format!("the contract's name for it is `{}`", own.key)),
            (None, Some(near)) => mistake.help(format!("did you mean `{near}`?")),
            (None, None) => mistake.help(format!("it takes {}", quoted(keys))),
        }
    }

    pub(crate) fn fields_missing(
        definition: &Definition,
        name: impl ToTokens,
        missing: &[&str],
    ) -> Mistake {
        let text = name.to_token_stream().to_string();
        let fields: Vec<String> = missing
            .iter()
            .map(|key| format!("`#[attribute({})]`", spelled(key)))
            .collect();
        Self::of_definition(
            definition,
            name,
            format!(
                "`{text}` does not fill {}, which `{}` requires",
                quoted(missing.iter().copied()),
                definition.name
            ),
        )
        .help(format!("put {} on a field", fields.join(", ")))
    }
}

/// Of `constant!`.
impl Mistake {
    /// A constant expression; whether it is a value, rustc finds out.
    pub(crate) fn constant_outside(
        definition: &Definition,
        attribute: &AttributeDefinition,
        value: impl ToTokens,
    ) -> Mistake {
        let text = source(value.to_token_stream());
        let mistake = Self::of_attribute(
            definition,
            attribute,
            value,
            format!("`{text}` is not a value of `{}`", attribute.key),
        );
        match &attribute.values {
            Values::Strings { values, .. } => {
                let names = values.iter().map(|(value, _)| value.as_str());
                mistake.help(format!("it takes {}", quoted(names)))
            }
            _ => takes(mistake, attribute, ""),
        }
    }

    /// A type without a value behind it.
    pub(crate) fn constant_without_value(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
    ) -> Mistake {
        Self::of_attribute(
            definition,
            attribute,
            tokens,
            format!(
                "`constant!` takes a value of `{}` after its type",
                attribute.key
            ),
        )
        .help(format!("write `constant!({}, …)`", attribute.camel))
    }

    /// More than one value.
    pub(crate) fn constant_values(
        definition: &Definition,
        attribute: &AttributeDefinition,
        tokens: impl ToTokens,
    ) -> Mistake {
        Self::of_attribute(
            definition,
            attribute,
            tokens,
            format!("`constant!` takes one value of `{}`", attribute.key),
        )
        .help(format!("write `constant!({}, …)`", attribute.camel))
    }

    /// A name that is no attribute, or of one without constants.
    pub(crate) fn no_constant(index: &Index, name: &Ident) -> Mistake {
        let text = name.to_string();
        let Some(one) = index.attributes.iter().find(|one| one.camel == text) else {
            return Self::no_such(index, Kind::AttributeValue, name);
        };
        if one.secret {
            return Self::at(name, format!("`{}` is secret and never recorded", one.key))
                .help("remove it: no attribute may carry this value")
                .note(&index.contract, &one.at);
        }
        Self::at(name, format!("`{}` has no constants", one.key))
            .help("give its value where it is recorded: constants are for closed sets of values, ranges, integers and booleans")
            .note(&index.contract, &one.at)
    }

    /// Something else than the name of a type.
    pub(crate) fn constant_of(index: &Index, written: TokenStream) -> Mistake {
        let text = source(written.clone());
        let last = text.rsplit("::").next().unwrap_or(&text);
        let key = text.trim_matches('"');
        let mut attributes = index.attributes.iter().filter(|one| !one.secret);
        let meant = attributes.find(|one| one.camel == last || one.key == key);
        let help = match meant {
            Some(one) if text.contains("::") => {
                format!(
                    "name the type without its module: `constant!({}, …)`",
                    one.camel
                )
            }
            Some(one) => format!("write `constant!({}, …)`", one.camel),
            None => "write the type first, as in `constant!(RetryAttempt, 2)`".to_owned(),
        };
        Self::at(
            written,
            "`constant!` takes the type of an attribute and a value",
        )
        .help(help)
        .note(&index.contract, &index.at)
    }
}

/// What the attribute takes instead of what was written.
fn takes(mistake: Mistake, attribute: &AttributeDefinition, unquoted: &str) -> Mistake {
    match &attribute.values {
        Values::Strings { values, other } => {
            let names: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
            let near = nearest(unquoted, names.iter().copied());
            let mistake = match near {
                Some(near) => mistake.help(format!(
                    "did you mean \"{near}\"? It takes {}",
                    quoted(names)
                )),
                None => mistake.help(format!("it takes {}", quoted(names))),
            };
            if *other {
                mistake.help(format!(
                    "a value from outside is given as `{}::Other`",
                    attribute.camel
                ))
            } else {
                mistake
            }
        }
        Values::Ints(values) => {
            let names: Vec<String> = values.iter().map(|(value, _)| value.to_string()).collect();
            mistake.help(format!(
                "it takes the integers {}",
                quoted(names.iter().map(String::as_str))
            ))
        }
        Values::Range(min, max) => mistake.help(format!("it takes integers from {min} to {max}")),
        Values::Boolean => mistake.help("it takes `true` or `false`"),
        Values::Text | Values::Personal => mistake.help("it takes a string"),
        Values::Capped => mistake.help(format!(
            "it takes a string literal, or what `{}::capped(text)` makes of a string",
            attribute.camel
        )),
        Values::Newtype { capped } => mistake.help(format!(
            "it takes only `{0}`: make one with `{0}::{1}(…)` where the value is known to be one",
            attribute.camel,
            if *capped { "capped" } else { "new" },
        )),
        Values::Int => mistake.help("it takes an integer"),
        Values::Double => mistake.help("it takes a floating point number"),
        Values::Array(element) => mistake.help(format!("it takes an array of {element}")),
    }
}

/// Tokens as they are usually written.
fn source(tokens: TokenStream) -> String {
    let text = tokens.to_string();
    let text = text.replace(" :: ", "::").replace(" . ", ".");
    match text.strip_prefix("- ") {
        Some(number) => format!("-{number}"),
        None => text,
    }
}

/// Options of `#[instrumented_operation]` beside attributes.
pub(crate) const OPTIONS: [&str; 6] = ["ends_at_return", "err", "link", "ok", "parent", "stream"];

impl Mistake {
    pub(crate) fn no_such_class(index: &Index, tokens: impl ToTokens, name: &str) -> Mistake {
        let classes: Vec<&str> = index.errors.iter().map(|one| one.name.as_str()).collect();
        let mistake = Mistake::at(
            tokens,
            format!("contract {} has no error class `{name}`", index.contract),
        );
        let mistake = match nearest(name, classes.iter().copied()) {
            Some(near) => mistake.help(format!("did you mean `{near}`?")),
            None if classes.is_empty() => {
                mistake.help("it has none yet: add `errors` to the contract")
            }
            None => mistake.help(format!("it has {}", quoted(classes))),
        };
        mistake.note(&index.contract, &index.at)
    }

    /// A name behind the contract's path that is nothing of the kind.
    pub(crate) fn no_such(index: &Index, kind: Kind, name: impl ToTokens) -> Mistake {
        let text = name.to_token_stream().to_string();
        let attributes = index.attributes.iter().filter(|one| !one.secret);
        let attributes: Vec<(String, String)> = attributes
            .map(|one| (one.camel.clone(), one.key.clone()))
            .collect();
        let of = |list: &[(String, String)]| {
            list.iter()
                .find(|(rust, _)| *rust == text)
                .map(|(_, name)| name.clone())
        };
        let (what, candidates): (&str, Vec<&str>) = match kind {
            Kind::Operation => (
                "operation",
                index
                    .operations
                    .iter()
                    .map(|(rust, _)| rust.as_str())
                    .collect(),
            ),
            Kind::Attributes => (
                "group or operation",
                index
                    .groups
                    .iter()
                    .chain(&index.operations)
                    .map(|(rust, _)| rust.as_str())
                    .collect(),
            ),
            Kind::AttributeValue => (
                "attribute",
                attributes.iter().map(|(rust, _)| rust.as_str()).collect(),
            ),
        };
        let mistake = Mistake::at(
            name,
            format!("contract {} has no {what} `{text}`", index.contract),
        );
        let elsewhere = [
            ("operation", of(&index.operations)),
            ("group", of(&index.groups)),
            ("attribute", of(&attributes)),
        ];
        let elsewhere = elsewhere
            .into_iter()
            .find_map(|(kind, name)| Some((kind, name?)));
        let by_name = index
            .operations
            .iter()
            .find(|(_, name)| rust_like(name) == rust_like(&text));
        let mistake = match (
            elsewhere,
            nearest(&text, candidates.iter().copied()),
            by_name,
        ) {
            (Some((kind, name)), _, _) => {
                mistake.help(format!("it is the type of {kind} `{name}`"))
            }
            (None, Some(near), _) => mistake.help(format!("did you mean `{near}`?")),
            (None, None, Some((rust, _))) => mistake.help(format!("did you mean `{rust}`?")),
            (None, None, None) if candidates.is_empty() => {
                mistake.help(format!("it has none yet: declare one in {}", index.at))
            }
            (None, None, None) if candidates.len() <= 8 => {
                mistake.help(format!("it has {}", quoted(candidates)))
            }
            (None, None, None) => mistake.help(format!("declare it in {}", index.at)),
        };
        mistake.note(&index.contract, &index.at)
    }
}

/// What a path into the contract was used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Operation,
    Attributes,
    AttributeValue,
}

fn rust_like(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}
