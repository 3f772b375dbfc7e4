//! Tests of the checks of `ecr_repository!`.

use crate::check::testing::{architecture, expect};
use crate::codes::Code;
use crate::environment::Environment;
use crate::resource::{Repository, Role, TaskDefinition};

const SERVICE: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } }
ecs_cluster cluster { subnets: network.private }
ecr_repository backend {}
ecr_repository named { repository_name: "shop/named" }
param tag { default: "1" }
"#;

#[test]
fn repositories_that_pass() {
    expect(
        r#"
ecr_repository a {}
ecr_repository b {
    scan_on_push: false, immutable: false, keep: 30, keep_untagged: 1day, repository_name: "shop/back-end_2.x__y",
    kms_key: "arn:aws:kms:eu-west-1:123456789012:key/1",
}
ecr_repository c { scan_on_push: ?, immutable: ?, keep: ?, keep_untagged: ?, repository_name: ?, kms_key: ? }
"#,
        &[],
    );
}

#[test]
fn names_and_numbers() {
    for name in ["a", "Shop", "shop//x", "/shop", "shop-", "a._b", "a b", "shop/"] {
        let shown = format!("\"{name}\"");
        let source = format!("ecr_repository a {{ repository_name: {shown} }}");
        expect(&source, &[(Code::AG0107, &shown)]);
    }
    expect(
        "ecr_repository a { keep: 0, keep_untagged: 0days }",
        &[(Code::AG0007, "0"), (Code::AG0007, "0days")],
    );
}

#[test]
fn a_service_beside_its_repository_cannot_start_at_first() {
    let service = |repository: &str| {
        format!(
            "{SERVICE}ecs_service api {{ cluster: cluster, cpu: 256, memory: 512MB,
                 image: Ecr {{ repository: {repository}, tag: tag }} }}"
        )
    };
    expect(&service("backend"), &[(Code::AG0422, "backend")]);
    expect(&service("\"backend\""), &[]);
    expect(&service("?"), &[]);
    expect(&service("cluster"), &[(Code::AG0103, "cluster")]);
}

#[test]
fn an_image_has_the_name_of_its_repository_and_the_role_may_pull_from_it_only() {
    for (repository, name) in [("backend", "shop-production/backend"), ("named", "shop/named")] {
        let source = format!(
            "{SERVICE}ecs_service api {{ cluster: cluster, cpu: 256, memory: 512MB,
                 image: Ecr {{ repository: {repository}, tag: tag }} }}"
        );
        let graph = crate::lower::lower(&architecture(&source, Environment::Production));
        let task = graph.all::<TaskDefinition>().next().expect("a task").2;
        let image = task.container.image.to_string();
        assert!(image.ends_with(&format!("/{name}:${{tag}}")), "{image}");
        let pulls: Vec<String> = graph
            .all::<Role>()
            .flat_map(|it| &it.2.statements)
            .filter(|it| it.sid == "PullImage")
            .flat_map(|it| it.resources.iter().map(ToString::to_string))
            .collect();
        assert!(matches!(pulls.as_slice(), [one] if one.ends_with(&format!(":repository/{name}"))));
        assert_eq!(graph.all::<Repository>().count(), 2);
    }
}
