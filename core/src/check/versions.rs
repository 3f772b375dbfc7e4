//! The engine versions that can be created.
//!
//! Taken on 2026-11-21 from the data of cfn-lint 1.51.0 (rules E3691 and W3691,
//! `extensions/aws_rds_dbinstance/engine_version.json` without `engine_version_deprecated.json`;
//! `extensions/aws_elasticache_cachecluster/engine_version.json`), which is read from AWS's own API.

/// Where the tables come from, for messages.
pub const SOURCE: &str =
    "the list is that of cfn-lint 1.51.0, which reads it from AWS's API, as of 2026-11-21";

/// The versions of PostgreSQL that RDS creates, oldest first. Those with `rds` are Extended Support.
pub const POSTGRES: &[&str] = &[
    "11.22-rds.20241121",
    "11.22-rds.20250220",
    "11.22-rds.20250508",
    "11.22-rds.20250814",
    "11.22-rds.20251114",
    "12.22",
    "12.22-rds.20250220",
    "12.22-rds.20250508",
    "12.22-rds.20250814",
    "12.22-rds.20251114",
    "13.18",
    "13.20",
    "13.21",
    "13.22",
    "13.23",
    "14.15",
    "14.17",
    "14.18",
    "14.19",
    "14.20",
    "14.21",
    "14.22",
    "15.10",
    "15.12",
    "15.13",
    "15.14",
    "15.15",
    "15.16",
    "15.17",
    "16.6",
    "16.8",
    "16.9",
    "16.10",
    "16.11",
    "16.12",
    "16.13",
    "17.2",
    "17.4",
    "17.5",
    "17.6",
    "17.7",
    "17.8",
    "17.9",
    "18.1",
    "18.2",
    "18.3",
];

/// The versions of Redis that ElastiCache creates, oldest first.
pub const REDIS: &[&str] = &["4.0.10", "5.0.6", "6.0", "6.2", "7.0", "7.1"];

/// The number before the first point.
pub fn major(version: &str) -> &str {
    version.split(['.', '-']).next().unwrap_or(version)
}

/// The newest version in `known` of the same major version, or else the newest of all.
pub fn newest_like(version: &str, known: &'static [&'static str]) -> &'static str {
    let same = known.iter().rev().find(|it| major(it) == major(version));
    same.or(known.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_of_the_same_major() {
        assert_eq!(newest_like("15.4", POSTGRES), "15.17");
        assert_eq!(newest_like("16", POSTGRES), "16.13");
        assert_eq!(newest_like("99.1", POSTGRES), "18.3");
        assert_eq!(newest_like("7.2", REDIS), "7.1");
    }

    #[test]
    fn ordered_within_a_major() {
        let key = |it: &str| -> Vec<u32> {
            it.split(['.', '-']).filter_map(|part| part.parse().ok()).collect()
        };
        assert!(POSTGRES.windows(2).all(|it| key(it[0]) < key(it[1])));
    }
}
