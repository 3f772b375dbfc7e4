//! Policies over tags that nothing has.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        tags: { team: "platform" },
    };
    let sessions = redis! {
        subnets: network.private,
        node: "cache.t4g.small",
        tags: { team: "payments", "data-class": "restricted" },
    };
    deny!(internet => tagged("data-class" => "restrict"));
    deny!(internet => tagged("data_class" => "restricted"));
    deny!(tagged("team" => "web"), tagged("Team") => sessions);
    deny!(internet => tagged());
    allow!("192.168.10.0/24" => tagged("team" => "platform"));
}

fn main() {}
