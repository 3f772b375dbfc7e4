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
