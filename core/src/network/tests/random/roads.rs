//! Random gateways and routes.

use super::super::world::{World, cidr, reference};
use super::dice::Dice;
use super::generate::{Plan, SUBNETS, VPCS};
use super::{Feature, has};
use crate::resource::ResourceId;
use crate::resource::network::*;

pub fn gateways(world: &mut World, dice: &mut Dice, plan: &Plan) {
    for (vpc, percent) in [("a", 95), ("b", 70), ("c", 40)] {
        if dice.chance(percent) {
            world.gateway(vpc);
        }
    }
    world.nat("nat", dice.one(&["a0", "a1"]));
    world.nat("nat_b", dice.one(&["b0", "b1"]));
    if has(Feature::PrivateNat) {
        world.private_nat("private_nat", dice.one(&["a2", "a1"]));
    }
    if has(Feature::EgressOnly) {
        world.egress_only("eigw_a", "a");
        world.egress_only("eigw_b", "b");
    }
    if plan.peerings {
        world.peering("ab", "a", "b");
        world.peering("bc", "b", "c");
        world.peering("ca", "c", "a");
    }
    if plan.vpn {
        let home = dice.one(&[Some("a"), Some("a"), Some("b"), None]);
        world.vpn("vgw", home);
    }
    if has(Feature::GatewayEndpoint) {
        let subnets = dice.some(&["a0", "a1", "a2"]);
        world.gateway_endpoint("a", EndpointService::S3, &subnets);
    }
    if plan.transit {
        transit(world, dice, plan);
    }
}

fn transit(world: &mut World, dice: &mut Dice, plan: &Plan) {
    world.transit("tgw", dice.chance(75), dice.chance(80), dice.chance(50));
    world.transit_table("t0", "tgw");
    world.transit_table("t1", "tgw");
    // Zones of subnets, as they were drawn.
    let zone = |world: &World, name: &str| {
        let it = world.graph.get(&reference::<Subnet>(name));
        it.map_or(0, |it| it.zone)
    };
    let mut attached = Vec::new();
    for (vpc, name, own, shared, second) in [
        ("a", "in_a", "at", "a0", "a1"),
        ("b", "in_b", "bt", "b0", "b1"),
        ("c", "in_c", "ct", "c0", "c0"),
    ] {
        if !dice.chance(90) {
            continue;
        }
        let mut subnets = vec![own];
        if has(Feature::TransitShared) && dice.chance(25) {
            subnets = vec![shared];
        }
        if has(Feature::TransitZones)
            && dice.chance(30)
            && zone(world, second) != zone(world, subnets[0])
        {
            subnets.push(second);
        }
        world.attach(name, "tgw", vpc, &subnets, dice.chance(85));
        attached.push(name);
        if dice.chance(40) {
            world.associate(dice.one(&["t0", "t1"]), name);
        }
        for table in ["t0", "t1"] {
            if dice.chance(80) {
                world.propagate(table, name);
            }
        }
    }
    for table in ["t0", "t1"] {
        let mut seen = Vec::new();
        for _ in 0..dice.roll(3) {
            let to = if has(Feature::Ipv6) && dice.chance(40) {
                let all = ["::/0", "2000::/3", "2a0b:1234:aa:aa00::/56", "2a0b:1234:bb:bb00::/64"];
                dice.one(if plan.far { &all } else { &all[..2] })
            } else {
                dice.one(&["10.0.0.0/24", "10.1.0.0/24", "10.1.0.0/28", "10.0.0.0/8", "0.0.0.0/0"])
            };
            if !attached.is_empty() && !seen.contains(&to) {
                seen.push(to);
                let target = (!dice.chance(30)).then(|| dice.one(&attached));
                world.transit_route(table, to, target);
            }
        }
    }
}

fn peering_between(one: &str, two: &str) -> &'static str {
    match (one, two) {
        ("a", "b") | ("b", "a") => "ab",
        ("b", "c") | ("c", "b") => "bc",
        _ => "ca",
    }
}

fn exists(world: &World, id: &str) -> bool {
    world.graph.resources.contains_key(&ResourceId::new(&[id]))
}

fn internet(world: &World, vpc: &str) -> Option<RouteTarget> {
    let id = format!("{vpc}.igw");
    exists(world, &id).then(|| RouteTarget::InternetGateway(reference(&id)))
}

fn through_transit() -> RouteTarget {
    RouteTarget::TransitGateway(reference("tgw"))
}

/// The table of one subnet, with each destination at most once.
struct Table<'a> {
    world: &'a mut World,
    subnet: &'a str,
    seen: Vec<String>,
}

impl Table<'_> {
    fn add(&mut self, to: &str, target: RouteTarget, propagated: bool) {
        let key = format!("{to} {propagated}");
        if !self.seen.contains(&key) {
            self.seen.push(key);
            self.world.route_to(self.subnet, Destination::Cidr(cidr(to)), target, propagated);
        }
    }

    fn list(&mut self, list: &str, target: RouteTarget) {
        self.world.route_to(self.subnet, Destination::PrefixList(reference(list)), target, false);
    }
}

