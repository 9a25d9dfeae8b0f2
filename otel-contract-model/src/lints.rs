//! The names of all lints, which `allow` accepts. The lints themselves are implemented in `otel-contract-cli`.

/// The names of all lints, sorted.
pub const LINTS: &[&str] = &[
    "boolean_prefix",
    "brief_quality",
    "closed_identifier",
    "comment_in_text",
    "deprecated_in_use",
    "dimension_of_no_use",
    "expired",
    "incomplete_resource",
    "large_closed_set",
    "metric_without_owner",
    "name_style",
    "namespace",
    "near_duplicate",
    "operation_without_errors",
    "owner_missing",
    "personal_name",
    "route_without_http_attributes",
    "routes_without_other",
    "schema_line",
    "section_order",
    "semconv_mismatch",
    "unit_in_name",
    "unused_allowance",
];

#[cfg(test)]
mod tests {
    use super::LINTS;

    #[test]
    fn the_lints_are_sorted() {
        assert!(LINTS.is_sorted());
    }
}
