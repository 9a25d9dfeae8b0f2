//! What `scan` finds, and what forbids it for good.

/// A way around the contract.
#[derive(Debug)]
pub(crate) struct ScanRule {
    pub(crate) name: &'static str,
    /// What it is, in one line.
    pub(crate) summary: &'static str,
    /// What stands under the caret.
    pub(super) label: &'static str,
    pub(crate) why: &'static str,
    pub(crate) fix: &'static str,
    pub(crate) bad: &'static str,
    pub(crate) good: &'static str,
}

const WHY: &str = "Nothing holds this name and its values to the contract: it may be misspelt, unbounded or personal, and no query written from the contract finds it.";
const FIX: &str = "Declare the attribute in the contract, list it at the operation, and give it there; `#[allow(clippy::disallowed_methods)]` at an item makes an exception for both `scan` and clippy.";
const GOOD: &str = "#[instrumented_operation(shop::OrderPlace, order.id = &order.id)]\nfn place(order: &Order) -> Result<(), OrderError> {\n    Ok(())\n}\n";

pub(super) const KEY_VALUE: ScanRule = ScanRule {
    name: "raw_key_value",
    summary: "an attribute made by `KeyValue::new`",
    label: "raw `KeyValue`",
    why: WHY,
    fix: FIX,
    bad: "span.set_attribute(KeyValue::new(\"orderId\", order.id.clone()));\n",
    good: GOOD,
};

pub(super) const SET_ATTRIBUTE: ScanRule = ScanRule {
    name: "raw_set_attribute",
    summary: "an attribute given to a span by hand",
    label: "raw attribute",
    why: WHY,
    fix: FIX,
    bad: "tracing::Span::current().set_attribute(\"orderId\", order.id.clone());\n",
    good: GOOD,
};

pub(super) const SPAN_FIELD: ScanRule = ScanRule {
    name: "raw_span_field",
    summary: "a field of a `tracing` span",
    label: "raw span field",
    why: WHY,
    fix: FIX,
    bad: "let span = tracing::info_span!(\"place_order\", orderId = %order.id);\n",
    good: GOOD,
};

pub(super) const INSTRUMENT: ScanRule = ScanRule {
    name: "raw_instrument_field",
    summary: "a field of `#[tracing::instrument]`, or an argument that it records unasked",
    label: "recorded by `#[instrument]`",
    why: "`#[instrument]` records every argument that it is not told to skip, whatever is in it, under the name of the variable.",
    fix: "Annotate the function with `#[instrumented_operation]`, which records what the contract lists and nothing else; or say `skip_all` and no `fields`.",
    bad: "#[tracing::instrument(fields(orderId = %order.id))]\nfn place(order: &Order, token: &str) {}\n",
    good: GOOD,
};

pub(super) const UNPARSED: ScanRule = ScanRule {
    name: "unparsed_rust",
    summary: "a file that could not be looked at",
    label: "cannot be read from here on",
    why: "What cannot be read as Rust may record anything.",
    fix: "Mend the file, or leave it out with `--exclude` if it is no source of the build.",
    bad: "fn place(order: &Order {}\n",
    good: "fn place(order: &Order) {}\n",
};

/// All of them.
pub(crate) const RULES: &[&ScanRule] = &[
    &INSTRUMENT,
    &KEY_VALUE,
    &SET_ATTRIBUTE,
    &SPAN_FIELD,
    &UNPARSED,
];

/// The section of `clippy.toml` that forbids what `scan` finds.
pub(crate) const CLIPPY: &str = r#"# What goes around the telemetry contract; `cargo otel-contract scan` finds the same.
disallowed-methods = [
    { path = "opentelemetry::KeyValue::new", reason = "declare the attribute in the contract" },
    { path = "opentelemetry::Key::new", reason = "declare the attribute in the contract" },
    { path = "opentelemetry::Key::from_static_str", reason = "declare the attribute in the contract" },
    { path = "opentelemetry::trace::Span::set_attribute", reason = "give it to the operation", allow-invalid = true },
    { path = "opentelemetry::trace::Span::set_attributes", reason = "give it to the operation", allow-invalid = true },
    { path = "opentelemetry::trace::SpanRef::set_attribute", reason = "give it to the operation", allow-invalid = true },
    { path = "opentelemetry::trace::SpanRef::set_attributes", reason = "give it to the operation", allow-invalid = true },
    { path = "tracing::Span::record", reason = "give it to the operation", allow-invalid = true },
    { path = "tracing_opentelemetry::OpenTelemetrySpanExt::set_attribute", reason = "give it to the operation", allow-invalid = true },
]
disallowed-macros = [
    { path = "tracing::span", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
    { path = "tracing::trace_span", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
    { path = "tracing::debug_span", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
    { path = "tracing::info_span", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
    { path = "tracing::warn_span", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
    { path = "tracing::error_span", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
    { path = "tracing::instrument", reason = "annotate the function with `#[instrumented_operation]`", allow-invalid = true },
]
"#;
