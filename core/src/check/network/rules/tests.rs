//! Rules that can be removed, and rules that only look like it.

use crate::check::network::testing::{declared, diagnose, network, with};
use crate::network::tests::world::{World, block, group, tcp};
use crate::resource::ResourceId;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{RouteTarget, RulePeer, Traffic};
use crate::value::Value;

fn ag0314(world: &World) -> Vec<String> {
    with("AG0314", world)
}

#[test]
fn ag0314_contained_in_another() {
    let mut world = network();
    world.rule("g", Ingress, block("10.0.0.0/8"), tcp(80, 443));
    world.rule("g", Ingress, block("10.1.0.0/16"), tcp(443, 8080));
    world.rule("g", Ingress, block("11.1.0.0/16"), tcp(443, 443));
    world.rule("g", Egress, block("10.1.0.0/16"), tcp(443, 443));
    world.rule("g", Ingress, RulePeer::Cidr(Value::Unknown), tcp(443, 443));
    world.rule("g", Ingress, block("10.2.0.0/16"), Traffic::Tcp(Value::Unknown));
    assert_eq!(ag0314(&world), Vec::<String>::new());
    world.rule("g", Ingress, block("10.1.2.0/24"), tcp(443, 443));
    assert_eq!(
        ag0314(&world),
        [
            "[AG0314] the ingress rule of security group `g` for tcp/443 from 10.1.2.0/24 adds nothing: the one for tcp/80-443 from 10.0.0.0/8 holds all of it"
        ]
    );
    let mut twins = network();
    twins.rule("g", Ingress, group("g"), tcp(80, 80));
    twins.rule("g", Ingress, group("g"), tcp(80, 80));
    twins.rule("g", Ingress, block("10.0.0.0/8"), tcp(1, 1));
    twins.rule("g", Ingress, block("10.0.0.0/8"), tcp(0, 9));
    assert_eq!(ag0314(&twins).len(), 2, "one of each pair: {:?}", ag0314(&twins));
    assert_eq!(declared(&twins, &[]), Vec::<String>::new(), "only what the team wrote");
}

/// `task` in `left`, `peer` in `right`, and an appliance on the way from one to the other.
fn inspected() -> World {
    let mut world = network();
    world.group("p", "net", true);
    world.service("peer", &["right"], &["p"]);
    let firewall = || RouteTarget::Appliance(ResourceId::new(&["firewall"]));
    world.route("right", "10.0.1.0/24", firewall());
    world.route("left", "10.0.2.0/24", firewall());
    world.rule("g", Ingress, group("p"), tcp(80, 80));
    world
}

#[test]
fn row_05_group_reference_does_not_hold_behind_an_appliance() {
    let mut world = inspected();
    assert_eq!(
        ag0314(&world),
        [
            "[AG0314] the ingress rule of security group `g` for tcp/80 from `p` admits nobody: `p` is reached through an appliance"
        ]
    );
    world.service("near", &["left"], &["p"]);
    assert_eq!(ag0314(&world), Vec::<String>::new(), "one of them comes directly");
    let mut unknown = inspected();
    for resource in unknown.graph.resources.values_mut() {
        if let crate::resource::ResourceKind::Subnet(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        }
    }
    assert_eq!(ag0314(&unknown), Vec::<String>::new());
    let mut by_address = network();
    by_address.group("p", "net", true);
    by_address.service("peer", &["right"], &["p"]);
    by_address.route("right", "10.0.1.0/24", RouteTarget::Appliance(ResourceId::new(&["fw"])));
    by_address.rule("g", Ingress, block("10.0.2.0/24"), tcp(80, 80));
    assert_eq!(ag0314(&by_address), Vec::<String>::new());
}

#[test]
fn row_40_a_rule_can_go_though_connections_outlive_it() {
    let page = crate::codes::Code::AG0314.explanation();
    assert!(page.contains("Connections that are open when a rule is removed may go"));
}

const BASE: &str = r#"
    vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single }
    ecs_cluster cluster { subnets: network.private }
"#;

fn service(name: &str, port: u16, group: &str) -> String {
    format!(
        "ecs_service {name} {{ cluster: cluster, image: \"a:1\", port: {port}, cpu: 256, \
         memory: 512MB, security_groups: [{group}] }}\n"
    )
}

fn unused(groups: &str, flows: &str) -> Vec<String> {
    let services = [service("api", 8080, "api_sg"), service("worker", 9000, "worker_sg")].concat();
    diagnose(&format!("{BASE}{groups}{services}{flows}"), "AG0314")
}

const TIGHT: &str = r#"
    security_group api_sg { vpc: network, ingress: [worker_sg => tcp(8080)], egress: [internet => tcp(443)] }
    security_group worker_sg { vpc: network, egress: [api_sg => tcp(8080), internet => tcp(443)] }
"#;
const FLOW: &str = "connect flow { from: [worker], to: [api] }\n";

#[test]
fn ag0314_no_connection_needs_it() {
    assert_eq!(unused(TIGHT, FLOW), Vec::<String>::new(), "what starts needs HTTPS");
    let loose = TIGHT.replace(
        "[worker_sg => tcp(8080)]",
        "[worker_sg => tcp(8080), worker_sg => tcp(9229), network.public => tcp(8080), itself => icmp]",
    );
    assert_eq!(
        unused(&loose, FLOW),
        [
            "[AG0314] no connection needs the ingress rule of security group `api_sg` for tcp/9229 from `worker_sg`",
            "[AG0314] no connection needs the ingress rule of security group `api_sg` for tcp/8080 from 10.0.0.0/24 and 1 more",
        ]
    );
    assert_eq!(unused(&loose, ""), Vec::<String>::new(), "nothing is declared about the group");
}

#[test]
fn ag0314_silent_while_something_is_unknown() {
    let loose =
        TIGHT.replace("[worker_sg => tcp(8080)]", "[worker_sg => tcp(8080), worker_sg => ?]");
    assert_eq!(unused(&loose, FLOW), Vec::<String>::new());
}
