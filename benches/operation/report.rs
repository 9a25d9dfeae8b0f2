//! The table: case, ours, peer, ratio, goal, met.

use std::fmt::Write as _;

/// A figure of each peer, by its name.
pub(crate) type Figures = Vec<(String, f64)>;

/// What a ratio has to be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// Nothing was promised.
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
    /// What is held to the goal; ours to peer, if nothing else.
    pub(crate) held: f64,
    pub(crate) unit: &'static str,
}

impl Row {
    pub(crate) fn ratio(case: &str, unit: &'static str, ours: f64, peer: f64, goal: Goal) -> Self {
        Self {
            case: case.to_owned(),
            ours,
            peer,
            goal,
            held: ours / peer,
            unit,
        }
    }

    /// Held to the goal itself, not as a ratio.
    pub(crate) fn count(case: &str, unit: &'static str, ours: f64, peer: f64, goal: Goal) -> Self {
        Self {
            held: ours,
            ..Self::ratio(case, unit, ours, peer, goal)
        }
    }

    fn met(&self) -> Option<bool> {
        match self.goal {
            Goal::None => None,
            Goal::AtMost(most) => Some(self.held <= most),
            Goal::AtLeast(least) => Some(self.held >= least),
        }
    }
}

/// How the table is printed.
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
        let met = match row.met() {
            None => "",
            Some(true) => "yes",
            Some(false) => "**no**",
        };
        let ratio = row.ours / row.peer;
        let ratio = if ratio.is_finite() {
            format!("{ratio:.2}")
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
