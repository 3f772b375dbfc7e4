//! Tenants from a list that Rust makes, from an iterator, and from a count.
use archgen::prelude::*;

/// The lines of a file such as `tenants.txt`.
fn clients_of(file: &str) -> Vec<String> {
    file.lines().map(|it| it.trim().to_string()).filter(|it| !it.is_empty()).collect()
}

#[architecture(environments = [Production])]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22 }, nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster, image: "example/api:1", port: 80, cpu: 256, memory: 512MB,
    };
    let domain = certificate! { domain: "*.example.com", alternative_names: ["*.partners.example.com"] };
    let edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };

    let mut keys = clients_of("acme\nglobex\n\n initech\n");
    for number in 1..=3 {
        keys.push(format!("trial-{number}"));
    }
    let clients = tenant_pool! {
        tenants: keys,
        at_most: 40,
        service: api,
        balancer: edge,
        route_by: "{tenant}.example.com",
        isolation: { compute: Silo, network: PerTenant },
    };
    let partners = tenant_pool! {
        tenants: (1..=2).map(|it| format!("partner-{it}")).collect::<Vec<_>>(),
        at_most: 4,
        service: api,
        balancer: edge,
        route_by: "{tenant}.partners.example.com",
    };
    let testers = tenant_pool! { tenants: 12, at_most: 20, service: api };
    let few = tenant_pool! { tenants: ["one", "two"], at_most: keys_at_most(), service: api };
}

/// What only runs is counted when it runs.
fn keys_at_most() -> u32 {
    2
}

fn main() {
    let checked = archgen::check(&shop(Environment::Production)).expect("right");
    let ids: Vec<String> =
        checked.graph().resources.keys().map(ToString::to_string).collect();
    for wanted in ["clients.initech.service", "clients.trial-3.service", "partners.partner-2.log_group"] {
        assert!(ids.iter().any(|it| it == wanted), "{wanted}: {ids:?}");
    }
    assert!(ids.iter().any(|it| it == "testers.t0012.log_group"), "{ids:?}");
}
