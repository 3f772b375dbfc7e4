//! More rules than a security group takes.
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

    let partners = security_group! {
        vpc: network,
        ingress: [
            "10.9.0.0/16" => tcp(1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019),
            "10.8.0.0/16" => tcp(1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019),
            "10.7.0.0/16" => tcp(1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019),
            "10.6.0.0/16" => tcp(1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019),
            "10.5.0.0/16" => tcp(1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019),
            "10.4.0.0/16" => tcp(1001, 1003, 1005, 1007, 1009, 1011, 1013, 1015, 1017, 1019),
            "10.3.0.0/16" => tcp(22),
        ],
    };
}

fn main() {}
