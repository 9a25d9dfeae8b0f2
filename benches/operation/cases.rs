//! The compared cases and their goals.

use crate::code_size;
use crate::programs::Programs;
use crate::report::{Figures, Goal, Row};
use otel_contract_benches::scene::{POLLS, Scene};
use std::error::Error;

/// All measurements.
pub(crate) struct Measured {
    times: Vec<(Scene, Figures)>,
    /// Allocations and bytes.
    allocations: Vec<(Scene, [Figures; 2])>,
    instructions: Vec<(Scene, Figures)>,
    /// Bytes of code per function that `otel-contract` and hand-written instrumentation add.
    size: Option<[f64; 2]>,
}

/// The scenes whose allocations and instructions are counted.
const COUNTED: [Scene; 4] = [
    Scene::None,
    Scene::Sampled,
    Scene::Unsampled,
    Scene::UnsampledParent,
];

impl Measured {
    pub(crate) fn take(programs: &Programs, rounds: usize) -> Result<Self, Box<dyn Error>> {
        let size = code_size::measure()?;
        let mut times = Vec::new();
        for scene in Scene::ALL {
            // Fewer rounds, because a round with exporters waits for the exports.
            let rounds = if scene == Scene::Otlp {
                rounds / 8 + 1
            } else {
                rounds
            };
            times.push((scene, programs.times(scene, rounds)?));
        }
        let (mut allocations, mut instructions) = (Vec::new(), Vec::new());
        for scene in COUNTED {
            allocations.push((scene, programs.allocations(scene)?));
            let peers = if scene == Scene::None {
                ["ours", "in_span"].as_slice()
            } else {
                ["ours", "by hand", "floor"].as_slice()
            };
            let counted = peers
                .iter()
                .filter_map(|peer| Some(((*peer).to_owned(), programs.instructions(scene, peer)?)));
            instructions.push((scene, counted.collect()));
        }
        Ok(Self {
            times,
            allocations,
            instructions,
            size,
        })
    }

    /// Returns the nanoseconds per call of a peer; NaN if the scene does not have the peer.
    pub(crate) fn time(&self, scene: Scene, peer: &str) -> f64 {
        of(&self.times, scene).map_or(f64::NAN, |figures| figure(figures, peer))
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = self.against_hand();
        rows.extend(self.against_published());
        rows.extend(self.against_the_floor());
        rows.extend(self.other_scenes());
        rows.extend(self.counts());
        rows
    }

    /// Compares `otel-contract` with a peer in the same scene.
    fn row(&self, case: &str, scene: Scene, peer: &str, goal: Goal) -> Row {
        let (ours, peer) = (self.time(scene, "ours"), self.time(scene, peer));
        Row::ratio(case, "ns", ours, peer, goal)
    }

    fn against_hand(&self) -> Vec<Row> {
        use Scene::{Sampled, Unsampled, UnsampledParent};
        vec![
            self.row(
                "sampled, against hand-written span + metrics",
                Sampled,
                "by hand",
                Goal::AtMost(0.5),
            ),
            self.row(
                "sampled, against hand-written span + metrics with the SDK's own tracer",
                Sampled,
                "by hand, SDK's tracer",
                Goal::None,
            ),
            self.row(
                "sampled, user-supplied provider, against hand-written",
                Scene::OwnProvider,
                "by hand",
                Goal::None,
            ),
            self.row(
                "sampled with its metrics, against the hand-written span alone",
                Sampled,
                "by hand, span alone",
                Goal::AtMost(1.0),
            ),
            self.row(
                "unsampled (by the parent), against hand-written span + metrics",
                UnsampledParent,
                "by hand",
                // The operation has its own span id, and so its own context, like the root of a trace.
                Goal::AtMost(0.32),
            ),
            self.row(
                "unsampled (root of the trace), against hand-written span + metrics",
                Unsampled,
                "by hand",
                Goal::AtMost(0.25),
            ),
        ]
    }

    fn against_published(&self) -> Vec<Row> {
        use Scene::{Sampled, Unsampled, UnsampledParent};
        let mut rows = Vec::new();
        for (peer, sampled, by_parent, at_root) in [
            (
                "tracing",
                Goal::AtMost(0.28),
                Goal::AtMost(0.17),
                Goal::AtMost(0.12),
            ),
            ("fastrace", Goal::None, Goal::None, Goal::None),
            ("autometrics", Goal::None, Goal::None, Goal::None),
        ] {
            let name = match peer {
                "tracing" => "tracing + tracing-opentelemetry + metrics",
                "fastrace" => "fastrace + metrics",
                peer => peer,
            };
            for (which, scene, goal) in [
                ("sampled", Sampled, sampled),
                ("unsampled (by the parent)", UnsampledParent, by_parent),
                ("unsampled (root of the trace)", Unsampled, at_root),
            ] {
                rows.push(self.row(&format!("{which}, against {name}"), scene, peer, goal));
            }
        }
        rows
    }

