//! How old the newest copy of what holds data may be: the one place that knows, for `objectives!`.
//!
//! What is not known counts as the best it could be, so a store is listed only where its copies are certain.

use crate::architecture::Architecture;
use crate::data_fields::{HeldRef, StoreRef};
use crate::declare::{
    BackupPlan, ClusterAddons, EcsService, Efs, Kind, RdsPostgres, Redis, S3Bucket,
};
use crate::field::Field;
use crate::lower::backup::{INTERVALS, interval};
use crate::service_fields::VolumeKind;

/// RDS ships its log every five minutes: what a restore to a point in time may lack.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html>
const POINT_IN_TIME: u32 = 5 * 60;
/// What EFS replication is designed for, and what S3 Replication Time Control promises.
/// <https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html>
const REPLICATED: u32 = 15 * 60;
/// The default backup plan of EFS, and the snapshots of ElastiCache, run once a day.
/// <https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html>,
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html>
const DAILY: u32 = 24 * HOUR;
const HOUR: u32 = 60 * 60;

/// `24 h`, `15 min`, `30 s`.
pub fn time(seconds: u32) -> String {
    match seconds {
        it if it > 0 && it.is_multiple_of(3600) => format!("{} h", it / 3600),
        it if it > 0 && it.is_multiple_of(60) => format!("{} min", it / 60),
        it => format!("{it} s"),
    }
}

/// The newest copy of something that holds data.
#[derive(Clone, Debug, PartialEq)]
pub struct NewestCopy {
    /// The kind of declaration.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// `database `orders``.
    pub what: String,
    /// Why the copy is as old, for messages: "is copied every 4 h by `copies`".
    pub why: String,
    /// How old it may be, in seconds; none means that there is no copy, or no bound.
    pub age: Option<u32>,
    /// The backup plan that makes it.
    pub plan: Option<String>,
}

impl NewestCopy {
    fn new(kind: Kind, name: &str, what: &str, why: impl Into<String>, age: Option<u32>) -> Self {
        NewestCopy {
            kind,
            name: name.to_string(),
            what: format!("{what} `{name}`"),
            why: why.into(),
            age,
            plan: None,
        }
    }

    /// Whether it may be older than `bound` seconds.
    pub fn is_older_than(&self, bound: u32) -> bool {
        self.age.is_none_or(|age| age > bound)
    }

    /// What would keep a copy of `bound` seconds at most, if something does.
    pub fn remedy(&self, bound: u32) -> Option<String> {
        let name = &self.name;
        let hours = INTERVALS.iter().rev().find(|it| **it * HOUR <= bound);
        let more_often = |plan: &Option<String>| {
            let hours = hours?;
            Some(match plan {
                Some(plan) => format!("let `{plan}` copy it with `every: {hours}h`"),
                None => format!("copy `{name}` by a `backup_plan!` with `every: {hours}h`"),
            })
        };
        let first = if self.kind == Kind::RdsPostgres && bound >= POINT_IN_TIME {
            Some(format!(
                "give `{name}` the field `backups: 7days`, by which it can be restored to 5 min ago"
            ))
        } else if self.kind == Kind::Efs && bound >= REPLICATED {
            Some(format!("give `{name}` the field `replicate_to`, 15 min behind"))
        } else if self.kind == Kind::S3Bucket && bound >= REPLICATED {
            Some(format!("give the replication of `{name}` the field `within: 15min`"))
        } else if self.kind == Kind::EcsService {
            Some(format!("let `{name}` store its files on an `efs!`"))
        } else if self.kind == Kind::Redis && bound >= DAILY {
            Some(format!("give `{name}` the field `snapshots: 1day`"))
        } else if self.kind == Kind::EksCluster {
            hours.map(|it| format!("let Velero back up all of `{name}` with `every: {it}h`"))
        } else {
            None
        };
        let copied = matches!(self.kind, Kind::RdsPostgres | Kind::Efs | Kind::S3Bucket);
        match (first, more_often(&self.plan).filter(|_| copied)) {
            (Some(first), Some(then)) => Some(format!("{first}, or {then}")),
            (first, then) => first.or(then),
        }
    }
}

/// The newest copy of each thing that holds data, as far as it is certain.
pub fn newest(architecture: &Architecture) -> Vec<NewestCopy> {
    let mut all = own(architecture);
    let plans: Vec<&BackupPlan> = architecture.all::<BackupPlan>().collect();
    all.retain_mut(|it| {
        let planned = matches!(it.kind, Kind::RdsPostgres | Kind::Efs | Kind::S3Bucket);
        !planned || by_plans(it, &plans, architecture.open)
    });
    all
}

