//! A parameter where AWS needs a number now, and one of the wrong kind.
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
    let keys = secret! { description: "Keys" };
    let edge = alb! { subnets: network.public, certificate: keys, routes: ["/" => cluster] };
}

fn main() {}
