//! Load balancers with their listeners, and what they send on.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::resource::interfaces::{Forwarding, InterfaceKind};
use archgen_core::resource::{Ref, ResourceId, network::Subnet};
use archgen_core::types::Port;
use archgen_core::value::Value;

use super::endpoints::{dual, no_groups};
use super::{Item, Named, Reader, Standing, elements, within};
use crate::read::data::{Data, DataKind};

const BALANCER: &[&str] = &["AWS::ElasticLoadBalancingV2::LoadBalancer"];
const TARGET_GROUP: &[&str] = &["AWS::ElasticLoadBalancingV2::TargetGroup"];
const LISTENER: &[&str] = &["AWS::ElasticLoadBalancingV2::Listener"];

/// What registers itself, and the port it says.
pub(super) type Registered = (String, Option<Value<Port>>);

/// A door of a load balancer.
struct Door {
    balancer: String,
    port: Value<Port>,
    network: bool,
    /// Whether it is certain that it is there.
    sure: bool,
}

impl<'a> Reader<'a> {
    fn balancer_subnets(&mut self, item: &Item<'a>) -> Option<Vec<Ref<Subnet>>> {
        let subnets = self.get(item, "Subnets");
        let mappings = self.get(item, "SubnetMappings");
        if subnets.is_absent() && !mappings.is_absent() {
            let mapped = elements(&mappings).into_iter().map(|(it, maybe)| {
                let loc = it.loc;
                let subnet = within(it, "SubnetId");
                match maybe {
                    None => subnet,
                    Some(why) => Data::unknown(loc, why),
                }
            });
            let list = Data::new(mappings.loc, DataKind::List(mapped.collect()));
            return self.subnets_of(item, "SubnetMappings", &list);
        }
        self.subnets_of(item, "Subnets", &subnets)
    }

    pub(super) fn load_balancer(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let kind = self.get(item, "Type");
        let kind =
            if kind.is_absent() { "application" } else { kind.as_text().unwrap_or_default() };
        if kind != "application" && kind != "network" {
            let why = format!("load balancers of type `{kind}` are not read");
            self.note(item.loc(), item, "Type", why);
            return;
        }
        let network = kind == "network";
        let subnets = self.balancer_subnets(item);
        let groups = self.get(item, "SecurityGroups");
        let groups = if network && elements(&groups).is_empty() {
            // A Network Load Balancer without groups filters nothing:
            // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
            no_groups()
        } else {
            self.groups_of(item, "SecurityGroups", &groups, subnets.as_deref())
        };
        let scheme = self.get(item, "Scheme");
        let public = self.word(item, "Scheme", &scheme, ("internet-facing", "internal"), true);
        let family = self.get(item, "IpAddressType");
        let ports = self.listener_ports(item);
        let standing = Standing {
            kind: if network {
                InterfaceKind::NetworkLoadBalancer
            } else {
                InterfaceKind::LoadBalancer
            },
            subnets,
            groups,
            public,
            ipv6: dual(&family),
            ports,
            store: false,
        };
        self.stand(item, item.name(), standing);
    }

    /// The TCP ports of a load balancer's listeners.
    fn listener_ports(&mut self, item: &Item<'a>) -> Vec<Value<Port>> {
        if self.listener_ports.is_none() {
            let items = self.items;
            let mut all: BTreeMap<String, Vec<Value<Port>>> = BTreeMap::new();
            for listener in items.values().filter(|it| LISTENER.contains(&it.kind())) {
                let of = self.get(listener, "LoadBalancerArn");
                let Some(of) = of.as_resource() else { continue };
                if self.is_tcp(listener) {
                    let port = self.get(listener, "Port");
                    let port = self.port(listener, "Port", &port);
                    let ports = all.entry(of.to_string()).or_default();
                    if !ports.contains(&port) {
                        ports.push(port);
                    }
                }
            }
            self.listener_ports = Some(all);
        }
        self.listener_ports.as_ref().and_then(|it| it.get(item.name())).cloned().unwrap_or_default()
    }

    fn is_tcp(&mut self, listener: &Item<'a>) -> bool {
        let protocol = self.get(listener, "Protocol");
        !matches!(protocol.as_text(), Some("UDP" | "QUIC"))
    }

