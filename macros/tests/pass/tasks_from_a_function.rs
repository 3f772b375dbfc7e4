//! Numbers of tasks that only run.
use archgen::prelude::*;

fn most() -> u32 {
    2
}

/// A range whose end is not seen.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let web = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/nginx/nginx:1.27",
        cpu: if most() > 4 { 512 } else { 256 },
        memory: 8GB,
        tasks: 10..=most(),
        scale_on: [Cpu > 70pct],
    };
}

fn main() {
    let found = archgen::check(&shop(Environment::Production)).expect_err("wrong numbers");
    let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["AG0401", "AG0402"], "{found:#?}");
}
