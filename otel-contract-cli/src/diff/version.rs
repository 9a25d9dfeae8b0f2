//! `SemVer`: whether a declared version is large enough for what changed.
//!
//! From 1.0.0 on, a step moves the number of its name. Before, as cargo reads it: in `0.y.z` a major
//! step moves `y`, any other `z`; in `0.0.z` every step moves `z`. A pre-release may change anything
//! until its release, which is held to the version before.

use super::Step;
use std::cmp::Ordering;
use std::fmt;

/// A version as semver.org defines it, without the build, which orders nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    /// The identifiers after the dash; empty: a release.
    pre: Vec<String>,
}

impl Version {
    /// Reads a version that the model has found sound.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.split('+').next().unwrap_or_default();
        let (core, pre) = text.split_once('-').unwrap_or((text, ""));
        let mut numbers = core.split('.').map(str::parse::<u64>);
        let mut next = || numbers.next()?.ok();
        let (major, minor, patch) = (next()?, next()?, next()?);
        let pre = pre.split('.').filter(|part| !part.is_empty());
        Some(Self {
            major,
            minor,
            patch,
            pre: pre.map(str::to_owned).collect(),
        })
    }

    fn core(&self) -> (u64, u64, u64) {
        (self.major, self.minor, self.patch)
    }

    fn release(major: u64, minor: u64, patch: u64) -> Self {
        Self {
            major,
            minor,
            patch,
            pre: Vec::new(),
        }
    }

    /// The least release that a step needs after this one.
    fn after(&self, step: Step) -> Self {
        let Self {
            major,
            minor,
            patch,
            ..
        } = *self;
        match (major, minor, step) {
            (0, 0, _) => Self::release(0, 0, patch.saturating_add(1)),
            (0, _, Step::Major) => Self::release(0, minor.saturating_add(1), 0),
            (0, _, _) | (_, _, Step::Patch) => Self::release(major, minor, patch.saturating_add(1)),
            (_, _, Step::Minor) => Self::release(major, minor.saturating_add(1), 0),
            (_, _, Step::Major) => Self::release(major.saturating_add(1), 0, 0),
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let pre = || match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let (ours, theirs) = (self.pre.iter(), other.pre.iter());
                let parts = ours.zip(theirs).map(|(a, b)| identifiers(a, b));
                parts
                    .fold(Ordering::Equal, Ordering::then)
                    .then_with(|| self.pre.len().cmp(&other.pre.len()))
            }
        };
        self.core().cmp(&other.core()).then_with(pre)
    }
}

/// Numbers by value and before words, words by their letters.
fn identifiers(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre.join("."))?;
        }
        Ok(())
    }
}

/// What the declared version is to the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing changed that a version would have to tell.
    Unchanged,
    /// The version is large enough.
    Enough,
    /// It is not: the least one that is.
    TooSmall(Version),
    /// It is less than the one before: the least one that is enough.
    Backwards(Version),
}

impl Verdict {
    /// Whether the declared version will do.
    pub(crate) fn is_fine(&self) -> bool {
        matches!(self, Self::Unchanged | Self::Enough)
    }

    /// The least version that is enough, where the declared one is not.
    pub(crate) fn needed(&self) -> Option<&Version> {
        match self {
            Self::Unchanged | Self::Enough => None,
            Self::TooSmall(needed) | Self::Backwards(needed) => Some(needed),
        }
    }
}

/// Holds a declared version against the step it has to make.
pub(super) fn verdict(old: &str, new: &str, step: Option<Step>) -> Verdict {
    let (Some(old), Some(new)) = (Version::parse(old), Version::parse(new)) else {
        // The model lets only versions through; without one there is nothing to hold against.
        return Verdict::Unchanged;
    };
    let needed = match step {
        None => old.clone(),
        // A pre-release promises nothing: the next one, or its release, may change anything.
        Some(_) if !old.pre.is_empty() => Version::release(old.major, old.minor, old.patch),
        Some(step) => old.after(step),
    };
    if new < old {
        return Verdict::Backwards(needed);
    }
    let enough = match step {
        None => return Verdict::Unchanged,
        Some(_) if !old.pre.is_empty() => new > old,
        // A pre-release of the version that is needed is on its way to it.
        Some(_) => new.core() >= needed.core(),
    };
    if enough {
        Verdict::Enough
    } else {
        Verdict::TooSmall(needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_has_its_least_version() {
        let cases = [
            ("1.2.3", Step::Patch, "1.2.4"),
            ("1.2.3", Step::Minor, "1.3.0"),
            ("1.2.3", Step::Major, "2.0.0"),
            ("0.2.3", Step::Patch, "0.2.4"),
            ("0.2.3", Step::Minor, "0.2.4"),
            ("0.2.3", Step::Major, "0.3.0"),
            ("0.0.3", Step::Patch, "0.0.4"),
            ("0.0.3", Step::Minor, "0.0.4"),
            ("0.0.3", Step::Major, "0.0.4"),
        ];
        for (old, step, needed) in cases {
            let expected = Version::parse(needed).expect("a version");
            let too_small = verdict(old, old, Some(step));
            assert_eq!(too_small, Verdict::TooSmall(expected), "{old} {step:?}");
            assert_eq!(verdict(old, needed, Some(step)), Verdict::Enough, "{old}");
            assert_eq!(verdict(old, "1000.0.0", Some(step)), Verdict::Enough);
        }
    }

    #[test]
    fn a_smaller_step_than_the_change_is_too_small() {
        let too_small = |old, new, step| !verdict(old, new, Some(step)).is_fine();
        assert!(too_small("1.2.3", "1.2.4", Step::Minor));
        assert!(too_small("1.2.3", "1.9.9", Step::Major));
        assert!(too_small("0.2.3", "0.2.9", Step::Major));
        assert!(!too_small("0.2.3", "1.0.0", Step::Major));
    }

    #[test]
    fn a_pre_release_of_the_needed_version_is_enough_and_promises_nothing() {
        let fine = |old, new| verdict(old, new, Some(Step::Major)).is_fine();
        assert!(fine("1.2.3", "2.0.0-rc.1"));
        assert!(!fine("1.2.3", "1.3.0-rc.1"));
        assert!(fine("2.0.0-rc.1", "2.0.0-rc.2"));
        assert!(fine("2.0.0-rc.1", "2.0.0"));
        assert!(!fine("2.0.0-rc.1", "2.0.0-rc.1"));
    }

    #[test]
    fn a_version_does_not_go_backwards_even_when_nothing_changed() {
        let one = Version::parse("1.2.3").expect("a version");
        assert_eq!(verdict("1.2.3", "1.2.2", None), Verdict::Backwards(one));
        assert_eq!(verdict("1.2.3", "1.2.3", None), Verdict::Unchanged);
        assert_eq!(verdict("1.2.3", "1.3.0", None), Verdict::Unchanged);
    }

    #[test]
    fn versions_are_ordered_as_semver_says() {
        let sorted = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
        ];
        let versions: Vec<Version> = sorted
            .iter()
            .map(|text| Version::parse(text).expect("a version"))
            .collect();
        assert!(versions.is_sorted());
        let build = Version::parse("1.0.0+build.5").expect("a version");
        assert_eq!(build.to_string(), "1.0.0");
    }
}
