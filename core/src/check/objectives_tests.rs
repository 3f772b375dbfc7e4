//! Tests of the promises.

use crate::check::testing_fields::{
    Sketch, amount, cache, database, list, number, pair, record, service, text, tier, unknown,
    word, yes,
};
use crate::codes::Code;
use crate::declare::Kind;
use crate::node::Node;

const ALL: &[Code] = &[Code::AG0801, Code::AG0802, Code::AG0803];

fn promise(base: Sketch, fields: Vec<(&'static str, Node)>) -> Sketch {
    base.with(Kind::Objectives, "objectives", fields)
}

fn point(minutes: f64) -> Vec<(&'static str, Node)> {
    vec![("recovery_point", amount(minutes, "min"))]
}

#[test]
fn recovery_point_of_a_database() {
    assert_eq!(promise(database(vec![]), point(60.0)).find(ALL), [""; 0]);
    assert_eq!(promise(database(vec![]), point(5.0)).find(ALL), [""; 0]);
    assert_eq!(
        promise(database(vec![]), point(1.0)).find(ALL),
        [
            "AG0801 at recovery_point: `recovery_point` is 1 min, and up to 5 min of data may be lost"
        ]
    );
    let off = || database(vec![("backups", amount(0.0, "days"))]);
    assert_eq!(promise(off(), point(60.0)).find(ALL).len(), 1);
    let open = database(vec![("backups", unknown())]);
    assert_eq!(promise(open, point(1.0)).find(ALL), [""; 0]);
}

#[test]
fn recovery_point_of_files_and_host_volumes() {
    let volumes = list(vec![pair(text("/data"), word("HostVolume"))]);
    let sketch = promise(
        service(number(1), vec![("volumes", volumes)]).with(
            Kind::Efs,
            "files",
            vec![("subnets", tier("private"))],
        ),
        point(5.0),
    );
    let found = sketch.diagnostics(Code::AG0801);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].notes,
        [
            "file system `files` is backed up once a day",
            "service `backend` stores files on its instance, and nothing copies them",
        ]
    );
    let replicated = Sketch::new().with(
        Kind::Efs,
        "files",
        vec![("subnets", tier("private")), ("replicate_to", text("us-west-2"))],
    );
    assert_eq!(promise(replicated, point(15.0)).find(ALL), [""; 0]);
}

#[test]
fn a_cache_without_snapshots_may_lose_what_it_holds() {
    assert_eq!(promise(cache(vec![]), point(5.0)).find(ALL), [""; 0]);
    let kept = cache(vec![("snapshots", amount(5.0, "days"))]);
    assert_eq!(promise(kept, point(60.0)).find(ALL).len(), 1);
}

#[test]
fn a_replicated_bucket_needs_a_bound() {
    let bucket = |more: Vec<(&'static str, Node)>| {
        let mut fields = vec![("bucket", text("arn:aws:s3:::replica"))];
        fields.extend(more);
        Sketch::new().with(Kind::S3Bucket, "documents", vec![("replication", record(fields))])
    };
    assert_eq!(promise(bucket(vec![]), point(60.0)).find(ALL).len(), 1);
    let bound = bucket(vec![("within", amount(15.0, "min"))]);
    assert_eq!(promise(bound, point(60.0)).find(ALL), [""; 0]);
    let none = Sketch::new().with(Kind::S3Bucket, "documents", vec![]);
    assert_eq!(promise(none, point(1.0)).find(ALL), [""; 0]);
}

#[test]
fn recovery_time() {
    let time = |more: Vec<(&'static str, Node)>| {
        let mut fields = vec![("recovery_time", amount(30.0, "min"))];
        fields.extend(more);
        promise(Sketch::new(), fields).find(ALL)
    };
    let manual = || ("region_failure", word("Manual"));
    assert_eq!(time(vec![]), [""; 0]);
    assert_eq!(
        time(vec![manual()]),
        ["AG0802 at region_failure: nothing says how long recovery by hand takes"]
    );
    assert_eq!(
        time(vec![manual(), ("manual_recovery_takes", amount(4.0, "h"))]),
        [
            "AG0802 at manual_recovery_takes: recovery by hand takes 4 h, and `recovery_time` is 30 min"
        ]
    );
    assert_eq!(time(vec![manual(), ("manual_recovery_takes", amount(20.0, "min"))]), [""; 0]);
    assert_eq!(time(vec![manual(), ("manual_recovery_takes", unknown())]), [""; 0]);
    assert_eq!(time(vec![("region_failure", unknown())]), [""; 0]);
}

#[test]
fn availability() {
    let nines = |base, share| promise(base, vec![("availability", amount(share, "pct"))]);
    assert_eq!(nines(service(number(2), vec![]), 99.9).find(ALL), [""; 0]);
    assert_eq!(nines(service(unknown(), vec![]), 99.9).find(ALL), [""; 0]);
    let sketch = nines(service(number(1), vec![]), 99.9);
    assert_eq!(
        sketch.find(ALL),
        [
            "AG0803 at availability: `availability` is 99.9 percent, and its 2 components in series reach 99.49 percent"
        ]
    );
    let found = sketch.diagnostics(Code::AG0803);
    assert_eq!(
        found[0].notes[0],
        "service `backend` reaches 99.5 percent: it may run as a single task"
    );
    assert_eq!(nines(database(vec![]), 99.95).find(ALL), [""; 0]);
    assert_eq!(nines(database(vec![("multi_az", yes(false))]), 99.9).find(ALL).len(), 1);
    assert_eq!(nines(cache(vec![]), 99.9).find(ALL).len(), 1);
    assert_eq!(nines(cache(vec![("replicas", number(1))]), 99.9).find(ALL), [""; 0]);
    assert_eq!(nines(Sketch::new(), 99.999).find(ALL), [""; 0]);
}
