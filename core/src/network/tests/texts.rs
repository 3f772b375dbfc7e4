//! What paths and fixes are called.

use super::world::{World, group, tcp};
use crate::network::{Model, Question, Side, Wanted};
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::Traffic;

fn explain(world: &World, from: &str, to: &str, port: u16) -> (String, String) {
    let side = |it: &str| {
        if it == "internet" { Side::Internet } else { Side::Endpoint(it.to_string()) }
    };
    let model = Model::new(&world.graph);
    let wanted = Wanted::tcp(port);
    let reach = model.reach(&side(from), &side(to), &wanted, Question::Works);
    let path = reach.path.unwrap();
    let fix = model.fix(&path, &wanted, Question::Works).unwrap_or_default();
    (model.path_text(&path, &wanted, Question::Works), fix)
}

/// `backend` and `redis` with one group that the team wrote.
fn shared_group() -> World {
    let mut world = World::default();
    world.vpc("network", "10.0.0.0/16");
    world.subnet("network", "private", "10.0.3.0/24");
    world.subnet("network", "database", "10.0.4.0/24");
    world.group("ecs_sg", "network", true);
    world.service("backend", &["private"], &["ecs_sg"]);
    world.service("redis", &["database"], &["ecs_sg"]);
    world
}

#[test]
fn missing_rule() {
    let (path, fix) = explain(&shared_group(), "backend", "redis", 6379);
    assert_eq!(
        path,
        "backend ─ egress ok ─ NACL ok ─ route local ─ security group `ecs_sg` (on redis): no \
         ingress rule admits tcp/6379 from `ecs_sg`"
    );
    assert_eq!(
        fix,
        "add `ecs_sg => tcp(6379)` to the ingress of `ecs_sg`, or give `redis` its own security group"
    );
}

#[test]
fn open_path() {
    let mut world = shared_group();
    world.rule("ecs_sg", Ingress, group("ecs_sg"), tcp(6379, 6379));
    let (path, fix) = explain(&world, "backend", "redis", 6379);
    assert_eq!(path, "backend ─ egress ok ─ NACL ok ─ route local ─ ingress ok ─ redis");
    assert_eq!(fix, "");
}

#[test]
fn answers_that_an_acl_denies() {
    let mut world = shared_group();
    world.rule("ecs_sg", Ingress, group("ecs_sg"), tcp(6379, 6379));
    world.acl("guard", "network", &["database"]);
    world.entry("guard", 100, Ingress, true, "0.0.0.0/0", Traffic::All);
    world.entry("guard", 100, Egress, false, "10.0.0.0/8", Traffic::All);
    let (path, fix) = explain(&world, "backend", "redis", 6379);
    assert!(
        path.ends_with(
            "network ACL `guard` (on network.database[0]): its egress denies the answers to \
             10.0.3.0/24 on tcp/32768-60999"
        ),
        "{path}"
    );
    assert_eq!(
        fix,
        "add `90 => allow(\"10.0.3.0/24\", tcp(32768..=60999))` to the egress of `guard`"
    );
}

#[test]
fn missing_route() {
    let (path, fix) = explain(&shared_group(), "backend", "internet", 443);
    assert_eq!(
        path,
        "backend ─ egress ok ─ NACL ok ─ route table of network.private: no route to the internet"
    );
    assert_eq!(
        fix,
        "give `network` NAT gateways, such as `nat: PerZone`, and `network.private` a route to them"
    );
}
