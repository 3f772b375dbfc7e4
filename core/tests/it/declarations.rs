//! What is known of every declaration's fields, for editors, help and messages.

use std::collections::BTreeSet;

use archgen_core::declare::Kind;

#[test]
fn every_field_is_documented_and_every_required_one_has_an_example() {
    for kind in Kind::ALL {
        let mut names = BTreeSet::new();
        for field in kind.fields() {
            let shown = format!("{kind}!, `{}`", field.name);
            assert!(names.insert(field.name), "{shown}: twice");
            let docs = field.docs.trim();
            assert!(docs.ends_with('.'), "{shown}: docs {docs:?} are no sentence");
            assert!(docs.len() > 10, "{shown}: docs {docs:?} say little");
            assert_eq!(
                field.required,
                !field.example.is_empty(),
                "{shown}: example {:?}",
                field.example
            );
            assert!(!(field.expected)().is_empty(), "{shown}: what is expected");
        }
    }
}

#[test]
fn every_kind_has_a_name_of_its_own() {
    let macros: BTreeSet<&str> = Kind::ALL.iter().map(|it| it.macro_name()).collect();
    let types: BTreeSet<&str> = Kind::ALL.iter().map(|it| it.type_name()).collect();
    let titles: BTreeSet<&str> = Kind::ALL.iter().map(|it| it.title()).collect();
    for found in [macros, types, titles] {
        assert_eq!(found.len(), Kind::ALL.len(), "{found:?}");
    }
    for kind in Kind::ALL {
        assert_eq!(Kind::from_macro_name(kind.macro_name()), Some(*kind));
        let members: BTreeSet<&&str> = kind.members().iter().collect();
        assert_eq!(members.len(), kind.members().len(), "{kind}!: members");
    }
}

/// The article of a kind is that of how its title is spoken.
#[test]
fn articles() {
    let all: Vec<String> = Kind::ALL.iter().map(|it| it.with_article()).collect();
    assert_eq!(
        all,
        [
            "a parameter",
            "a VPC",
            "a security group",
            "a network ACL",
            "a VPC peering",
            "a hosted zone",
            "a certificate",
            "a KMS key",
            "an S3 bucket",
            "a secret",
            "a load balancer",
            "a CloudFront distribution",
            "a web ACL",
            "a DNS record",
            "an ECS cluster",
            "an EKS cluster",
            "a namespace",
            "cluster add-ons",
            "a Kubernetes service",
            "an ECR repository",
            "an EFS file system",
            "an ECS service",
            "a tenant pool",
            "a PostgreSQL database",
            "a Redis cache",
            "a backup plan",
            "an SNS topic",
            "a budget",
            "an alarm",
            "a dashboard",
            "objectives",
            "Terraform settings",
            "a connection",
            "a permission",
            "a prohibition",
        ]
    );
}
