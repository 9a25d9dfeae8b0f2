//! The catalogue of all errors of a contract, with their texts, so that they can be read in one sitting.
//!
//! Numbers are stable: the number of a retired code is never used again. In the texts, each `{}` takes the next
//! argument, `{1}` takes the argument with that index, and `{{` is a brace.

use std::ops::Deref;

/// A kind of error: its number and its texts.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Number as shown in messages: `OC0107`.
    pub id: &'static str,
    /// Description of the error, in the words of the contract.
    pub message: &'static str,
    /// Text under the carets.
    pub label: &'static str,
    /// How to fix the error; empty if the fix depends on the case.
    pub help: &'static str,
}

/// A [`Code`] of the catalogue with the number of arguments that its texts take, so that a missing argument
/// does not compile.
#[derive(Debug)]
pub struct Template<const ARGUMENTS: usize>(Code);

impl<const ARGUMENTS: usize> Deref for Template<ARGUMENTS> {
    type Target = Code;
    fn deref(&self) -> &Code {
        &self.0
    }
}

impl<const ARGUMENTS: usize> PartialEq<Template<ARGUMENTS>> for Code {
    fn eq(&self, other: &Template<ARGUMENTS>) -> bool {
        *self == other.0
    }
}

/// Returns the number of arguments that the texts of a code take. Fails to compile if a text is malformed.
const fn arguments(code: &Code) -> usize {
    let (message, label) = (placeholders(code.message), placeholders(code.label));
    let help = placeholders(code.help);
    let most = if message > label { message } else { label };
    if most > help { most } else { help }
}

const fn placeholders(text: &str) -> usize {
    let text = text.as_bytes();
    let (mut at, mut next, mut count) = (0, 0, 0);
    while at < text.len() {
        let (index, width) = match text[at] {
            b'{' | b'}' if text[at + 1] == text[at] => (None, 2),
            b'{' if text[at + 1] == b'}' => {
                next += 1;
                (Some(next - 1), 2)
            }
            b'{' => {
                assert!(text[at + 2] == b'}', "an index must be one digit");
                (Some((text[at + 1] - b'0') as usize), 3)
            }
            b'}' => panic!("write a literal brace twice"),
            _ => (None, 1),
        };
        at += width;
        if let Some(index) = index
            && index >= count
        {
            count = index + 1;
        }
    }
    count
}

