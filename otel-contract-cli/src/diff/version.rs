//! `SemVer`: checks whether the declared version covers the changes.
//!
//! From 1.0.0 on, a step raises the part of the version with the same name. Before 1.0.0, the rules are those of cargo:
//! in `0.y.z` a major step raises `y` and any other step raises `z`; in `0.0.z` every step raises `z`. Between
//! pre-releases any change is allowed, because the changes are checked when the final release is compared with the last
//! release.

use super::Step;
use std::cmp::Ordering;
use std::fmt;

/// A version as defined by semver.org. Build metadata is dropped, because it does not affect the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    /// Identifiers after the dash; empty for a release.
    pre: Vec<String>,
}

impl Version {
    /// Parses a version that the model has validated.
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

    /// Returns the smallest release that allows this step.
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
                let (left, right) = (self.pre.iter(), other.pre.iter());
                let parts = left.zip(right).map(|(a, b)| identifiers(a, b));
                parts
                    .fold(Ordering::Equal, Ordering::then)
                    .then_with(|| self.pre.len().cmp(&other.pre.len()))
            }
        };
        self.core().cmp(&other.core()).then_with(pre)
    }
}

/// Compares identifiers. Numbers come before words. Numbers are ordered by value, words by their letters.
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

/// Result of checking the declared version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No changes, so no new version is needed.
    Unchanged,
    /// The version covers the changes.
    Enough,
    /// The version is too low; contains the required version.
    TooSmall(Version),
    /// The version is lower than the previous version; contains the required version.
    Backwards(Version),
}

impl Verdict {
    /// Returns whether the declared version is acceptable.
    pub(crate) fn is_fine(&self) -> bool {
        matches!(self, Self::Unchanged | Self::Enough)
    }

    /// Returns the required version, if the declared version is not acceptable.
    pub(crate) fn needed(&self) -> Option<&Version> {
        match self {
            Self::Unchanged | Self::Enough => None,
            Self::TooSmall(needed) | Self::Backwards(needed) => Some(needed),
        }
    }
}

/// Checks the declared version against the largest step.
pub(super) fn verdict(old: &str, new: &str, step: Option<Step>) -> Verdict {
    let (Some(old), Some(new)) = (Version::parse(old), Version::parse(new)) else {
        // The model has validated both versions, so parsing never fails here.
        return Verdict::Unchanged;
    };
    let needed = match step {
        None => old.clone(),
        // Any change is allowed between pre-releases, and between a pre-release and its release.
        Some(_) if !old.pre.is_empty() => Version::release(old.major, old.minor, old.patch),
        Some(step) => old.after(step),
    };
    if new < old {
        return Verdict::Backwards(needed);
    }
    let enough = match step {
        None => return Verdict::Unchanged,
        Some(_) if !old.pre.is_empty() => new > old,
        // A pre-release of the required version is acceptable.
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
    fn each_step_has_its_minimum_version() {
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
    fn a_smaller_step_than_required_is_too_small() {
        let too_small = |old, new, step| !verdict(old, new, Some(step)).is_fine();
        assert!(too_small("1.2.3", "1.2.4", Step::Minor));
        assert!(too_small("1.2.3", "1.9.9", Step::Major));
        assert!(too_small("0.2.3", "0.2.9", Step::Major));
        assert!(!too_small("0.2.3", "1.0.0", Step::Major));
    }

    #[test]
    fn a_pre_release_of_the_required_version_is_accepted() {
        let fine = |old, new| verdict(old, new, Some(Step::Major)).is_fine();
        assert!(fine("1.2.3", "2.0.0-rc.1"));
        assert!(!fine("1.2.3", "1.3.0-rc.1"));
        assert!(fine("2.0.0-rc.1", "2.0.0-rc.2"));
        assert!(fine("2.0.0-rc.1", "2.0.0"));
        assert!(!fine("2.0.0-rc.1", "2.0.0-rc.1"));
    }

    #[test]
    fn a_version_must_not_decrease_even_without_changes() {
        let version = Version::parse("1.2.3").expect("a version");
        assert_eq!(verdict("1.2.3", "1.2.2", None), Verdict::Backwards(version));
        assert_eq!(verdict("1.2.3", "1.2.3", None), Verdict::Unchanged);
        assert_eq!(verdict("1.2.3", "1.3.0", None), Verdict::Unchanged);
    }

    #[test]
    fn versions_are_ordered_as_in_semver() {
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
