//! Makes values unknown.

use super::super::world::World;
use super::dice::Dice;
use crate::resource::ResourceKind;
use crate::resource::network::*;
use crate::value::Value;

/// The same network with some values that are not known.
pub fn forget(world: &World, dice: &mut Dice) -> World {
    let mut world = world.clone();
    for resource in world.graph.resources.values_mut() {
        if dice.chance(6) {
            blur(&mut resource.kind, dice);
        }
    }
    for it in world.graph.interfaces.values_mut() {
        if dice.chance(12) {
            match dice.roll(4) {
                0 => it.subnets = None,
                1 => it.groups = None,
                2 => it.public = Value::Unknown,
                _ => it.ipv6 = Value::Unknown,
            }
        }
    }
    world
}

fn blur(kind: &mut ResourceKind, dice: &mut Dice) {
    if let ResourceKind::Vpc(it) = kind {
        it.cidr = Value::Unknown;
    } else if let ResourceKind::VpcCidrBlock(it) = kind {
        it.cidr = Value::Unknown;
    } else if let ResourceKind::VpcIpv6Block(it) = kind {
        if let Ipv6Block::Given(it) = &mut it.block {
            *it = Value::Unknown;
        }
    } else if let ResourceKind::Subnet(it) = kind {
        match &mut it.ipv6 {
            Some(SubnetIpv6::Given(block)) if dice.chance(50) => *block = Value::Unknown,
            Some(_) | None => it.cidr = Value::Unknown,
        }
    } else if let ResourceKind::Route(it) = kind {
        if dice.chance(50) {
            it.destination = Destination::Cidr(Value::Parameter("x".to_string()));
        } else {
            it.target = RouteTarget::Unknown;
        }
    } else if let ResourceKind::NetworkAclEntry(it) = kind {
        match dice.roll(3) {
            0 => it.number = Value::Unknown,
            1 => it.cidr = Value::Unknown,
            _ => it.traffic = Traffic::Unknown,
        }
    } else if let ResourceKind::SecurityGroupRule(it) = kind {
        if dice.chance(50) {
            it.peer = RulePeer::Cidr(Value::Unknown);
        } else if let Traffic::Tcp(_) = it.traffic {
            it.traffic = Traffic::Tcp(Value::Unknown);
        } else {
            it.traffic = Traffic::Unknown;
        }
    } else if let ResourceKind::SecurityGroup(it) = kind {
        it.default_egress = Value::Unknown;
    } else if let ResourceKind::Service(it) = kind {
        if dice.chance(50) { it.subnets.clear() } else { it.groups.clear() }
    } else {
        blur_outside(kind, dice);
    }
}

fn blur_outside(kind: &mut ResourceKind, dice: &mut Dice) {
    if let ResourceKind::PrefixList(it) = kind {
        let one = dice.roll(it.entries.len());
        it.entries[one] = Value::Unknown;
    } else if let ResourceKind::TransitGateway(it) = kind {
        match dice.roll(3) {
            0 => it.default_association = Value::Unknown,
            1 => it.default_propagation = Value::Unknown,
            _ => it.group_references = Value::Unknown,
        }
    } else if let ResourceKind::TransitGatewayAttachment(it) = kind {
        it.ipv6 = Value::Unknown;
    } else if let ResourceKind::TransitGatewayRoute(it) = kind {
        it.destination = Value::Unknown;
    }
}
