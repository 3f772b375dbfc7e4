//! Tests of the checks and of the lowering of `efs!`, `s3_bucket!`, `secret!` and `param!`.

use crate::check::testing_fields::{
    Sketch, amount, list, number, record, reference, text, tier, unknown, word, yes,
};
use crate::codes::Code;
use crate::declare::Kind;
use crate::node::Node;
use crate::resource::{AccessPoint, Bucket, BucketPolicy, MountTarget, Ref, ResourceId, Role};

const ALL: &[Code] = &[Code::AG0002, Code::AG0007, Code::AG0107, Code::AG0506, Code::AG0509];

fn files(changes: Vec<(&'static str, Node)>) -> Sketch {
    let mut fields = vec![("subnets", tier("private"))];
    fields.extend(changes);
    Sketch::new().with(Kind::Efs, "files", fields)
}

fn bucket(fields: Vec<(&'static str, Node)>) -> Sketch {
    Sketch::new().with(Kind::S3Bucket, "documents", fields)
}

fn replication(more: Vec<(&'static str, Node)>) -> Node {
    let mut fields = vec![("bucket", text("arn:aws:s3:::replica"))];
    fields.extend(more);
    record(fields)
}

#[test]
fn unknown_values_pass() {
    for field in ["backups", "path", "user", "infrequent_access_after", "replicate_to"] {
        assert_eq!(files(vec![(field, unknown())]).find(ALL), [""; 0], "{field}");
    }
    for field in
        ["bucket_name", "versioning", "kms_key", "lifecycle", "intelligent_tiering", "replication"]
    {
        assert_eq!(bucket(vec![(field, unknown())]).find(ALL), [""; 0], "{field}");
    }
}

#[test]
fn file_systems() {
    let one = |field, value| files(vec![(field, value)]).find(ALL);
    assert_eq!(
        one("infrequent_access_after", amount(15.0, "days")),
        ["AG0007 at infrequent_access_after: EFS cannot move files after 15 days"]
    );
    assert_eq!(one("path", text("data")), ["AG0007 at path: `path` cannot be `data`"]);
    assert_eq!(one("path", text("/a/b/c/d/e")), ["AG0007 at path: `path` cannot be `/a/b/c/d/e`"]);
    assert_eq!(
        one("replicate_to", text("europe")),
        ["AG0007 at replicate_to: `replicate_to` expects a Region, found `europe`"]
    );
    assert_eq!(one("infrequent_access_after", amount(30.0, "days")), [""; 0]);
    let graph = files(vec![]).graph();
    assert_eq!(graph.all::<MountTarget>().count(), 2);
    let target = ResourceId::new(&["files", "mount_target", "b"]);
    assert!(graph.resources.contains_key(&target));
    assert_eq!(graph.all::<AccessPoint>().count(), 1);
}

#[test]
fn bucket_names() {
    for wrong in ["ab", "Docs", "a_b-c", "-docs", "a..b", "10.0.0.1", "xn--docs", "docs-s3alias"] {
        let found = bucket(vec![("bucket_name", text(wrong))]).find(ALL);
        assert_eq!(found.len(), 1, "{wrong}");
        assert!(found[0].starts_with("AG0107 at bucket_name"), "{found:?}");
    }
    assert_eq!(bucket(vec![("bucket_name", text("shop-documents"))]).find(ALL), [""; 0]);
}

#[test]
fn replication_needs_versions_and_a_time_aws_knows() {
    let found =
        bucket(vec![("replication", replication(vec![])), ("versioning", yes(false))]).find(ALL);
    assert_eq!(found, ["AG0509 at versioning: `documents` cannot be replicated without versions"]);
    let within =
        |time| bucket(vec![("replication", replication(vec![("within", time)]))]).find(ALL);
    assert_eq!(
        within(amount(5.0, "min")),
        ["AG0509 at replication: S3 does not promise a copy within 300s"]
    );
    assert_eq!(within(amount(15.0, "min")), [""; 0]);
    assert_eq!(within(unknown()), [""; 0]);
}

#[test]
fn lifecycle_and_tiering() {
    let rule = |entries| bucket(vec![("lifecycle", list(vec![record(entries)]))]).find(ALL);
    let transitions = |name, days| ("transitions", record(vec![(name, amount(days, "days"))]));
    assert_eq!(
        rule(vec![transitions("InfrequentAcces", 30.0)]),
        ["AG0007 at lifecycle: S3 has no storage class `InfrequentAcces`"]
    );
    assert_eq!(
        rule(vec![transitions("InfrequentAccess", 7.0)]),
        ["AG0007 at lifecycle: objects cannot move to `InfrequentAccess` after 7 days"]
    );
    assert_eq!(
        rule(vec![transitions("GlacierDeepArchive", 90.0), ("expire_after", amount(30.0, "days"))]),
        ["AG0007 at lifecycle: objects move after 90days, and are deleted after 30days"]
    );
    assert_eq!(rule(vec![transitions("IntelligentTiering", 0.0)]), [""; 0]);
    let tiering = record(vec![("archive_after", amount(30.0, "days"))]);
    assert_eq!(
        bucket(vec![("intelligent_tiering", tiering)]).find(ALL),
        ["AG0007 at intelligent_tiering: `archive_after` cannot be 30 days"]
    );
}

#[test]
fn a_replicated_bucket_and_its_role_do_not_need_each_other() {
    let sketch = bucket(vec![("replication", replication(vec![("within", amount(15.0, "min"))]))]);
    let graph = sketch.graph();
    let id = ResourceId::new(&["documents", "bucket"]);
    let found = graph.get::<Bucket>(&Ref::new(id)).expect("a bucket");
    let name = found.name.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(name, "shop-production-documents-${AccountId}-${Region}");
    let role = &found.replication.as_ref().expect("a replication").role;
    let role: &Role = graph.get(role).expect("a role");
    for statement in &role.statements {
        for resource in &statement.resources {
            assert!(!resource.to_string().contains("documents.bucket"), "{resource}");
        }
    }
}

#[test]
fn access_logs() {
    let logs = |key: Option<Node>| {
        let mut fields = vec![];
        fields.extend(key.map(|it| ("kms_key", it)));
        bucket(fields).with(
            Kind::Alb,
            "edge",
            vec![
                ("subnets", tier("public")),
                ("routes", list(vec![])),
                ("access_logs", reference(Kind::S3Bucket, "documents")),
            ],
        )
    };
    let graph = logs(None).graph();
    let id = ResourceId::new(&["documents", "bucket_policy"]);
    let policy = graph.get::<BucketPolicy>(&Ref::new(id)).expect("a policy");
    assert_eq!(policy.statements.len(), 2);
    assert!(!policy.statements[0].allow);
    assert_eq!(
        policy.statements[1].resources[0].to_string(),
        "${documents.bucket.Arn}/edge/AWSLogs/${AccountId}/*"
    );
    let only = bucket(vec![]).graph();
    let id = ResourceId::new(&["documents", "bucket_policy"]);
    assert_eq!(only.get::<BucketPolicy>(&Ref::new(id)).map(|it| it.statements.len()), Some(1));
    let found = logs(Some(text("arn:aws:kms:us-east-1:123456789012:key/a"))).find(&[Code::AG0506]);
    assert_eq!(
        found,
        [
            "AG0506 at kms_key: `edge` cannot write its access logs to `documents`, which has a KMS key"
        ]
    );
    assert_eq!(logs(None).find(&[Code::AG0506]), [""; 0]);
}

#[test]
fn secrets() {
    let secret = |field, value| {
        let fields = vec![("description", text("Keys")), (field, value)];
        Sketch::new().with(Kind::Secret, "jwt", fields)
    };
    assert_eq!(
        secret("generate", number(4)).find(ALL),
        ["AG0007 at generate: `generate` cannot be 4"]
    );
    assert_eq!(secret("generate", number(64)).find(ALL), [""; 0]);
    assert_eq!(secret("generate", unknown()).find(ALL), [""; 0]);
    assert_eq!(secret("secret_name", text("a b")).find(ALL).len(), 1);
    assert_eq!(secret("replica_regions", list(vec![text("there")])).find(ALL).len(), 1);
    let graph = secret("secret_name", text("shop/jwt")).graph();
    assert!(graph.resources.contains_key(&ResourceId::new(&["jwt", "secret"])));
}

#[test]
fn fields_of_secrets() {
    let found = |fields: Vec<(&str, Node)>, user: Option<&str>| {
        let mut all = vec![("description", text("Login")), ("fields", record(fields))];
        all.extend(user.map(|it| ("username", text(it))));
        Sketch::new().with(Kind::Secret, "login", all).find(ALL)
    };
    let app = Some("app");
    assert_eq!(found(vec![("host", text("db.example.com")), ("port", unknown())], app), [""; 0]);
    assert_eq!(
        found(vec![("host", text("db.example.com"))], None),
        ["AG0002 at fields: `secret!` with `fields` needs `username`"]
    );
    assert_eq!(
        found(vec![("password", text("x"))], app),
        ["AG0107 at fields: a field cannot be called `password`: it is there already"]
    );
    assert_eq!(found(vec![("a b", text("x"))], app).len(), 1);
    assert_eq!(
        found(vec![("host", text("a\"b"))], app),
        ["AG0007 at fields: `host` holds a character that JSON has to quote"]
    );
}

#[test]
fn parameters() {
    let param = |fields| Sketch::new().with(Kind::Param, "size", fields);
    let allowed = ("allowed", list(vec![text("small"), text("large")]));
    assert_eq!(
        param(vec![("default", text("smal")), allowed.clone()]).find(ALL),
        ["AG0007 at default: `default` is `smal`, which `allowed` has not"]
    );
    assert_eq!(param(vec![("default", text("small")), allowed.clone()]).find(ALL), [""; 0]);
    assert_eq!(param(vec![("default", unknown()), allowed]).find(ALL), [""; 0]);
    assert_eq!(
        param(vec![("kind", word("Number")), ("default", text("x"))]).find(ALL),
        ["AG0007 at default: `x` is no value for a `Number`"]
    );
    let graph = param(vec![("default", text("small"))]).graph();
    assert_eq!(graph.parameters["size"].default.as_deref(), Some("small"));
}