    /// The door that a listener is; none if its load balancer is not in the template.
    fn door(&mut self, listener: &Item<'a>) -> Option<Door> {
        let of = self.get(listener, "LoadBalancerArn");
        let Named::Item(balancer) = self.named(listener, "LoadBalancerArn", &of, BALANCER) else {
            return None;
        };
        let interfaces = self.graph.interfaces.get(&ResourceId::new(&[&balancer]))?;
        let network = interfaces.kind == InterfaceKind::NetworkLoadBalancer;
        if !self.is_tcp(listener) {
            self.note(listener.loc(), listener, "Protocol", "listeners for UDP are not followed");
            return None;
        }
        let port = self.get(listener, "Port");
        let port = self.port(listener, "Port", &port);
        Some(Door { balancer, port, network, sure: listener.maybe.is_none() })
    }

    pub(super) fn listener(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        if let Some(door) = self.door(item) {
            let actions = self.get(item, "DefaultActions");
            self.actions(item, &door, &actions);
        }
    }

    pub(super) fn listener_rule(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let of = self.get(item, "ListenerArn");
        let Named::Item(listener) = self.named(item, "ListenerArn", &of, LISTENER) else { return };
        let items = self.items;
        let Some(listener) = items.get(&listener) else { return };
        if let Some(mut door) = self.door(listener) {
            door.sure &= item.maybe.is_none();
            let actions = self.get(item, "Actions");
            self.actions(item, &door, &actions);
        }
    }

    /// The target groups that actions forward to.
    fn actions(&mut self, item: &Item<'a>, door: &Door, actions: &Data) {
        for (action, maybe) in elements(actions) {
            let kind = within(action.clone(), "Type");
            if let Some(kind) = kind.as_text()
                && kind != "forward"
            {
                continue;
            }
            if !matches!(action.kind, DataKind::Map(_)) {
                self.unknown(item, "Actions", &action);
                continue;
            }
            let sure = door.sure && maybe.is_none();
            let one = within(action.clone(), "TargetGroupArn");
            let many = within(within(action, "ForwardConfig"), "TargetGroups");
            let mut groups: Vec<Data> =
                elements(&many).into_iter().map(|(it, _)| within(it, "TargetGroupArn")).collect();
            if !one.is_absent() && !groups.contains(&one) {
                groups.push(one);
            }
            for group in groups {
                if let Named::Item(it) = self.named(item, "TargetGroupArn", &group, TARGET_GROUP) {
                    self.target_group(item, door, &it, sure);
                }
            }
        }
    }

    fn target_group(&mut self, from: &Item<'a>, door: &Door, name: &str, sure: bool) {
        let items = self.items;
        let Some(group) = items.get(name) else { return };
        let kind = self.get(group, "TargetType");
        let kind = if kind.is_absent() { "instance" } else { kind.as_text().unwrap_or_default() };
        if kind == "lambda" {
            // It calls the function by its name, over no network of the team's.
            return;
        }
        let port = self.get(group, "Port");
        let default =
            if port.is_absent() { Value::Unknown } else { self.port(group, "Port", &port) };
        let keeps = if door.network {
            self.keeps_client_address(group, kind)
        } else {
            Value::Literal(false)
        };
        let mut targets: Vec<(String, Value<Port>)> = Vec::new();
        let listed = self.get(group, "Targets");
        for (target, _) in elements(&listed) {
            let id = within(target.clone(), "Id");
            let own = within(target, "Port");
            let port =
                if own.is_absent() { default.clone() } else { self.port(group, "Targets", &own) };
            match id.as_resource() {
                Some(it) => targets.push((it.to_string(), port)),
                None => self.note(
                    id.loc,
                    group,
                    "Targets",
                    format!("a target by {} is not followed", id.what()),
                ),
            }
        }
        for (owner, port) in self.registered(name) {
            targets.push((owner, port.unwrap_or_else(|| default.clone())));
        }
        for (target, port) in targets {
            self.forward(from, door, &target, port, keeps.clone(), sure);
        }
    }

    /// What registers itself with a target group or a Classic Load Balancer: services and Auto Scaling groups.
    fn registered(&mut self, name: &str) -> Vec<Registered> {
        if self.registered.is_none() {
            let all = self.registrations();
            self.registered = Some(all);
        }
        self.registered.as_ref().and_then(|it| it.get(name)).cloned().unwrap_or_default()
    }