pub fn routes(
    world: &mut World,
    dice: &mut Dice,
    plan: &Plan,
    vpc: &str,
    subnet: &str,
    only: bool,
) {
    let mut table = Table { world, subnet, seen: Vec::new() };
    outward(&mut table, dice, plan, vpc, only);
    inward(&mut table, dice, plan, vpc, only);
    if has(Feature::PrivateNat) && vpc == "a" && !only && dice.chance(25) {
        let nat = dice.one(&["private_nat", "nat"]);
        let to = dice.one(&["10.1.0.0/24", "10.2.0.0/24", "10.1.0.0/28"]);
        table.add(to, RouteTarget::NatGateway(reference(nat)), false);
    }
    if has(Feature::MoreSpecific) && subnet == "a0" && dice.chance(30) {
        let to = SUBNETS[1].2;
        table.add(to, RouteTarget::NatGateway(reference("nat")), false);
    }
    if plan.vpn && dice.chance(60) {
        let vpn = RouteTarget::VpnGateway(reference("vgw"));
        let all = ["10.1.0.0/24", "10.0.0.0/24", "10.1.0.0/28", "192.168.0.0/16", "10.0.0.0/28"];
        let to = dice.one(&all[..if vpc == "a" { 4 } else { 5 }]);
        let own = if vpc == "a" { "10.0.0.0" } else { "10.1.0.0" };
        if !to.starts_with(own) {
            table.add(to, vpn.clone(), true);
        } else if has(Feature::LocalFirst) {
            table.add(dice.one(&[to, &format!("{own}/28")]), vpn.clone(), true);
        }
        if dice.chance(30) && vpc != "b" {
            table.add("10.1.0.0/28", vpn, false);
        }
    }
}

/// Routes to the internet.
fn outward(table: &mut Table<'_>, dice: &mut Dice, plan: &Plan, vpc: &str, only: bool) {
    let nat = match vpc {
        "a" => Some("nat"),
        "b" => Some("nat_b"),
        _ => None,
    };
    if dice.chance(75) && (!only || has(Feature::TransitEgress)) {
        let to = dice.one(&["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "8.8.8.0/24"]);
        let owner = dice.one(&["a", vpc, vpc, vpc, vpc]);
        if let Some(nat) = nat.filter(|_| dice.chance(if only { 90 } else { 40 })) {
            table.add(to, RouteTarget::NatGateway(reference(nat)), false);
        } else if plan.transit && has(Feature::TransitEgress) && !only && dice.chance(25) {
            table.add(to, through_transit(), false);
        } else if let Some(target) = internet(table.world, owner) {
            table.add(to, target, false);
        }
    }
    if let Some(target) = internet(table.world, vpc).filter(|_| dice.chance(20)) {
        table.add("9.0.0.0/8", target, false);
    }
    if has(Feature::Ipv6) && !only && dice.chance(75) {
        let all = ["::/0", "::/0", "2000::/3", "2a00:1450::/32"];
        let to = dice.one(if plan.far { &all } else { &all[..3] });
        let egress = format!("eigw_{}", dice.one(&["a", vpc, vpc, vpc]));
        if exists(table.world, &egress) && dice.chance(40) {
            let target = RouteTarget::EgressOnlyInternetGateway(reference(&egress));
            table.add(to, target, false);
        } else if let Some(target) = internet(table.world, vpc) {
            table.add(to, target, false);
        }
    }
}

/// Routes to the other VPCs.
fn inward(table: &mut Table<'_>, dice: &mut Dice, plan: &Plan, vpc: &str, only: bool) {
    let mut listed = false;
    for (index, (other, block, given)) in VPCS.into_iter().enumerate() {
        if other == vpc || !dice.chance(if only { 40 } else { 85 }) {
            continue;
        }
        let right = dice.chance(92);
        let any = dice.one(&["ab", "bc", "ca"]);
        let peering = if right { peering_between(vpc, other) } else { any };
        let target = match dice.chance(50) {
            true if plan.peerings => RouteTarget::VpcPeering(reference(peering)),
            _ if plan.transit => through_transit(),
            _ if plan.peerings => RouteTarget::VpcPeering(reference(peering)),
            _ => continue,
        };
        let to = match dice.roll(12) {
            0 => "10.0.0.0/8".to_string(),
            1 => block.replace("/24", "/29"),
            2 | 3 => block.replace("/24", "/28"),
            _ => block.to_string(),
        };
        table.add(&to, target.clone(), false);
        if other == "a" && dice.chance(70) {
            table.add("10.9.0.0/24", target.clone(), false);
        }
        if plan.six[index] == Some(true) {
            let to = if dice.chance(80) { given.to_string() } else { given.replace("/56", "/64") };
            table.add(&to, target.clone(), false);
        } else if plan.six[index] == Some(false) && dice.chance(60) {
            table.add(dice.one(&["::/0", "2000::/3"]), target.clone(), false);
        }
        // A second list could overlap, which leaves open which of them decides.
        if has(Feature::PrefixLists) && !listed && dice.chance(25) {
            if other == "b" {
                table.list("to_b", target.clone());
                listed = true;
            } else if other == "a" {
                table.list("to_a", target.clone());
                listed = true;
            }
        }
        if has(Feature::PrefixLists) && has(Feature::Ipv6) && other == "a" && dice.chance(35) {
            table.list("to_a6", target);
        }
    }
}