    fn against_the_floor(&self) -> Vec<Row> {
        let floor = self.time(Scene::Sampled, "floor");
        let mut rows = vec![self.row(
            "sampled, against the floor",
            Scene::Sampled,
            "floor",
            Goal::AtMost(1.1),
        )];
        for (case, peer) in [
            ("sampled with `ok(…)`, against the floor", "ours, ok(…)"),
            ("sampled with a handle, against the floor", "ours, as op"),
        ] {
            let ours = self.time(Scene::Sampled, peer);
            rows.push(Row::ratio(case, "ns", ours, floor, Goal::None));
        }
        let hand = self.time(Scene::Sampled, "by hand");
        rows.push(Row::ratio(
            "for comparison: the floor, against hand-written",
            "ns",
            floor,
            hand,
            Goal::None,
        ));
        rows.push(self.row(
            "sampled, user-supplied provider, against the floor",
            Scene::OwnProvider,
            "floor",
            Goal::None,
        ));
        for peer in ["by hand", "tracing"] {
            let least = self.time(Scene::Unsampled, "floor, not sampled");
            let case =
                format!("for comparison: the lower limit of an unsampled root, against {peer}");
            let peer = self.time(Scene::Unsampled, peer);
            rows.push(Row::ratio(&case, "ns", least, peer, Goal::None));
        }
        rows
    }

    fn other_scenes(&self) -> Vec<Row> {
        let poll = |who: &str| {
            let whole = self.time(Scene::Async, who);
            let once = self.time(Scene::Async, &format!("{who}, one poll"));
            (whole - once) / f64::from(u32::try_from(POLLS - 1).unwrap_or(1))
        };
        let mut rows = vec![
            self.row(
                "no provider installed, against a no-op tracer's `in_span`",
                Scene::None,
                "in_span",
                Goal::AtMost(0.3),
            ),
            self.row(
                "async: 10 polls, against `FutureExt::with_context`",
                Scene::Async,
                "by hand",
                Goal::AtMost(1.0),
            ),
            Row::ratio(
                "async: one additional poll, against `FutureExt::with_context`",
                "ns",
                poll("ours"),
                poll("by hand"),
                Goal::None,
            ),
            self.row(
                "failure path with `error.type`, against hand-written",
                Scene::Fails,
                "by hand",
                Goal::AtMost(0.7),
            ),
            self.row(
                "batch processor and OTLP to loopback, against hand-written",
                Scene::Otlp,
                "by hand",
                Goal::None,
            ),
            self.row(
                "batch processor and OTLP to loopback, against the floor",
                Scene::Otlp,
                "floor",
                Goal::None,
            ),
        ];
        for (series, goal) in [
            ("different series", Goal::AtLeast(1.8)),
            ("the same series", Goal::None),
        ] {
            let [ours, floor] =
                ["ours", "floor"].map(|who| self.time(Scene::Threads, &format!("{who}, {series}")));
            let case = format!(
                "two threads, {series}: throughput relative to one thread (column `peer`: the floor)"
            );
            rows.push(Row::count(&case, "×", ours, floor, goal));
        }
        let machine = self.time(Scene::Threads, "nothing shared");
        rows.push(Row::count(
            "two threads without shared memory: parallelism of the machine",
            "×",
            f64::NAN,
            machine,
            Goal::None,
        ));
        rows
    }

    fn counts(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (scene, peer, most) in [
            (Scene::Sampled, "by hand", 4.0),
            (Scene::UnsampledParent, "by hand", 1.0),
            (Scene::Unsampled, "by hand", 1.0),
            (Scene::None, "in_span", 0.0),
        ] {
            let which = description(scene);
            let Some([allocations, bytes]) = of(&self.allocations, scene) else {
                continue;
            };
            let pair = |figures| (figure(figures, "ours"), figure(figures, peer));
            let (ours, theirs) = pair(allocations);
            let case = format!("allocations, {which}");
            rows.push(Row::count(&case, "", ours, theirs, Goal::AtMost(most)));
            let (ours, theirs) = pair(bytes);
            let case = format!("bytes allocated, {which}");
            rows.push(Row::count(&case, "B", ours, theirs, Goal::None));
        }
        for (scene, peers) in &self.instructions {
            for (peer, count) in peers.iter().filter(|(peer, _)| peer != "ours") {
                let case = format!("instructions, {}, against {peer}", description(*scene));
                let ours = figure(peers, "ours");
                rows.push(Row::ratio(&case, "instr.", ours, *count, Goal::None));
            }
        }
        if let Some([ours, hand]) = self.size {
            rows.push(Row::ratio(
                "code per annotated function, release, against hand-written",
                "B",
                ours,
                hand,
                Goal::AtMost(1.0),
            ));
        }
        rows
    }
}

/// Returns the words for a counted scene in the table.
fn description(scene: Scene) -> &'static str {
    match scene {
        Scene::None => "no provider",
        Scene::Unsampled => "unsampled (root of the trace)",
        Scene::UnsampledParent => "unsampled (by the parent)",
        scene => scene.name(),
    }
}

fn of<T>(measurements: &[(Scene, T)], scene: Scene) -> Option<&T> {
    let found = measurements.iter().find(|(measured, _)| *measured == scene);
    found.map(|(_, figures)| figures)
}

fn figure(figures: &Figures, peer: &str) -> f64 {
    let found = figures.iter().find(|(name, _)| name == peer);
    found.map_or(f64::NAN, |(_, figure)| *figure)
}