    fn registrations(&mut self) -> BTreeMap<String, Vec<Registered>> {
        let items = self.items;
        let mut all: BTreeMap<String, Vec<Registered>> = BTreeMap::new();
        let mut add = |with: &Data, registered: Registered| {
            if let Some(with) = with.as_resource() {
                all.entry(with.to_string()).or_default().push(registered);
            }
        };
        for it in items.values() {
            match it.kind() {
                "AWS::AutoScaling::AutoScalingGroup" => {
                    for what in ["TargetGroupARNs", "LoadBalancerNames"] {
                        let with = self.get(it, what);
                        for (with, _) in elements(&with) {
                            add(&with, (it.name().to_string(), None));
                        }
                    }
                }
                "AWS::ECS::Service" => {
                    let entries = self.get(it, "LoadBalancers");
                    for (entry, _) in elements(&entries) {
                        let more = within(entry.clone(), "AdvancedConfiguration");
                        let port = within(entry.clone(), "ContainerPort");
                        let port = self.port(it, "ContainerPort", &port);
                        for with in [
                            within(entry.clone(), "TargetGroupArn"),
                            within(more, "AlternateTargetGroupArn"),
                            within(entry, "LoadBalancerName"),
                        ] {
                            add(&with, (it.name().to_string(), Some(port.clone())));
                        }
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// Whether targets see the client's address.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation>
    fn keeps_client_address(&mut self, group: &Item<'a>, kind: &str) -> Value<bool> {
        let attributes = self.get(group, "TargetGroupAttributes");
        for (it, maybe) in elements(&attributes) {
            let key = within(it.clone(), "Key");
            if key.as_text() == Some("preserve_client_ip.enabled") {
                let value = within(it, "Value");
                let value = self.truth(group, "preserve_client_ip.enabled", &value, false);
                return if maybe.is_none() { value } else { Value::Unknown };
            }
            if key.as_text().is_none() {
                self.unknown(group, "TargetGroupAttributes", &it);
                return Value::Unknown;
            }
        }
        let protocol = self.get(group, "Protocol");
        match (kind, protocol.as_text()) {
            ("instance", _) => Value::Literal(true),
            ("ip", Some("TCP" | "TLS")) => Value::Literal(false),
            ("ip", Some("UDP" | "TCP_UDP")) => Value::Literal(true),
            _ => Value::Unknown,
        }
    }

    fn forward(
        &mut self,
        from: &Item<'a>,
        door: &Door,
        target: &str,
        target_port: Value<Port>,
        keeps_client_address: Value<bool>,
        sure: bool,
    ) {
        let target = ResourceId::new(&[target]);
        if !self.graph.interfaces.contains_key(&target) {
            let why = format!("what it sends to, `{target}`, has no interfaces that are read");
            self.note(from.loc(), from, "targets", why);
            return;
        }
        let it = Forwarding {
            load_balancer: ResourceId::new(&[&door.balancer]),
            listener_port: if sure { door.port.clone() } else { Value::Unknown },
            target,
            target_port,
            keeps_client_address,
            loc: from.loc(),
        };
        if self.forwarded.insert(format!("{it:?}")) {
            self.graph.forwards.push(it);
        }
    }

    pub(super) fn classic_load_balancer(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let subnets = self.balancer_subnets(item);
        let groups = self.get(item, "SecurityGroups");
        let groups = self.groups_of(item, "SecurityGroups", &groups, subnets.as_deref());
        let scheme = self.get(item, "Scheme");
        let public = self.word(item, "Scheme", &scheme, ("internet-facing", "internal"), true);
        let listeners = self.get(item, "Listeners");
        let mut ports = Vec::new();
        for (it, _) in elements(&listeners) {
            let port = within(it, "LoadBalancerPort");
            ports.push(self.port(item, "LoadBalancerPort", &port));
        }
        let standing = Standing {
            kind: InterfaceKind::LoadBalancer,
            subnets,
            groups,
            public,
            ipv6: Value::Literal(false),
            ports,
            store: false,
        };
        self.stand(item, item.name(), standing);
    }

    pub(super) fn classic_listeners(&mut self, item: &Item<'a>) {
        let mut targets: BTreeSet<String> = BTreeSet::new();
        let instances = self.get(item, "Instances");
        for (it, _) in elements(&instances) {
            match self.named(item, "Instances", &it, &["AWS::EC2::Instance"]) {
                Named::Item(it) => {
                    targets.insert(it);
                }
                Named::Outside(_) | Named::Unknown => {}
            }
        }
        targets.extend(self.registered(item.name()).into_iter().map(|it| it.0));
        let listeners = self.get(item, "Listeners");
        for (it, maybe) in elements(&listeners) {
            let port = within(it.clone(), "LoadBalancerPort");
            let to = within(it, "InstancePort");
            let door = Door {
                balancer: item.name().to_string(),
                port: self.port(item, "LoadBalancerPort", &port),
                network: false,
                sure: maybe.is_none() && item.maybe.is_none(),
            };
            let to = self.port(item, "InstancePort", &to);
            for target in &targets {
                self.forward(item, &door, target, to.clone(), Value::Literal(false), door.sure);
            }
        }
    }
}
