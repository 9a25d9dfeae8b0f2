//! The table: case, ours, peer, ratio, goal, met.

use std::fmt::Write as _;

/// Pairs of the name of a peer and its figure.
pub(crate) type Figures = Vec<(String, f64)>;

/// Goal of a comparison.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// No goal.
    None,
    AtMost(f64),
    AtLeast(f64),
}

/// One comparison.
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) ours: f64,
    pub(crate) peer: f64,
    pub(crate) goal: Goal,
    /// Value that is compared with the goal: the ratio of ours to the peer, or ours itself.
    pub(crate) compared: f64,
    pub(crate) unit: &'static str,
}

impl Row {
    pub(crate) fn ratio(case: &str, unit: &'static str, ours: f64, peer: f64, goal: Goal) -> Self {
        Self {
            case: case.to_owned(),
            ours,
            peer,
            goal,
            compared: ours / peer,
            unit,
        }
    }

    /// Creates a row whose goal applies to the value itself, not to the ratio.
    pub(crate) fn count(case: &str, unit: &'static str, ours: f64, peer: f64, goal: Goal) -> Self {
        Self {
            compared: ours,
            ..Self::ratio(case, unit, ours, peer, goal)
        }
    }

    fn is_met(&self) -> Option<bool> {
        match self.goal {
            Goal::None => None,
            Goal::AtMost(most) => Some(self.compared <= most),
            Goal::AtLeast(least) => Some(self.compared >= least),
        }
    }
}

/// Formats the table.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| case | ours | peer | ratio | goal | met |\n| --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    for row in rows {
        let goal = match row.goal {
            Goal::None => String::new(),
            Goal::AtMost(most) => format!("≤ {}", number(most)),
            Goal::AtLeast(least) => format!("≥ {}", number(least)),
        };
        let met = match row.is_met() {
            None => "",
            Some(true) => "yes",
            Some(false) => "**no**",
        };
        let value = row.ours / row.peer;
        let ratio = if value.is_finite() {
            format!("{value:.2}")
        } else {
            String::new()
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {ratio} | {goal} | {met} |",
            row.case,
            figure(row.ours, row.unit),
            figure(row.peer, row.unit),
        );
    }
    text
}

fn figure(value: f64, unit: &str) -> String {
    if value.is_nan() {
        return String::new();
    }
    let digits = match unit {
        "ns" | "B" | "instr." => 0,
        _ => 2,
    };
    let text = format!("{value:.digits$} {unit}");
    text.trim_end().to_owned()
}

fn number(goal: f64) -> String {
    if goal.fract() == 0.0 {
        format!("{goal:.0}")
    } else {
        format!("{goal:.2}")
    }
}
