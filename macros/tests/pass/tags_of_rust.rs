//! Tags that the macros cannot see, and policies over tags: they decide when the architecture is built.
use std::collections::BTreeMap;

use archgen::prelude::*;

fn owned_by(team: &str) -> BTreeMap<&str, &str> {
    BTreeMap::from([("team", team), ("data-class", "restricted")])
}

#[architecture(environments = [Staging, Production])]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let class = if env == Environment::Production { "restricted" } else { "public" };
    let payments = owned_by("payments");
    let web = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB,
        tags: { team: "web", "data-class": match env { Environment::Production => "public", _ => class } },
    };
    let pay = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8081, cpu: 256, memory: 512MB,
        tags: &payments,
    };
    let cards = redis! { subnets: network.private, node: "cache.t4g.small", tags: owned_by("payments") };
    let receipts = s3_bucket! { tags: { team: "archive", "data-class": format!("{}", "restricted") } };
    connect!(tagged("team" => "payments") => tagged("team" => "payments"));
    connect!(tagged("team" => "web") => internet: tcp(443), udp(123));
    deny!(internet, tagged("team" => "web") => tagged("team" => "payments"));
    deny!(tagged("team" => "web") => tagged("data-class" => "restricted"): tcp(6379));
}

fn main() {
    for environment in [Environment::Staging, Environment::Production] {
        archgen::check(&shop(environment)).unwrap();
    }
    let checked = archgen::check(&shop(Environment::Production)).unwrap();
    assert_eq!(checked.graph().tags_of("cards")["team"], "payments");
    assert_eq!(checked.graph().tags_of("pay")["data-class"], "restricted");
}
