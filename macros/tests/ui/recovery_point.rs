//! A recovery point that daily backups cannot meet (seed row F04).
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24, database: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };

    let files = efs! { subnets: network.private, backups: true };
    let promise = objectives! { recovery_point: 5min };
}

fn main() {}
