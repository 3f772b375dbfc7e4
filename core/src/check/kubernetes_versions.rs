//! The versions of Kubernetes that EKS runs, and until when.
//!
//! From the release calendar of the Amazon EKS user guide
//! (<https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html>), as it was read for
//! [`AS_OF`]; versions that it no longer lists have the dates that it had for them. Dates are UTC, and support
//! ends at the beginning of the day.

use std::fmt;

/// A day: year, month, day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u16, pub u8, pub u8);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}

/// The day that support is judged at. Never the clock: the same description gives the same findings.
pub const AS_OF: Day = Day(2026, 11, 21);

/// A minor version of Kubernetes on EKS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// The version, such as `1.34`.
    pub version: &'static str,
    /// When its standard support ends.
    pub standard: Day,
    /// When its extended support ends, and with it the version on EKS.
    pub extended: Day,
}

/// How EKS supports a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// In standard support.
    Standard,
    /// In extended support, which costs more.
    Extended,
    /// Not at all any more.
    Ended,
}

const fn release(version: &'static str, standard: Day, extended: Day) -> Release {
    Release { version, standard, extended }
}

/// Every version, oldest first.
pub const RELEASES: &[Release] = &[
    release("1.23", Day(2023, 10, 11), Day(2024, 10, 11)),
    release("1.24", Day(2024, 1, 31), Day(2025, 1, 31)),
    release("1.25", Day(2024, 5, 1), Day(2025, 5, 1)),
    release("1.26", Day(2024, 6, 11), Day(2025, 6, 11)),
    release("1.27", Day(2024, 7, 24), Day(2025, 7, 24)),
    release("1.28", Day(2024, 11, 26), Day(2025, 11, 26)),
    release("1.29", Day(2025, 3, 23), Day(2026, 3, 23)),
    release("1.30", Day(2025, 7, 23), Day(2026, 7, 23)),
    release("1.31", Day(2025, 11, 26), Day(2026, 11, 26)),
    release("1.32", Day(2026, 3, 23), Day(2027, 3, 23)),
    release("1.33", Day(2026, 7, 29), Day(2027, 7, 29)),
    release("1.34", Day(2026, 12, 2), Day(2027, 12, 2)),
    release("1.35", Day(2027, 3, 27), Day(2028, 3, 27)),
];

impl Release {
    /// How it is supported on [`AS_OF`].
    pub fn support(&self) -> Support {
        if AS_OF >= self.extended {
            Support::Ended
        } else if AS_OF >= self.standard {
            Support::Extended
        } else {
            Support::Standard
        }
    }
}

/// The release of a version, if it is known here.
pub fn find(version: &str) -> Option<&'static Release> {
    RELEASES.iter().find(|it| it.version == version)
}

/// The minor number of `1.34`; none of any other form.
pub fn minor(version: &str) -> Option<u32> {
    let digits = version.strip_prefix("1.")?;
    (digits.len() == 2 && digits.bytes().all(|it| it.is_ascii_digit()))
        .then(|| digits.parse().ok())?
}

/// The newest version that is known here.
pub fn newest() -> Option<&'static Release> {
    RELEASES.last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_dates_rise_together() {
        for pair in RELEASES.windows(2) {
            let [before, after] = pair else { unreachable!() };
            assert!(minor(before.version) < minor(after.version));
            assert!(before.standard < after.standard && before.extended < after.extended);
            assert!(before.standard < before.extended);
        }
    }

    #[test]
    fn support_is_judged_at_the_day_of_the_table() {
        let support = |it| find(it).map(Release::support);
        assert_eq!(support("1.28"), Some(Support::Ended));
        // Ends five days after.
        assert_eq!(support("1.31"), Some(Support::Extended));
        assert_eq!(support("1.34"), Some(Support::Standard));
        assert_eq!(support("1.99"), None);
    }

    #[test]
    fn versions_are_minor_ones() {
        assert_eq!(minor("1.34"), Some(34));
        for it in ["1.34.1", "1.x4", "34", "2.10", "1.+4", "1.345"] {
            assert_eq!(minor(it), None, "{it}");
        }
    }
}
