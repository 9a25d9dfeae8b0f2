//! Implementations of the standard library's traits.

use super::prelude::*;
use std::fmt::{self, Display};
use std::ops::{Add, AddAssign, Deref, Index, IndexMut, Neg};
use std::str::FromStr;

pub(crate) const FORMS: &[Form] = &[
    form(
        "trait_iterator",
        || show(Countdown(3).collect::<Vec<_>>()),
        &[
            Success(&[("work.count", "3")]),
            Success(&[("work.count", "2")]),
            Success(&[("work.count", "1")]),
            Success(&[("work.count", "0")]),
        ],
    ),
    form(
        "trait_drop",
        || {
            drop(Dropped(1));
            show(())
        },
        &[Success(&[("work.count", "1")])],
    ),
    form(
        "trait_display",
        || Batch(2).to_string(),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "trait_add",
        || show((Batch(2) + Batch(3)).0),
        &[Success(&[("work.count", "2")])],
    ),
    form(
        "trait_add_assign",
        || {
            let mut batch = Batch(2);
            batch += 3;
            show(batch.0)
        },
        &[Success(&[("work.count", "3")])],
    ),
    form("trait_neg", || show((-Batch(2)).0), &[Success(&[])]),
    form(
        "trait_from_str",
        || show("7".parse::<Batch>().map(|batch| batch.0)),
        &[Success(&[("work.name", "7")])],
    ),
    form(
        "trait_from_str_error",
        || show("x".parse::<Batch>().map(|batch| batch.0)),
        &[Failure("broken", &[("work.name", "x")])],
    ),
    form(
        "trait_try_from",
        || show(Batch::try_from(-1_i64).map(|batch| batch.0)),
        &[Failure("broken", &[("work.count", "-1")])],
    ),
    form("trait_deref", || show(*Batch(2)), &[Success(&[])]),
    form(
        "trait_index",
        || {
            let mut batch = Batch(2);
            batch["x"] += 1;
            show(batch["y"])
        },
        &[
            Success(&[("work.name", "x")]),
            Success(&[("work.name", "y")]),
        ],
    ),
    form(
        "trait_default_value",
        || show(Batch::default().0),
        &[Success(&[])],
    ),
    form("trait_clone", || show(Batch(4).clone().0), &[Success(&[])]),
];

#[derive(Debug)]
struct Batch(i64);

struct Countdown(u8);

impl Iterator for Countdown {
    type Item = u8;

    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    fn next(&mut self) -> Option<u8> {
        self.0 = self.0.checked_sub(1)?;
        Some(self.0)
    }
}

#[allow(dead_code)] // Only the attribute uses it.
struct Dropped(u8);

impl Drop for Dropped {
    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    fn drop(&mut self) {
        note("dropped");
    }
}

impl Display for Batch {
    #[instrumented_operation(forms::FormRun, work.count = self.0, err(|_| forms::ErrorType::Broken))]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "batch of {}", self.0)
    }
}

impl Add for Batch {
    type Output = Batch;

    #[instrumented_operation(forms::FormRun, work.count = self.0)]
    fn add(self, other: Batch) -> Batch {
        Batch(self.0 + other.0)
    }
}

impl AddAssign<i64> for Batch {
    #[instrumented_operation(forms::FormRun, work.count = more)]
    fn add_assign(&mut self, more: i64) {
        self.0 += more;
    }
}

impl Neg for Batch {
    type Output = Self;

    #[instrumented_operation(forms::FormRun)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl FromStr for Batch {
    type Err = Broken;

    #[instrumented_operation(forms::FormRun, work.name = text)]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Batch).map_err(|_| Broken)
    }
}

impl TryFrom<i64> for Batch {
    type Error = Broken;

    #[instrumented_operation(forms::FormRun, work.count = count)]
    fn try_from(count: i64) -> Result<Self, Broken> {
        if count < 0 {
            Err(Broken)
        } else {
            Ok(Self(count))
        }
    }
}

impl Deref for Batch {
    type Target = i64;

    #[instrumented_operation(forms::FormRun)]
    fn deref(&self) -> &i64 {
        &self.0
    }
}

impl Index<&'static str> for Batch {
    type Output = i64;

    #[instrumented_operation(forms::FormRun, work.name = key)]
    #[allow(unused_variables)] // Only the attribute uses it.
    fn index(&self, key: &'static str) -> &i64 {
        &self.0
    }
}

impl IndexMut<&'static str> for Batch {
    #[instrumented_operation(forms::FormRun, work.name = key)]
    #[allow(unused_variables)] // Only the attribute uses it.
    fn index_mut(&mut self, key: &'static str) -> &mut i64 {
        &mut self.0
    }
}

impl Default for Batch {
    #[instrumented_operation(forms::FormRun)]
    fn default() -> Self {
        Self(11)
    }
}

impl Clone for Batch {
    #[instrumented_operation(forms::FormRun)]
    fn clone(&self) -> Self {
        Self(self.0 + 1)
    }
}
