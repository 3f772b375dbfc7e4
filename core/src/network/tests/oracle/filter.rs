//! What rules and entries match: network ACLs and security groups, one rule after the other.

use super::net::{Address, Net, Peer, PolicyTo, side};
use super::{Host, Mark, Oracle, Packet};
use crate::resource::network::{Direction, PortRange, Traffic};
use crate::value::Value;

/// How a packet came to its target, as far as references to groups ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Across {
    /// Within one VPC, with the sender's own address.
    Vpc,
    /// A peering between the two VPCs.
    Peering,
    /// This transit gateway.
    Transit(usize),
    /// The internet.
    Internet,
    /// Something that translates addresses stands between.
    Middlebox,
}

fn within(range: &Value<PortRange>, port: u16) -> bool {
    range.literal().is_some_and(|it| it.first <= port && port <= it.last)
}

/// Row 9: all traffic is every protocol; row 10: ICMP has types and codes. Packets have code 0.
fn matches(traffic: &Traffic, packet: Packet) -> bool {
    let kinds = |kind: &Option<u8>, code: &Option<u8>, it: u8| {
        kind.is_none_or(|kind| kind == it) && code.is_none_or(|code| code == 0)
    };
    match (traffic, packet) {
        (Traffic::All, _) => true,
        (Traffic::Tcp(range), Packet::Tcp(port)) => within(range, port),
        (Traffic::Udp(range), Packet::Udp(port)) => within(range, port),
        (Traffic::Icmp { kind, code }, Packet::Icmp(it))
        | (Traffic::Icmpv6 { kind, code }, Packet::Icmpv6(it)) => kinds(kind, code, it),
        (Traffic::Protocol(it), Packet::Protocol(number)) => *it == number,
        _ => false,
    }
}

impl Oracle {
    /// Rows 16 to 18: whether the network ACL of a subnet lets a packet pass. `remote` is the address on
    /// the other side: the source of what comes in, the destination of what goes out.
    pub fn acl(
        &self,
        subnet: usize,
        direction: Direction,
        remote: Address,
        packet: Packet,
    ) -> bool {
        let Some(lists) = &self.net.subnets[subnet].acl else {
            return true;
        };
        if self.open_acls.get() {
            return true;
        }
        self.mark(Mark::Acl);
        for entry in &lists[side(direction)] {
            if entry.block.contains(remote) && matches(&entry.traffic, packet) {
                return entry.allow;
            }
        }
        false
    }

    /// Kubernetes: whether the policy of `own` lets a packet from or to `other` pass, if it has one. Policies
    /// only admit, know their connections, and are asked on both sides.
    /// <https://kubernetes.io/docs/concepts/services-networking/network-policies/>
    fn policy(
        &self,
        own: &Host,
        direction: Direction,
        other: &Host,
        seen: Address,
        packet: Packet,
        across: Across,
    ) -> bool {
        let Some(policy) = own.policy.map(|it| &self.net.policies[it]) else {
            return true;
        };
        if !policy.isolates {
            return true;
        }
        policy.rules[side(direction)].iter().any(|(peer, traffic)| {
            matches(traffic, packet)
                && match peer {
                    PolicyTo::Blocks(blocks) => blocks.iter().any(|it| it.contains(seen)),
                    PolicyTo::Public => !seen.six && super::public(seen),
                    PolicyTo::Pods(it) => {
                        other.policy == Some(*it)
                            && self.reference(&self.net, own, other, direction, across)
                    }
                }
        })
    }

    /// Rows 1 to 8: whether the groups of `own` let a packet from or to `other` pass.
    pub(super) fn groups(
        &self,
        own: &Host,
        direction: Direction,
        other: &Host,
        seen: Address,
        packet: Packet,
        across: Across,
    ) -> bool {
        let Some(groups) = &own.groups else {
            return true;
        };
        if self.open_groups.get() {
            return true;
        }
        if !self.policy(own, direction, other, seen, packet, across) {
            return false;
        }
        let mut admitted = false;
        for &group in groups {
            for (peer, traffic) in &self.net.groups[group].rules[side(direction)] {
                if !matches(traffic, packet) {
                    continue;
                }
                let hit = match peer {
                    Peer::Blocks(blocks, list) => {
                        let hit = blocks.iter().any(|it| it.contains(seen));
                        if *list && hit {
                            self.mark(Mark::ListRule);
                        }
                        hit
                    }
                    Peer::Group(it) => {
                        let member = other.groups.as_ref().is_some_and(|all| all.contains(it));
                        let hit =
                            member && self.reference(&self.net, own, other, direction, across);
                        if hit {
                            self.mark(Mark::Reference);
                        }
                        if hit && *it == group {
                            self.mark(Mark::SelfReference);
                        }
                        hit
                    }
                };
                admitted |= hit;
            }
        }
        admitted
    }

    /// Rows 4 to 6, and references across a transit gateway: whether a reference to a group of `other`
    /// holds for what came this way.
    fn reference(
        &self,
        net: &Net,
        own: &Host,
        other: &Host,
        direction: Direction,
        across: Across,
    ) -> bool {
        let (Some(own), Some(other)) = (own.subnet, other.subnet) else {
            return false;
        };
        let (here, there) = (net.subnets[own].vpc, net.subnets[other].vpc);
        let peered = net.peerings.iter().any(|it| it.contains(&here) && it.contains(&there));
        match across {
            Across::Vpc | Across::Peering => true,
            Across::Transit(gateway) => {
                let holds = net.transits[gateway] && direction == Direction::Ingress;
                // The reference is in force by the peering, the packet came another way: AWS's pages do
                // not say what decides.
                if !holds && peered {
                    self.mark(Mark::Unsettled);
                }
                holds
            }
            // IPv6 addresses are the same on either side of a gateway; AWS speaks of private addresses.
            Across::Internet => {
                if peered {
                    self.mark(Mark::Unsettled);
                }
                false
            }
            Across::Middlebox => false,
        }
    }
}