/// Defines the codes and the list of all of them.
macro_rules! catalogue {
    ($( $(#[$meta:meta])* pub const $name:ident = $code:expr; )+) => {
        $( $(#[$meta])* pub const $name: Template<{ arguments(&$code) }> = Template($code); )+

        /// All codes, by number.
        pub const ALL: &[&Code] = &[$(&$name.0),+];
    };
}

catalogue! {
    // OC00xx: reading the file.

    /// A file that does not exist.
    pub const MISSING_FILE = Code {
        id: "OC0001",
        message: "file `{}` not found",
        label: "no such file",
        help: "a path in `contract!` is relative to the crate, a path in `include` to the including file",
    };

    /// A folder where a file is expected.
    pub const FOLDER = Code {
        id: "OC0002",
        message: "`{}` is a folder, not a contract file",
        label: "not a file",
        help: "name a file in the folder",
    };

    /// A file with invalid UTF-8.
    pub const NOT_UTF8 = Code {
        id: "OC0003",
        message: "`{}` is not valid UTF-8: invalid bytes on line {}",
        label: "not UTF-8",
        help: "save the file as UTF-8",
    };

    /// A file over 4 MiB.
    pub const TOO_LARGE = Code {
        id: "OC0004",
        message: "`{}` is larger than 4 MiB",
        label: "too large",
        help: "split the contract into several files, and `include` them",
    };

    /// A file that cannot be read.
    pub const UNREADABLE = Code {
        id: "OC0005",
        message: "`{}` cannot be read: {}",
        label: "cannot be read",
        help: "",
    };

    /// A file without content.
    pub const EMPTY_FILE = Code {
        id: "OC0006",
        message: "the file is empty",
        label: "",
        help: "start with `contract: name` and `version: 0.1.0`; an included file may start with `attributes:`",
    };

    /// A YAML syntax error.
    pub const NOT_YAML = Code {
        id: "OC0007",
        message: "invalid YAML: {}",
        label: "parsing stops here",
        help: "",
    };

    /// A second YAML document in one file.
    pub const SECOND_DOCUMENT = Code {
        id: "OC0008",
        message: "the file contains a second document",
        label: "a contract file is a single document",
        help: "remove the `---`, or move the second document to its own file and `include` it",
    };

    /// A YAML tag.
    pub const TAG = Code {
        id: "OC0009",
        message: "YAML tags have no meaning in a contract",
        label: "tagged value",
        help: "remove the tag `!…`; for a string, quote the value",
    };

    /// Nesting that is too deep.
    pub const TOO_DEEP = Code {
        id: "OC0010",
        message: "nested deeper than {} levels",
        label: "too deep",
        help: "reduce the nesting",
    };

    /// Aliases that expand to too many values.
    pub const ALIAS_BOMB = Code {
        id: "OC0011",
        message: "aliases expand to more than 100,000 values",
        label: "expands to too many values",
        help: "use fewer aliases; attributes that several operations use can be listed once in `groups`",
    };

    /// An alias inside its own anchor.
    pub const RECURSIVE_ALIAS = Code {
        id: "OC0012",
        message: "this alias is inside its own anchor",
        label: "recursive alias",
        help: "write the value out",
    };

    /// A repeated key in a mapping.
    pub const DUPLICATE_KEY = Code {
        id: "OC0013",
        message: "duplicate key `{}`",
        label: "repeated here",
        help: "remove one of them",
    };

    /// A value of the wrong type.
    pub const WRONG_TYPE = Code {
        id: "OC0014",
        message: "expected {}, found {}",
        label: "expected {}",
        help: "",
    };

    /// An unknown field.
    pub const UNKNOWN_FIELD = Code {
        id: "OC0015",
        message: "unknown field `{}`",
        label: "not a field of {1}",
        help: "",
    };

    /// An unknown value of a field with a closed set of words.
    pub const UNKNOWN_WORD = Code {
        id: "OC0016",
        message: "`{}` is not {}",
        label: "unknown value",
        help: "",
    };

    /// A missing required field.
    pub const MISSING_FIELD = Code {
        id: "OC0017",
        message: "{} has no `{}`",
        label: "missing `{1}`",
        help: "",
    };

    /// A file that includes itself, directly or not.
    pub const INCLUDE_CYCLE = Code {
        id: "OC0018",
        message: "`{}` includes itself",
        label: "closes the include cycle",
        help: "remove one of the includes in the cycle",
    };

    /// A field that only the root file may have, in an included file.
    pub const ROOT_ONLY_FIELD = Code {
        id: "OC0019",
        message: "`{}` belongs in the root file of the contract",
        label: "not allowed in an included file",
        help: "move it to `{1}`",
    };

    /// An include that is not a relative path.
    pub const INCLUDE_PATH = Code {
        id: "OC0020",
        message: "`{}` is not a relative path with `/` separators",
        label: "not a relative path",
        help: "write a path relative to this file: `shared/account.yaml`",
    };

    /// An empty text.
    pub const EMPTY_TEXT = Code {
        id: "OC0021",
        message: "`{}` is empty",
        label: "empty text",
        help: "write a sentence",
    };

    /// A YAML merge key.
    pub const MERGE_KEY = Code {
        id: "OC0022",
        message: "merge keys (`<<`) are not supported",
        label: "merge key",
        help: "write the merged entries out; attributes that several operations use can be listed once in `groups`",
    };

    /// An integer that does not fit in 64 bits.
    pub const BEYOND_INTEGERS = Code {
        id: "OC0023",
        message: "`{}` does not fit in a 64-bit integer",
        label: "out of range",
        help: "use an integer from -9223372036854775808 to 9223372036854775807",
    };

    // OC01xx: attributes, their values and cardinality.

    /// An attribute without a type or values.
    pub const MISSING_TYPE = Code {
        id: "OC0101",
        message: "`{}` has no `type`",
        label: "needs a `type` or `values`",
        help: "add `type: string`, or list the `values`",
    };

    /// An attribute whose cardinality class is not written and cannot be derived.
    pub const UNDECIDABLE_CARDINALITY = Code {
        id: "OC0102",
        message: "`{}` has no cardinality class: the number of distinct values is unknown",
        label: "needs a cardinality class",
        help: "",
    };

    /// An attribute without a privacy class.
    pub const MISSING_PRIVACY = Code {
        id: "OC0103",
        message: "`{}` has no `privacy` class",
        label: "needs a privacy class",
        help: "add `privacy: internal` (or `public`, `personal`, `secret`), or `defaults: {{ privacy: internal }}` to the contract",
    };

    /// A limit on an attribute that is not bounded.
    pub const LIMIT_WITHOUT_BOUNDED = Code {
        id: "OC0104",
        message: "`{}` has a `limit` but is not bounded",
        label: "only bounded attributes have a limit",
        help: "",
    };

    /// A bounded attribute without a limit.
    pub const BOUNDED_WITHOUT_LIMIT = Code {
        id: "OC0105",
        message: "`{}` is bounded but has no `limit`",
        label: "needs a `limit`",
        help: "add `limit: 50`, the number of distinct values to record before `_OTHER`",
    };

    /// A range of an attribute that is not an integer.
    pub const RANGE_NOT_INT = Code {
        id: "OC0106",
        message: "`{}` has a `range` but its type is `{}`",
        label: "only integers have a range",
        help: "use `type: int`, or list the `values`",
    };

    /// An unbounded attribute as a dimension of a metric.
    pub const UNBOUNDED_DIMENSION = Code {
        id: "OC0107",
        message: "attribute `{}` is unbounded and cannot label a metric",
        label: "unbounded attribute used here",
        help: "",
    };

    /// A closed set without values.
    pub const EMPTY_VALUES = Code {
        id: "OC0108",
        message: "`{}` has an empty list of values",
        label: "no values",
        help: "list at least one value, or replace `values` by `type: string` and `cardinality: unbounded`",
    };

    /// A value listed twice.
    pub const REPEATED_VALUE = Code {
        id: "OC0109",
        message: "value `{}` is listed twice",
        label: "listed again here",
        help: "remove one of them",
    };

    /// A value whose type differs from its attribute.
    pub const VALUE_TYPE = Code {
        id: "OC0110",
        message: "value `{}` of `{}` is not {}",
        label: "not {2}",
        help: "",
    };

    /// Values of a type that cannot list them.
    pub const VALUES_NOT_SUPPORTED = Code {
        id: "OC0111",
        message: "an attribute of type `{}` cannot list `values`",
        label: "only strings and integers can be listed",
        help: "",
    };

    /// A cardinality class that the values contradict.
    pub const CLASS_CONTRADICTS = Code {
        id: "OC0112",
        message: "`{}` {}, so it is closed, not {}",
        label: "contradicts the values",
        help: "remove `cardinality`; it follows from the values",
    };

    /// A closed attribute without values.
    pub const CLOSED_WITHOUT_VALUES = Code {
        id: "OC0113",
        message: "`{}` is closed, but its values are not listed",
        label: "closed, without known values",
        help: "",
    };

    /// An invalid range.
    pub const BAD_RANGE = Code {
        id: "OC0114",
        message: "`range` must be two integers, lowest first",
        label: "not a range",
        help: "write `range: [0, 5]`",
    };

    /// An invalid limit.
    pub const BAD_LIMIT = Code {
        id: "OC0115",
        message: "`limit` must be {}, got `{}`",
        label: "not a valid limit",
        help: "use a `limit` from 1 to 4294967295",
    };

    /// A bounded attribute that is not a string.
    pub const BOUNDED_NOT_STRING = Code {
        id: "OC0116",
        message: "`{}` is bounded but its type is `{}`",
        label: "only strings can be bounded",
        help: "",
    };

    /// `other` without a closed set of strings.
    pub const OTHER_WITHOUT_STRINGS = Code {
        id: "OC0117",
        message: "`other` needs a list of string `values`",
        label: "only for listed strings",
        help: "remove `other`, or list the `values` as strings",
    };

    /// `newtype` on an attribute other than a string without listed values.
    pub const NEWTYPE_NOT_STRING = Code {
        id: "OC0118",
        message: "`newtype` has no effect on `{}`: {}",
        label: "only for strings without listed values",
        help: "remove `newtype`",
    };

    /// An example that is not a value of its attribute.
    pub const BAD_EXAMPLE = Code {
        id: "OC0119",
        message: "example `{}` is not a value of `{}`",
        label: "not {2}",
        help: "",
    };

    /// `instead_of` that names an attribute of the contract.
    pub const INSTEAD_OF_EXISTING = Code {
        id: "OC0120",
        message: "`instead_of` lists `{}`, which is an attribute of this contract",
        label: "existing attribute",
        help: "remove it here; if that attribute is an old name, deprecate it with `replaced_by`",
    };

    /// A name in `instead_of` of two attributes.
    pub const INSTEAD_OF_TWICE = Code {
        id: "OC0121",
        message: "`{}` is already listed in `instead_of` of `{}`",
        label: "listed again here",
        help: "keep it only at the attribute that users mean",
    };

    /// A template without keys.
    pub const TEMPLATE_WITHOUT_KEYS = Code {
        id: "OC0122",
        message: "template `{}` does not list its `keys`",
        label: "needs `keys`",
        help: "add the keys, for example `keys: [x-request-id]`; if there are none yet, write `keys: []`",
    };

    /// Keys of an attribute that is not a template.
    pub const KEYS_WITHOUT_TEMPLATE = Code {
        id: "OC0123",
        message: "`{}` has `keys` but is not a template",
        label: "only templates have keys",
        help: "write the name as `{}.<key>`, or remove `keys`",
    };

    /// A template that does not end in its placeholder.
    pub const BAD_TEMPLATE = Code {
        id: "OC0124",
        message: "`{}` is not a valid template",
        label: "invalid template",
        help: "a template is a namespace, a dot and one placeholder of lowercase letters and `_`: `http.request.header.<key>`",
    };

    /// A name that is not in the bundled semantic conventions.
    pub const UNKNOWN_SEMCONV = Code {
        id: "OC0125",
        message: "`{}` is not in the bundled semantic conventions",
        label: "unknown attribute",
        help: "declare it under `attributes`",
    };

    /// Both values and a range.
    pub const VALUES_AND_RANGE = Code {
        id: "OC0126",
        message: "`{}` has both `values` and a `range`",
        label: "conflicts with `values`",
        help: "keep `range` for consecutive integers, and `values` otherwise",
    };

    /// `_OTHER` in the values of an attribute with `other`.
    pub const RESERVED_VALUE = Code {
        id: "OC0127",
        message: "`other: true` already adds `_OTHER`",
        label: "already added by `other`",
        help: "remove `_OTHER` from the `values`",
    };

    /// A template of the semantic conventions without a key.
    pub const SEMCONV_TEMPLATE = Code {
        id: "OC0128",
        message: "`{}` is a template of the semantic conventions, not an attribute",
        label: "template used as an attribute",
        help: "list the keys you use",
    };

    /// A semantic-convention attribute without a fixed type.
    pub const SEMCONV_OF_ANY_TYPE = Code {
        id: "OC0129",
        message: "`{}` has no fixed type in the semantic conventions, so a contract cannot check it",
        label: "no fixed type",
        help: "declare it under `attributes`, with the type your services record",
    };

    // OC02xx: privacy.

    /// A personal attribute without protection.
    pub const PERSONAL_WITHOUT_PROTECT = Code {
        id: "OC0201",
        message: "`{}` is personal but not protected",
        label: "needs `protect`",
        help: "add `protect: hash`, `protect: mask` or `protect: {{ keep_last: 4 }}`",
    };

    /// Protection of an attribute that is not personal.
    pub const PROTECT_WITHOUT_PERSONAL = Code {
        id: "OC0202",
        message: "`{}` is protected but not personal",
        label: "only personal attributes are protected",
        help: "use `privacy: personal`, or remove `protect`",
    };

    /// A personal attribute that cannot be protected.
    pub const PERSONAL_NOT_STRING = Code {
        id: "OC0203",
        message: "`{}` is personal but not an unbounded string",
        label: "only unbounded strings can be protected",
        help: "use `type: string` and `cardinality: unbounded`, or another `privacy`",
    };

    /// A secret attribute in use.
    pub const SECRET_USED = Code {
        id: "OC0204",
        message: "attribute `{}` is secret and must not be recorded",
        label: "secret attribute used here",
        help: "remove it: secret attributes are never recorded",
    };

    /// A personal attribute as a dimension of a metric.
    pub const PERSONAL_DIMENSION = Code {
        id: "OC0205",
        message: "attribute `{}` is personal and cannot label a metric",
        label: "personal attribute used here",
        help: "",
    };

    /// A non-public attribute in baggage.
    pub const BAGGAGE_NOT_PUBLIC = Code {
        id: "OC0206",
        message: "attribute `{}` is not public and cannot travel as baggage",
        label: "{1} attribute used here",
        help: "",
    };

    /// A personal attribute in the resource.
    pub const PERSONAL_RESOURCE = Code {
        id: "OC0207",
        message: "attribute `{}` is personal and cannot describe a resource",
        label: "personal attribute used here",
        help: "remove it: a resource describes a service, not a person",
    };

    /// An invalid default privacy class.
    pub const BAD_DEFAULT_PRIVACY = Code {
        id: "OC0208",
        message: "attributes cannot be {} by default",
        label: "not a valid default",
        help: "use `public` or `internal` here, and `privacy: {}` on individual attributes",
    };

    /// An invalid number of characters.
    pub const BAD_KEEP_LAST = Code {
        id: "OC0209",
        message: "`keep_last` must be {}, got `{}`",
        label: "not a valid number of characters",
        help: "use a number from 1 to 4294967295, or `protect: mask`",
    };

    /// Value rules of a secret. A secret is never recorded, so the rules have no effect.
    pub const SECRET_WITH_VALUES = Code {
        id: "OC0210",
        message: "`{}` is secret, so `{}` has no effect",
        label: "a secret is never recorded",
        help: "remove it, or choose another `privacy`",
    };

    /// A list in baggage.
    pub const BAGGAGE_LIST = Code {
        id: "OC0211",
        message: "attribute `{}` is a list and cannot travel as baggage",
        label: "list used here",
        help: "remove it: baggage carries single values, and is sent with every request",
    };

    // OC03xx: names.

    /// A contract name that is not a Rust module name.
    pub const BAD_CONTRACT_NAME = Code {
        id: "OC0301",
        message: "contract name `{}` is not a valid Rust module name",
        label: "not a valid module name",
        help: "use lowercase letters, digits and `_`, start with a letter, and avoid Rust keywords",
    };

    /// A name that breaks OpenTelemetry's naming rules.
    pub const BAD_NAME = Code {
        id: "OC0302",
        message: "`{}` is not a valid name",
        label: "breaks the naming rules",
        help: "use lowercase words of letters, digits and `_`, each starting with a letter, separated by dots: `order.item_count`",
    };

    /// A name in a reserved namespace.
    pub const RESERVED_NAMESPACE = Code {
        id: "OC0303",
        message: "`{}` is in the namespace `otel`, which is reserved for OpenTelemetry",
        label: "reserved namespace",
        help: "choose a namespace of your own",
    };

    /// A declaration of `error.type`.
    pub const BUILT_IN = Code {
        id: "OC0304",
        message: "`error.type` is built in and cannot be declared",
        label: "built-in attribute",
        help: "remove it, and list its values under `errors`",
    };

    /// Two names with the same Rust name.
    pub const RUST_NAME_CLASH = Code {
        id: "OC0305",
        message: "{} and {} both become `{}` in Rust",
        label: "{3} `{2}` too",
        help: "give one of them a `rust_name`",
    };

    /// A Rust name that the generated module reserves.
    pub const RESERVED_RUST_NAME = Code {
        id: "OC0306",
        message: "{} `{}` becomes `{}` in Rust, which the generated module reserves",
        label: "becomes `{2}`",
        help: "give it a `rust_name`",
    };

    /// An invalid `rust_name`.
    pub const BAD_RUST_NAME = Code {
        id: "OC0307",
        message: "`{}` is not a valid Rust name",
        label: "not a valid Rust name",
        help: "use ASCII letters, digits and `_`, starting with a letter: `OrderId`",
    };

    /// A value without letters or digits.
    pub const NO_RUST_NAME = Code {
        id: "OC0308",
        message: "value `{}` cannot become a Rust name",
        label: "no letters or digits",
        help: "write `{{ value: \"{}\", rust_name: Name }}`",
    };

    /// Two values with the same variant.
    pub const VALUE_NAME_CLASH = Code {
        id: "OC0309",
        message: "values `{}` and `{}` both become `{}` in Rust",
        label: "becomes `{2}` too",
        help: "write `{{ value: \"{1}\", rust_name: Other{2} }}`",
    };

    /// An error class with the name of an outcome.
    pub const RESERVED_ERROR = Code {
        id: "OC0310",
        message: "`{}` is a built-in outcome and cannot be an error name",
        label: "built-in outcome",
        help: "choose another name for the error",
    };

    /// A name declared in two files.
    pub const DUPLICATE_DEFINITION = Code {
        id: "OC0311",
        message: "{} `{}` is declared twice",
        label: "declared again here",
        help: "remove one of them",
    };

    /// A metric with the name of a metric of an operation.
    pub const METRIC_NAME_TAKEN = Code {
        id: "OC0312",
        message: "metric `{}` is already recorded by operation `{}`",
        label: "recorded by the operation",
        help: "rename it, or switch off the operation's metrics with `metrics: false`",
    };

    /// An entry without a name.
    pub const EMPTY_NAME = Code {
        id: "OC0313",
        message: "empty name {}",
        label: "expected a name",
        help: "name it in lowercase words separated by dots: `invoice.create`",
    };

    // OC04xx: references.

    /// An unknown attribute.
    pub const UNKNOWN_ATTRIBUTE = Code {
        id: "OC0401",
        message: "`{}` is not an attribute of the contract",
        label: "unknown attribute",
        help: "declare it under `attributes`",
    };

    /// An unknown group.
    pub const UNKNOWN_GROUP = Code {
        id: "OC0402",
        message: "`{}` is not a group of the contract",
        label: "unknown group",
        help: "declare it under `groups`",
    };

    /// An unknown error class.
    pub const UNKNOWN_ERROR = Code {
        id: "OC0403",
        message: "`{}` is not an error of the contract",
        label: "unknown error",
        help: "declare it under `errors`",
    };

    /// An unknown event.
    pub const UNKNOWN_EVENT = Code {
        id: "OC0404",
        message: "`{}` is not an event of the contract",
        label: "unknown event",
        help: "declare it under `events`",
    };

    /// `on_success` outside of an operation.
    pub const ON_SUCCESS_MISPLACED = Code {
        id: "OC0405",
        message: "`on_success` has no meaning in {}",
        label: "only operations succeed",
        help: "use `required` or `recommended`",
    };

    /// `sampling_relevant` outside of an operation.
    pub const SAMPLING_MISPLACED = Code {
        id: "OC0406",
        message: "`sampling_relevant` has no meaning in {}",
        label: "only operations are sampled",
        help: "remove it",
    };

    /// `sampling_relevant` on an attribute that is known only on success.
    pub const SAMPLING_TOO_LATE = Code {
        id: "OC0407",
        message: "`{}` is known only on success, after the sampling decision",
        label: "known too late",
        help: "use `required` or `recommended`, or remove `sampling_relevant`",
    };

    /// `error.type` in an operation, group or resource.
    pub const ERROR_TYPE_IMPLIED = Code {
        id: "OC0408",
        message: "`error.type` is not allowed in {}",
        label: "{1}",
        help: "remove it; list the classes under `errors`",
    };

    /// A name listed twice.
    pub const REPEATED_REFERENCE = Code {
        id: "OC0409",
        message: "`{}` is listed twice",
        label: "listed again here",
        help: "remove one of them",
    };

    /// A dimension that is not an attribute of the operation.
    pub const DIMENSION_NOT_USED = Code {
        id: "OC0410",
        message: "dimension `{}` is not an attribute of {}",
        label: "missing from the `attributes`",
        help: "",
    };

    /// No requirement level, or two.
    pub const AMBIGUOUS_LEVEL = Code {
        id: "OC0411",
        message: "a requirement level needs either `level` or `conditionally_required`",
        label: "exactly one of them expected",
        help: "write `{{ level: required, sampling_relevant: true }}`",
    };

    /// A requirement level without its condition.
    pub const EMPTY_CONDITION = Code {
        id: "OC0412",
        message: "`conditionally_required` has no condition",
        label: "missing condition",
        help: "write `{{ conditionally_required: \"when …\" }}`",
    };

    // OC05xx: operations and metrics.

    /// A sampling ratio outside of 0 to 1.
    pub const BAD_RATIO = Code {
        id: "OC0501",
        message: "sampling `ratio` must be between 0 and 1, got `{}`",
        label: "out of range",
        help: "use a `ratio` from 0 to 1; `0.1` keeps one trace in ten",
    };

    /// An invalid duration.
    pub const BAD_DURATION = Code {
        id: "OC0502",
        message: "`{}` is not a duration",
        label: "not a duration",
        help: "write a positive number with `ms`, `s`, `min` or `h`: `500ms`, `2s`",
    };

    /// Boundaries that do not increase.
    pub const BAD_BUCKETS = Code {
        id: "OC0503",
        message: "histogram boundaries must increase",
        label: "not greater than the previous boundary",
        help: "sort the `buckets` and remove repeated ones",
    };

    /// Boundaries of a metric that is not a histogram.
    pub const BUCKETS_NOT_HISTOGRAM = Code {
        id: "OC0504",
        message: "metric `{}` has `buckets` but is not a histogram",
        label: "only histograms have buckets",
        help: "use `instrument: histogram`, or remove the `buckets`",
    };

    /// An observable histogram.
    pub const OBSERVABLE_HISTOGRAM = Code {
        id: "OC0505",
        message: "metric `{}` is a histogram and cannot be observable",
        label: "a histogram cannot use a callback",
        help: "remove `observable`, or choose another instrument",
    };

    /// A unit that is not a UCUM unit.
    pub const BAD_UNIT = Code {
        id: "OC0506",
        message: "`{}` is not a UCUM unit{}",
        label: "expected a UCUM unit",
        help: "write a UCUM code such as `s` or `By`, `\"1\"` for a ratio, or the counted thing in braces: `\"{{request}}\"`",
    };

    /// A metric with more series than its budget.
    pub const SERIES_OVER_BUDGET = Code {
        id: "OC0507",
        message: "`{}` can produce more series than {} budget: {} > {}",
        label: "over {1} budget",
        help: "use fewer dimensions or values, or raise `budget: {{ series_per_metric }}`",
    };

    /// More series in total than the budget.
    pub const TOTAL_OVER_BUDGET = Code {
        id: "OC0508",
        message: "the metrics of the contract can produce more series than the budget: {} > {}",
        label: "over budget",
        help: "remove dimensions, or raise the budget; the largest metric is `{2}`: {3}",
    };

    /// An invalid budget.
    pub const BAD_BUDGET = Code {
        id: "OC0509",
        message: "the budget must be at least 1, got `{}`",
        label: "not a valid budget",
        help: "use a number of at least 1",
    };

    /// An invalid boundary.
    pub const BAD_BOUNDARY = Code {
        id: "OC0510",
        message: "`{}` is not a valid histogram boundary",
        label: "invalid boundary",
        help: "",
    };

    /// A route with an unknown method.
    pub const UNKNOWN_METHOD = Code {
        id: "OC0511",
        message: "`{}` is not an HTTP method",
        label: "unknown method",
        help: "",
    };

    /// A route whose path is not a path.
    pub const NOT_A_PATH = Code {
        id: "OC0512",
        message: "`{}` is not the path of a route",
        label: "{1}",
        help: "",
    };

    /// A route with a query or a fragment.
    pub const ROUTE_WITH_QUERY = Code {
        id: "OC0513",
        message: "a route has no {}",
        label: "not part of the path",
        help: "",
    };

    /// A route with an empty segment.
    pub const EMPTY_SEGMENT = Code {
        id: "OC0514",
        message: "`{}` has an empty segment",
        label: "empty segment",
        help: "write one `/`",
    };

    /// A route with a character that clients percent-encode.
    pub const ROUTE_CHARACTER = Code {
        id: "OC0515",
        message: "`{}` is not allowed in a path",
        label: "must be percent-encoded",
        help: "",
    };

    /// A parameter of a route in the syntax of another framework.
    pub const FOREIGN_PARAMETER = Code {
        id: "OC0516",
        message: "`{}` is not a parameter of a route",
        label: "syntax of another framework",
        help: "",
    };

    /// A malformed parameter of a route.
    pub const BAD_PARAMETER = Code {
        id: "OC0517",
        message: "parameter `{}` {}",
        label: "invalid parameter",
        help: "",
    };

    /// Two parameters of a route with the same name.
    pub const REPEATED_PARAMETER = Code {
        id: "OC0518",
        message: "parameter `{}` occurs twice in this route",
        label: "repeated here",
        help: "give each parameter its own name",
    };

    /// A parameter for the rest of the path that does not end the route.
    pub const REST_NOT_LAST = Code {
        id: "OC0519",
        message: "`{}` matches the rest of the path, so nothing can follow",
        label: "not at the end of the route",
        help: "",
    };

    /// A route of an operation that is neither a server nor a consumer.
    pub const ROUTE_NOT_SERVER = Code {
        id: "OC0520",
        message: "`{}` has a `route` but its kind is `{}`",
        label: "only servers and consumers have routes",
        help: "",
    };

    /// Routes that match the same requests.
    pub const AMBIGUOUS_ROUTE = Code {
        id: "OC0521",
        message: "route `{}` matches requests that `{}` of `{}` matches too",
        label: "ambiguous route",
        help: "",
    };

    /// A second route for the requests that match no other route.
    pub const SECOND_OTHER_ROUTE = Code {
        id: "OC0522",
        message: "`_OTHER` is already a route of `{}`",
        label: "second `_OTHER`",
        help: "remove it: requests that match no other route are a single operation",
    };

    // OC06xx: versions and life cycle.

    /// A version that is not SemVer.
    pub const BAD_VERSION = Code {
        id: "OC0601",
        message: "`{}` is not a SemVer version",
        label: "not a version",
        help: "write three numbers: `1.2.0`",
    };

    /// A deprecation without advice.
    pub const DEPRECATED_WITHOUT_ADVICE = Code {
        id: "OC0602",
        message: "`{}` is deprecated without a replacement or note",
        label: "needs `replaced_by` or `note`",
        help: "add `replaced_by: name`, or a `note`",
    };

    /// An unknown replacement.
    pub const UNKNOWN_REPLACEMENT = Code {
        id: "OC0603",
        message: "replacement `{}` is not {} of the contract",
        label: "unknown replacement",
        help: "",
    };

    /// An entry that replaces itself.
    pub const REPLACED_BY_ITSELF = Code {
        id: "OC0604",
        message: "`{}` cannot replace itself",
        label: "the same name",
        help: "name another replacement, or explain in a `note`",
    };

    /// A date that is not in the calendar.
    pub const BAD_DATE = Code {
        id: "OC0605",
        message: "`{}` is not a calendar date",
        label: "not a calendar date",
        help: "write year, month and day: `2027-01-31`",
    };

    /// An allowance of an unknown lint.
    pub const UNKNOWN_LINT = Code {
        id: "OC0606",
        message: "unknown lint `{}`",
        label: "unknown lint",
        help: "",
    };

    /// An invalid schema URL.
    pub const BAD_SCHEMA_URL = Code {
        id: "OC0607",
        message: "`{}` is not a schema URL",
        label: "not a URL",
        help: "write `https://…/1.2.0`",
    };

    /// A removal before the deprecation.
    pub const REMOVED_TOO_EARLY = Code {
        id: "OC0608",
        message: "`{}` is removed in {}, before it is deprecated in {}",
        label: "before `since`",
        help: "use a later `removed_in`, or an earlier `since`",
    };

    /// An entry that is still declared in the version that removes it.
    pub const REMOVED_BY_NOW = Code {
        id: "OC0609",
        message: "`{}` is still declared, but `removed_in` is {} and the contract is at {}",
        label: "version already reached",
        help: "remove it and its uses, or use a later `removed_in`",
    };

    /// `emit: both` without a replacement.
    pub const EMIT_WITHOUT_REPLACEMENT = Code {
        id: "OC0610",
        message: "`{}` has `emit: both` but no `replaced_by`",
        label: "needs `replaced_by`",
        help: "name the other key with `replaced_by`, or remove `emit`",
    };

    /// `emit: both` without a version that removes the old key.
    pub const EMIT_WITHOUT_END = Code {
        id: "OC0611",
        message: "`{}` has `emit: both` but no `removed_in`",
        label: "needs `removed_in`",
        help: "add `removed_in`, the version that stops recording the old key",
    };

    /// `emit` of an entry that is not an attribute.
    pub const EMIT_MISPLACED = Code {
        id: "OC0612",
        message: "`emit` has no meaning for {}",
        label: "only attributes have a key",
        help: "remove it",
    };

    /// `emit: both` of two attributes with different values.
    pub const EMIT_OTHER_VALUES = Code {
        id: "OC0613",
        message: "`{}` and `{}` cannot record the same value: {}",
        label: "needs the same value for both keys",
        help: "give both the same values and privacy, or remove `emit`",
    };

    /// A use of both keys of an attribute with `emit: both`.
    pub const EMIT_TWICE = Code {
        id: "OC0614",
        message: "{} lists `{}` and its old name `{}`, but recording one key records both",
        label: "records the same key twice",
        help: "remove the old name: code that still sets it compiles with a deprecation warning",
    };
}

/// The help for an invalid key of a template.
pub(crate) const TEMPLATE_KEY: &str =
    "template keys are lowercase words of letters, digits, `_` and `-`, separated by single dots";

/// Returns the limit that a number violates, for fields whose value must be from 1 to 4294967295.
pub(crate) fn violated_limit(number: i64) -> &'static str {
    if number < 1 {
        "at least 1"
    } else {
        "at most 4294967295"
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(ALL.is_sorted_by(|a, b| a.id < b.id));
    }

    #[test]
    fn messages_begin_in_lowercase_and_have_no_full_stop() {
        for code in ALL {
            let message = code.message.replace("YAML", "yaml");
            assert!(
                !message.starts_with(|c: char| c.is_uppercase()),
                "{}",
                code.id
            );
            assert!(
                !message.ends_with('.') && !code.help.ends_with('.'),
                "{}",
                code.id
            );
        }
    }
}
