//! Bar chart of the cost per operation by peer, with one group for each scene. Supports light and dark backgrounds.

use crate::cases::Measured;
use otel_contract_benches::scene::Scene;
use std::fmt::Write as _;

/// The scenes of the chart with their titles.
const GROUPS: [(Scene, &str); 4] = [
    (Scene::Sampled, "Sampled: span and metrics are recorded"),
    (Scene::UnsampledParent, "Not sampled: metrics are recorded"),
    (Scene::Fails, "Sampled, and the body fails"),
    (Scene::None, "No provider is installed"),
];

/// The peers of the chart: their names in the measurement and in the chart.
const PEERS: [(&str, &str); 8] = [
    ("ours", "otel-contract"),
    ("floor", "floor: SDK, everything prepared"),
    ("by hand, span alone", "by hand, the span alone"),
    ("by hand", "by hand, span and metrics"),
    ("fastrace", "fastrace, metrics by hand"),
    ("tracing", "tracing-opentelemetry, metrics by hand"),
    ("autometrics", "autometrics (no span)"),
    ("in_span", "no-op tracer's in_span"),
];

const WIDTH: f64 = 840.0;
/// Start of the bars. The names are to the left.
const LEFT: f64 = 300.0;
/// Length of the longest bar. The figures are to the right.
const ROOM: f64 = 430.0;
const BAR: f64 = 18.0;
const STEP: f64 = 24.0;
const TOP: f64 = 62.0;
const HEADING: f64 = 34.0;

pub(crate) fn draw(measured: &Measured) -> String {
    let groups = GROUPS.map(|(scene, title)| {
        let bars: Vec<(&str, &str, f64)> = PEERS
            .iter()
            .map(|(peer, name)| (*peer, *name, measured.time(scene, peer)))
            .filter(|(.., time)| time.is_finite())
            .collect();
        (title, bars)
    });
    let all_bars = groups.iter().flat_map(|(_, bars)| bars);
    let longest = all_bars.fold(1.0_f64, |longest, (.., time)| longest.max(*time));
    let mut bars = String::new();
    let mut y = TOP;
    for (title, group) in &groups {
        y += HEADING;
        let _ = writeln!(
            bars,
            r#"<text class="group" x="24" y="{:.0}">{title}</text>"#,
            y - 12.0
        );
        for (peer, name, time) in group {
            bar(&mut bars, y, peer, name, *time, time / longest * ROOM);
            y += STEP;
        }
    }
    frame(y + 20.0, &bars)
}

fn bar(text: &mut String, y: f64, peer: &str, name: &str, time: f64, length: f64) {
    let class = match peer {
        "ours" => "ours",
        "floor" => "floor",
        _ => "peer",
    };
    let base = y + BAR - 5.0;
    let _ = writeln!(
        text,
        r#"<text class="{class} name" x="{:.0}" y="{base:.0}">{name}</text>
<rect class="{class}" x="{LEFT:.0}" y="{y:.0}" width="{:.1}" height="{BAR:.0}" rx="3"/>
<text class="figure" x="{:.1}" y="{base:.0}">{time:.0}</text>"#,
        LEFT - 10.0,
        length.max(2.0),
        LEFT + length.max(2.0) + 7.0,
    );
}

fn frame(height: f64, content: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0} {height:.0}" role="img" aria-labelledby="title about">
<title id="title">Nanoseconds per operation, by instrumentation method</title>
<desc id="about">Bars, shorter is better: the same operation with five attributes, a duration and the number of active operations.</desc>
<style>
text {{ font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #57606a; }}
.title {{ font-size: 17px; font-weight: 600; fill: #1f2328; }}
.group {{ font-weight: 600; fill: #1f2328; }}
.name {{ text-anchor: end; }}
text.ours {{ font-weight: 600; fill: #1f2328; }}
.figure {{ font-variant-numeric: tabular-nums; }}
rect.ours {{ fill: #0969da; }}
rect.floor {{ fill: #afb8c1; }}
rect.peer {{ fill: #8c959f; }}
.ground {{ fill: #ffffff; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #9198a1; }}
  .title, .group, text.ours {{ fill: #f0f6fc; }}
  rect.ours {{ fill: #4493f8; }}
  rect.floor {{ fill: #3d444d; }}
  rect.peer {{ fill: #656c76; }}
  .ground {{ fill: #0d1117; }}
}}
</style>
<rect class="ground" width="{WIDTH:.0}" height="{height:.0}" rx="6"/>
<text class="title" x="24" y="34">Nanoseconds per operation, shorter is better</text>
<text x="24" y="54">Five attributes; a duration by two dimensions and outcome; the number of active operations. Spans are dropped.</text>
{content}</svg>
"#
    )
}
