//! The instance classes of RDS for PostgreSQL and the node types of ElastiCache for Redis: families
//! and their sizes.
//!
//! Taken on 2026-11-21 from the data of cfn-lint 1.51.0 (rule E3025,
//! `extensions/aws_rds_dbinstance/dbinstanceclass_enum.json` for the engine `postgres`, and E3647,
//! `extensions/aws_elasticache_cachecluster/cachenodetype_enum.json`), all Regions together.

use crate::suggest;

/// Families with the same sizes.
pub type Families = &'static [(&'static [&'static str], &'static [&'static str])];

/// The classes that RDS runs PostgreSQL on.
pub const RDS: Families = &[
    (&["t1"], &["micro"]),
    (&["m1"], &["small", "medium", "large", "xlarge"]),
    (&["m2"], &["xlarge", "2xlarge", "4xlarge"]),
    (&["m3"], &["medium", "large", "xlarge", "2xlarge"]),
    (&["m4"], &["large", "xlarge", "2xlarge", "4xlarge", "10xlarge", "16xlarge"]),
    (&["r3"], &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"]),
    (&["r4"], &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"]),
    (&["t2", "t3", "t4g"], &["micro", "small", "medium", "large", "xlarge", "2xlarge"]),
    (
        &["m5", "m5d", "r5", "r5b", "r5d"],
        &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge"],
    ),
    (
        &["m6g", "m6gd", "m7g", "r6g", "r6gd", "r7g", "x2g"],
        &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    ),
    (
        &["m6i", "m6id", "m6idn", "m6in", "r6i", "r6id", "r6idn", "r6in"],
        &[
            "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge",
            "32xlarge",
        ],
    ),
    (
        &["m7i", "m8g", "m8gd", "r7i", "r8g", "r8gd"],
        &[
            "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge",
            "48xlarge",
        ],
    ),
    (&["x2idn"], &["16xlarge", "24xlarge", "32xlarge"]),
    (&["x2iedn"], &["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge", "24xlarge", "32xlarge"]),
];

/// The families that run no version of PostgreSQL from 13 on (cfn-lint's rule E3062).
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html>
pub const RDS_BEFORE_13: &[&str] = &["t1", "t2", "m1", "m2", "m3", "m4", "r3", "r4", "x2idn"];

/// The node types that ElastiCache runs Redis on.
pub const ELASTICACHE: Families = &[
    (&["m1"], &["small"]),
    (&["m3"], &["medium", "large", "xlarge", "2xlarge"]),
    (&["m4"], &["large", "xlarge", "2xlarge", "4xlarge", "10xlarge"]),
    (&["m5", "r5"], &["large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge"]),
    (&["r3"], &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"]),
    (&["r4"], &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"]),
    (&["r6gd"], &["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"]),
    (
        &["c7gn", "m6g", "m7g", "r6g", "r7g"],
        &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"],
    ),
    (&["t2", "t3", "t4g"], &["micro", "small", "medium"]),
];

/// The family of `db.t4g.medium`: `t4g`.
pub fn family(class: &str) -> Option<&str> {
    class.split('.').nth(1)
}

/// What is wrong with a class, if something is: nothing, or what to write instead.
pub fn problem(class: &str, prefix: &str, families: Families) -> Option<String> {
    let all: Vec<&str> = families.iter().flat_map(|(names, _)| names.iter().copied()).collect();
    let parts: Vec<&str> = class.split('.').collect();
    let [start, family, size] = parts.as_slice() else {
        let without = class.strip_prefix(prefix).unwrap_or(class).trim_start_matches('.');
        let like = without.split('.').next().and_then(|it| suggest::nearest(it, all));
        return Some(match like {
            Some(it) if without.contains('.') => {
                format!("write `{prefix}.{it}.{}`", without.split('.').nth(1).unwrap_or_default())
            }
            Some(_) | None => format!("a class is written `{prefix}.FAMILY.SIZE`"),
        });
    };
    if *start != prefix {
        return Some(format!("write `{prefix}.{family}.{size}`"));
    }
    let Some((_, sizes)) = families.iter().find(|(names, _)| names.contains(family)) else {
        return Some(match suggest::nearest(family, all.iter().copied()) {
            Some(it) => format!("did you mean `{prefix}.{it}.{size}`?"),
            None => format!("its families are {}", all.join(", ")),
        });
    };
    if sizes.contains(size) {
        return None;
    }
    Some(match suggest::nearest(size, sizes.iter().copied()) {
        Some(it) => format!("did you mean `{prefix}.{family}.{it}`?"),
        None => format!("the sizes of `{prefix}.{family}` are {}", sizes.join(", ")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_there_is() {
        assert_eq!(problem("db.t4g.medium", "db", RDS), None);
        assert_eq!(problem("cache.t3.micro", "cache", ELASTICACHE), None);
    }

    #[test]
    fn says_what_to_write() {
        let rds = |it| problem(it, "db", RDS).unwrap_or_default();
        assert_eq!(rds("db.t4g.mediun"), "did you mean `db.t4g.medium`?");
        assert_eq!(rds("t4g.medium"), "write `db.t4g.medium`");
        assert_eq!(rds("cache.t4g.medium"), "write `db.t4g.medium`");
        assert!(rds("db.t4g.nano").starts_with("the sizes of `db.t4g` are micro"));
        assert!(rds("db.zz9.large").starts_with("its families are"));
    }
}
