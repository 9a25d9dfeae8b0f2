//! Rules of `scan`, and the clippy configuration that enforces them.

/// A way to bypass the contract.
#[derive(Debug)]
pub(crate) struct ScanRule {
    pub(crate) name: &'static str,
    /// One-line summary.
    pub(crate) summary: &'static str,
    /// Text under the caret.
    pub(super) label: &'static str,
    pub(crate) why: &'static str,
    pub(crate) fix: &'static str,
    pub(crate) bad: &'static str,
    pub(crate) good: &'static str,
}

const WHY: &str = "The contract does not check this name or its values: the name may be misspelt, and the values may be unbounded or personal. Queries based on the contract do not find them.";
const FIX: &str = "Declare the attribute in the contract, list it under the operation, and pass its value to the operation. `#[allow(clippy::disallowed_methods)]` on an item exempts the item from `scan` and from the clippy lint.";
const GOOD: &str = "#[instrumented_operation(shop::OrderPlace, order.id = &order.id)]\nfn place(order: &Order) -> Result<(), OrderError> {\n    Ok(())\n}\n";

pub(super) const KEY_VALUE: ScanRule = ScanRule {
    name: "raw_key_value",
    summary: "an attribute created with `KeyValue::new`",
    label: "raw `KeyValue`",
    why: WHY,
    fix: FIX,
    bad: "span.set_attribute(KeyValue::new(\"orderId\", order.id.clone()));\n",
    good: GOOD,
};

pub(super) const SET_ATTRIBUTE: ScanRule = ScanRule {
    name: "raw_set_attribute",
    summary: "an attribute set directly on a span",
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
    summary: "a field of `#[tracing::instrument]`, or an argument that it records implicitly",
    label: "recorded by `#[instrument]`",
    why: "`#[instrument]` records every argument that is not skipped, with any content, under the name of the variable.",
    fix: "Annotate the function with `#[instrumented_operation]`, which records only attributes of the contract; or use `skip_all` without `fields`.",
    bad: "#[tracing::instrument(fields(orderId = %order.id))]\nfn place(order: &Order, token: &str) {}\n",
    good: GOOD,
};

pub(super) const OUTER_SPAN: ScanRule = ScanRule {
    name: "outer_span",
    summary: "the current `tracing` span, used within an operation",
    label: "the span around the operation",
    why: "An operation is not a `tracing` span: within its function, the current `tracing` span is the span around it. Values are recorded on that span, headers name it as the parent, and spawned futures continue it.",
    fix: "Set attributes in the argument `ok(…)` of `#[instrumented_operation]`, or on the handle that its argument `as op` creates. Write headers with `TraceContext::current().inject(…)`. Spawn with `spawn` of the contract's module.",
    bad: "#[instrumented_operation(shop::OrderPlace, order.id = id)]\nasync fn place(id: &str) {\n    tokio::spawn(confirm().in_current_span());\n}\n",
    good: "#[instrumented_operation(shop::OrderPlace, order.id = id)]\nasync fn place(id: &str) {\n    shop::spawn(confirm());\n}\n",
};

pub(super) const UNPARSED: ScanRule = ScanRule {
    name: "unparsed_rust",
    summary: "a file that could not be scanned",
    label: "cannot be parsed from here on",
    why: "A file that is not valid Rust may record anything.",
    fix: "Fix the file, or exclude it with `--exclude` if it is not part of the build.",
    bad: "fn place(order: &Order {}\n",
    good: "fn place(order: &Order) {}\n",
};

/// All rules.
pub(crate) const RULES: &[&ScanRule] = &[
    &INSTRUMENT,
    &KEY_VALUE,
    &OUTER_SPAN,
    &SET_ATTRIBUTE,
    &SPAN_FIELD,
    &UNPARSED,
];

/// Section of `clippy.toml` that disallows the calls that `scan` reports.
pub(crate) const CLIPPY: &str = r#"# Calls that bypass the telemetry contract; `cargo otel-contract scan` reports them as well.
disallowed-methods = [
    { path = "opentelemetry::KeyValue::new", reason = "declare the attribute in the contract" },
    { path = "opentelemetry::Key::new", reason = "declare the attribute in the contract" },
    { path = "opentelemetry::Key::from_static_str", reason = "declare the attribute in the contract" },
    { path = "opentelemetry::trace::Span::set_attribute", reason = "pass it to the operation", allow-invalid = true },
    { path = "opentelemetry::trace::Span::set_attributes", reason = "pass it to the operation", allow-invalid = true },
    { path = "opentelemetry::trace::SpanRef::set_attribute", reason = "pass it to the operation", allow-invalid = true },
    { path = "opentelemetry::trace::SpanRef::set_attributes", reason = "pass it to the operation", allow-invalid = true },
    { path = "tracing::Span::record", reason = "pass it to the operation", allow-invalid = true },
    { path = "tracing_opentelemetry::OpenTelemetrySpanExt::set_attribute", reason = "pass it to the operation", allow-invalid = true },
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