/// What a held declaration lacks though nobody need copy it: a cache that may not lose what it holds.
pub fn held(it: &HeldRef, architecture: &Architecture) -> Option<NewestCopy> {
    let cache = architecture.get::<Redis>(&it.name)?;
    let without = "has no snapshots";
    cache
        .snapshots
        .is_none()
        .then(|| NewestCopy::new(Kind::Redis, &it.name, "cache", without, None))
}

/// Takes the newer copy of a plan; says no where a plan that is not known may have one.
fn by_plans(it: &mut NewestCopy, plans: &[&BackupPlan], open: bool) -> bool {
    let (kind, name) = (it.kind, it.name.clone());
    let is_it = |store: &&StoreRef| store.kind.kind() == kind && store.name == name;
    let is_newer = |it: &NewestCopy, age: u32| it.age.is_none_or(|own| age < own);
    let least = INTERVALS[0] * HOUR;
    if open && is_newer(it, least) {
        return false;
    }
    for plan in plans {
        match plan.known_stores() {
            None if is_newer(it, least) => return false,
            Some(stores) if stores.iter().any(is_it) => match interval(&plan.every) {
                Some(hours) if is_newer(it, hours * HOUR) => {
                    it.age = Some(hours * HOUR);
                    let by = &plan.meta.name;
                    it.why = format!("is copied every {hours} h by the backup plan `{by}`");
                    it.plan = Some(by.clone());
                }
                None if is_newer(it, least) => return false,
                Some(_) | None => {}
            },
            Some(_) | None => {}
        }
    }
    true
}

/// What each declaration keeps by itself.
fn own(architecture: &Architecture) -> Vec<NewestCopy> {
    let mut all = Vec::new();
    for it in architecture.all::<RdsPostgres>() {
        let copy =
            |why, age| NewestCopy::new(Kind::RdsPostgres, &it.meta.name, "database", why, age);
        match it.backups.literal().map(|it| it.0) {
            Some(0) => all.push(copy("has no backups", None)),
            Some(_) => {
                all.push(copy(
                    "can be restored to any moment up to 5 min ago",
                    Some(POINT_IN_TIME),
                ));
            }
            None => {}
        }
    }
    for it in architecture.all::<Efs>() {
        let copy = |why, age| NewestCopy::new(Kind::Efs, &it.meta.name, "file system", why, age);
        if it.replicate_to.is_some() {
            all.push(copy("is replicated, up to 15 min behind", Some(REPLICATED)));
        } else if it.backups.literal() == Some(&true) {
            all.push(copy("is backed up once a day", Some(DAILY)));
        } else if it.backups.literal() == Some(&false) {
            all.push(copy("has no backups", None));
        }
    }
    for it in architecture.all::<Redis>().filter(|it| it.snapshots.is_some()) {
        let why = "has a snapshot once a day";
        all.push(NewestCopy::new(Kind::Redis, &it.meta.name, "cache", why, Some(DAILY)));
    }
    for it in architecture.all::<EcsService>().filter(|it| has_host_volume(it)) {
        let why = "stores files on its instance, and nothing copies them";
        all.push(NewestCopy::new(Kind::EcsService, &it.meta.name, "service", why, None));
    }
    for it in architecture.all::<S3Bucket>() {
        // A bucket loses nothing in its Region; a copy elsewhere is what can be behind.
        let Some(to) = it.replication.as_ref().and_then(Field::literal) else { continue };
        let copy = |why, age| NewestCopy::new(Kind::S3Bucket, &it.meta.name, "bucket", why, age);
        if to.within.is_some() {
            all.push(copy("is replicated within 15 min", Some(REPLICATED)));
        } else {
            all.push(copy("is replicated without a bound; `within: 15min` gives one", None));
        }
    }
    for it in architecture.all::<ClusterAddons>() {
        let cluster = it.cluster.literal().map(|it| it.name.as_str());
        let (Some(cluster), Some(every)) = (cluster, it.backup_interval()) else { continue };
        let why = format!("is backed up every {} by Velero", time(every.0));
        all.push(NewestCopy::new(Kind::EksCluster, cluster, "cluster", why, Some(every.0)));
    }
    all
}

/// Whether a service stores files on its instance.
fn has_host_volume(service: &EcsService) -> bool {
    service
        .volumes
        .as_ref()
        .and_then(Field::literal)
        .into_iter()
        .flatten()
        .any(|it| it.literal().is_some_and(|it| it.source.literal() == Some(&VolumeKind::Host)))
}

#[cfg(test)]
#[path = "copies_tests.rs"]
mod tests;
