//! The mistakes of the systems' own descriptions, in the form of the text, and what archgen says.
//!
//! Errors are compile errors, so they stand in `ui/`; a warning lets the architecture through.

use archgen::prelude::*;

/// One file for each mistake.
#[test]
fn mistakes_are_compile_errors() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// "Target: 100% capacity utilization" beside "new tasks start before old ones stop".
#[architecture(environments = [Production])]
fn full_instances(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: PerZone,
    };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6i.xlarge", instances: 2..=5, target: 100pct },
    };
    let backend = ecs_service! {
        cluster: cluster, image: "example/backend:1", cpu: 512, memory: 1024MB, tasks: 2,
    };
}

/// F07.
#[test]
fn f07_no_room_for_a_deployment() {
    let checked = archgen::check(&full_instances(Environment::Production)).expect("a warning only");
    let found = checked.diagnostics();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, archgen::Code::AG0408);
    assert_eq!(found[0].severity, archgen::Severity::Warning);
}

/// Nodes and pods of three node groups in "10.0.1-3.0/24": 753 addresses that AWS leaves.
#[architecture(environments = [Production])]
fn small_subnets(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 3,
        subnets: { public: "10.0.101-103.0/24", private: "10.0.1-3.0/24", database: "10.0.201-203.0/24" },
        nat: PerZone,
    };
    let platform = eks_cluster! {
        subnets: network.private,
        version: "1.34",
        node_groups: {
            general: OnDemand { instances: ["m6i.large", "m6i.xlarge"], nodes: 3..=10 },
            spot: Spot { instances: ["m6i.large", "m5.large"], nodes: 0..=10 },
            memory: OnDemand { instances: ["r6i.large", "r6i.xlarge"], nodes: 1..=5 },
        },
    };
}

/// F12.
#[test]
fn f12_pods_use_up_the_subnets() {
    let checked = archgen::check(&small_subnets(Environment::Production)).expect("a warning only");
    let found = checked.diagnostics();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].code, archgen::Code::AG0226);
    assert!(found[0].message.contains("753"), "{}", found[0].message);
}
