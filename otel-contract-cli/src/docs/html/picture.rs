//! SVG bars that show the series of a metric relative to its budget.

use super::super::facts::{Budgeted, share, total};
use super::escape::text;
use std::fmt::Write as _;

/// Width of a bar in SVG units.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 14.0;

/// Draws one bar: series on a track that represents the budget. The label contains the same numbers.
pub(super) fn bar(series: u64, budget: Option<u64>) -> String {
    let share_of = budget.map_or(1.0, |budget| part(series, budget));
    // Small values must stay visible.
    let width = if series == 0 {
        0.0
    } else {
        (WIDTH * share_of).max(4.0)
    };
    let class = level(share_of, budget);
    let label = text(&share(series, budget));
    format!(
        r#"<svg class="bar" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}"><title>{label}</title><rect class="track" width="{WIDTH}" height="{HEIGHT}" rx="3"/><rect class="used {class}" width="{width:.1}" height="{HEIGHT}" rx="3"/></svg>"#
    )
}

/// Draws one segment per metric of a contract, on a track that represents the total budget.
pub(super) fn stack(metrics: &[Budgeted<'_>], budget: Option<u64>) -> String {
    let total = total(metrics);
    let whole = budget.unwrap_or(total).max(total).max(1);
    let label = text(&share(total, budget));
    let mut parts = String::new();
    let mut from = 0.0;
    for (index, metric) in metrics.iter().enumerate() {
        let width = WIDTH * part(metric.series, whole);
        // Alternating shades separate the segments.
        let shade = index % 2;
        let name = text(&format!(
            "{}: {}",
            metric.metric,
            share(metric.series, None)
        ));
        let _ = write!(
            parts,
            r#"<rect class="part shade{shade}" x="{from:.2}" width="{width:.2}" height="{HEIGHT}"><title>{name}</title></rect>"#
        );
        from += width;
    }
    format!(
        r#"<svg class="bar total" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}"><title>{label}</title><rect class="track" width="{WIDTH}" height="{HEIGHT}" rx="3"/>{parts}</svg>"#
    )
}

fn part(series: u64, budget: u64) -> f64 {
    #[allow(
        clippy::cast_precision_loss,
        reason = "a bar does not need more precision"
    )]
    let part = series as f64 / budget.max(1) as f64;
    part.min(1.0)
}

/// Returns the color class for a share of the budget.
fn level(share: f64, budget: Option<u64>) -> &'static str {
    match budget {
        None => "plain",
        Some(_) if share >= 0.9 => "full",
        Some(_) if share >= 0.6 => "high",
        Some(_) => "low",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_long_as_its_share_and_never_longer_than_the_track() {
        assert!(bar(500, Some(1000)).contains(r#"class="used low" width="300.0""#));
        assert!(bar(950, Some(1000)).contains(r#"class="used full" width="570.0""#));
        assert!(bar(5000, Some(1000)).contains(r#"width="600.0" height="14" rx="3"/></svg>"#));
        assert!(bar(1, Some(100_000)).contains(r#"width="4.0""#));
        assert!(bar(1, Some(2)).contains("aria-label=\"at most 1 of 2 series\""));
    }
}
