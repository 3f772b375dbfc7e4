//! Derived groups and the rules in them: least, on both sides, and only in groups that archgen makes.

use super::network::{endpoints_group, everywhere};
use super::{Endpoint, Lower};
use crate::declare::vpc::TierRoute;
use crate::declare::{Meta, Vpc as VpcDeclaration};
use crate::field::{Field, TierRef};
use crate::loc::Loc;
use crate::resource::network::{Direction, EndpointService, RouteTarget, RulePeer, Traffic};
use crate::resource::{
    AutoScalingGroup, LaunchTemplate, MountTarget, NodeGroup, Ref, ResourceId, Route,
    RouteTableAssociation, SecurityGroup, SecurityGroupRule, Service, Subnet, VpcEndpoint,
};
use crate::types::Cidr;
use crate::value::Value;

impl Endpoint {
    /// The first of its groups, which stands for it in the rules of others.
    pub fn group(&self) -> Option<&Ref<SecurityGroup>> {
        self.groups.literal()?.first()
    }

    /// Its groups; none while they are not known.
    pub fn all_groups(&self) -> Vec<Ref<SecurityGroup>> {
        self.groups.literal().cloned().unwrap_or_default()
    }
}

/// The interfaces of a VPC's endpoints, if it has any.
fn vpc_endpoints(vpc: &VpcDeclaration, tier: &Field<TierRef>) -> Option<Endpoint> {
    let list = vpc.endpoints.as_ref()?.literal()?;
    list.iter().filter_map(Field::literal).any(|it| !it.is_gateway()).then(|| {
        let name = format!("{}.endpoints", vpc.meta.name);
        Endpoint {
            groups: Value::Literal(vec![endpoints_group(&vpc.meta.name)]),
            name,
            tier: tier.clone(),
            derived: true,
            listens: vec![Traffic::tcp_port(443)],
        }
    })
}

impl Lower<'_> {
    /// Adds the security group that archgen makes for an endpoint, if it makes one.
    pub fn derive_group(&mut self, meta: &Meta, endpoint: &Endpoint) {
        // A tenant's tasks may have the group of the service that theirs is like.
        if !endpoint.derived || endpoint.group() != Some(&super::group_id(&endpoint.name)) {
            return;
        }
        let Some(vpc) = self.vpc_of(&endpoint.tier) else {
            return;
        };
        let group = SecurityGroup {
            vpc,
            description: format!(
                "{} of {}",
                self.architecture.identity(&endpoint.name),
                self.stem()
            ),
            group_name: None,
            default_egress: Value::Literal(false),
        };
        self.add(meta, &[&endpoint.name, "security_group"], group);
    }

    /// Allows `from` to connect to `to`: a rule on each side, where archgen makes that side's group.
    pub fn allow_flow(
        &mut self,
        meta: &Meta,
        loc: Loc,
        from: &Endpoint,
        to: &Endpoint,
        traffic: Traffic,
        why: &str,
    ) {
        let (Some(source), Some(target)) = (from.group().cloned(), to.group().cloned()) else {
            return;
        };
        if from.derived {
            self.rule(
                meta,
                loc,
                SecurityGroupRule {
                    group: source.clone(),
                    direction: Direction::Egress,
                    peer: RulePeer::Group(target.clone()),
                    traffic: traffic.clone(),
                    description: why.to_string(),
                },
            );
        }
        if to.derived {
            self.rule(
                meta,
                loc,
                SecurityGroupRule {
                    group: target,
                    direction: Direction::Ingress,
                    peer: RulePeer::Group(source),
                    traffic,
                    description: why.to_string(),
                },
            );
        }
    }

    /// Allows addresses to connect to `to`, where archgen makes its group.
    pub fn allow_from(
        &mut self,
        meta: &Meta,
        loc: Loc,
        from: Value<Cidr>,
        to: &Endpoint,
        traffic: Traffic,
        why: &str,
    ) {
        self.allow_addresses(meta, loc, Direction::Ingress, from, to, traffic, why);
    }

    /// Allows `from` to connect to addresses, where archgen makes its group.
    pub fn allow_to(
        &mut self,
        meta: &Meta,
        loc: Loc,
        from: &Endpoint,
        to: Value<Cidr>,
        traffic: Traffic,
        why: &str,
    ) {
        self.allow_addresses(meta, loc, Direction::Egress, to, from, traffic, why);
    }

    #[allow(clippy::too_many_arguments)]
    fn allow_addresses(
        &mut self,
        meta: &Meta,
        loc: Loc,
        direction: Direction,
        addresses: Value<Cidr>,
        endpoint: &Endpoint,
        traffic: Traffic,
        why: &str,
    ) {
        let Some(group) = endpoint.group().filter(|_| endpoint.derived).cloned() else {
            return;
        };
        self.rule(
            meta,
            loc,
            SecurityGroupRule {
                group,
                direction,
                peer: RulePeer::Cidr(addresses),
                traffic,
                description: why.to_string(),
            },
        );
    }

    /// Allows `from` to reach AWS: the VPC's interface endpoints, and by HTTPS whatever its tier's
    /// routes lead to.
    ///
    /// The layers of ECR images come from S3 by a gateway endpoint, whose prefix list CloudFormation
    /// cannot name; the routes then decide how far HTTPS to everywhere really reaches.
    pub fn allow_aws(&mut self, meta: &Meta, from: &Endpoint) {
        let Some(tier) = from.tier.literal() else {
            return;
        };
        let Some(vpc) = self.architecture.get::<VpcDeclaration>(&tier.vpc) else {
            return;
        };
        let https = Traffic::tcp_port(443);
        if let Some(endpoints) = vpc_endpoints(vpc, &from.tier) {
            let why = format!("{} to AWS by VPC endpoints", self.architecture.identity(&from.name));
            self.allow_flow(meta, meta.macro_loc, from, &endpoints, https.clone(), &why);
        }
        let routed = match vpc.route_of(&tier.tier).literal() {
            Some(TierRoute::NatGateway | TierRoute::InternetGateway) => Some(true),
            Some(TierRoute::Isolated) => Some(false),
            None => None,
        };
        let endpoint = vpc.has_endpoint(EndpointService::S3);
        let leads_out = match (routed, endpoint) {
            (Some(true), _) | (_, Some(true)) => Value::Literal(everywhere()),
            (Some(false), Some(false)) => return,
            // It may lead anywhere.
            (Some(false) | None, Some(false) | None) => Value::Unknown,
        };
        let why =
            format!("{} to AWS and registries of images", self.architecture.identity(&from.name));
        self.allow_to(meta, meta.macro_loc, from, leads_out, https, &why);
    }

    /// Says that `resource` needs the ways out of its subnets to exist: default routes and VPC endpoints.
    ///
    /// A task that starts before its NAT gateway's route exists cannot pull its image, and the
    /// deployment's circuit breaker then gives up.
    pub fn depends_on_routes(&mut self, resource: &ResourceId, subnets: &[Ref<Subnet>]) {
        let associations: Vec<(ResourceId, ResourceId)> = self
            .graph
            .all::<RouteTableAssociation>()
            .filter(|(_, _, it)| subnets.contains(&it.subnet))
            .map(|(id, _, it)| (id.id().clone(), it.table.id().clone()))
            .collect();
        let mut needed: Vec<ResourceId> = Vec::new();
        for (id, _, it) in self.graph.all::<Route>() {
            let leads_out = match &it.target {
                RouteTarget::InternetGateway(_)
                | RouteTarget::NatGateway(_)
                | RouteTarget::EgressOnlyInternetGateway(_) => true,
                RouteTarget::VpcPeering(_)
                | RouteTarget::TransitGateway(_)
                | RouteTarget::VpnGateway(_)
                | RouteTarget::Appliance(_)
                | RouteTarget::Unknown => false,
            };
            if leads_out && associations.iter().any(|(_, table)| table == it.table.id()) {
                needed.push(id.id().clone());
            }
        }
        let vpcs: Vec<_> = self
            .graph
            .all::<Subnet>()
            .filter(|(id, _, _)| subnets.contains(id))
            .map(|(_, _, it)| it.vpc.clone())
            .collect();
        needed.extend(
            self.graph
                .all::<VpcEndpoint>()
                .filter(|(_, _, it)| vpcs.contains(&it.vpc))
                .map(|(id, _, _)| id.id().clone()),
        );
        needed.extend(associations.into_iter().map(|(id, _)| id));
        for it in needed {
            self.depends_on(resource, &it);
        }
    }

    /// Says that `resource` needs the mount targets of a file system.
    pub fn depends_on_mounts(&mut self, resource: &ResourceId, file_system: &ResourceId) {
        let targets: Vec<ResourceId> = self
            .graph
            .all::<MountTarget>()
            .filter(|(_, _, it)| it.file_system.id() == file_system)
            .map(|(id, _, _)| id.id().clone())
            .collect();
        for it in targets {
            self.depends_on(resource, &it);
        }
    }

    /// Says of everything that starts programs that it needs the rules by which they connect; called
    /// when all rules are there.
    pub(super) fn order_starts(&mut self) {
        let mut starts: Vec<(ResourceId, Vec<Ref<SecurityGroup>>)> = self
            .graph
            .all::<Service>()
            .map(|(id, _, it)| (id.id().clone(), it.groups.clone()))
            .collect();
        for (id, _, it) in self.graph.all::<AutoScalingGroup>() {
            if let Some(template) = self.graph.get::<LaunchTemplate>(&it.launch_template) {
                starts.push((id.id().clone(), template.groups.clone()));
            }
        }
        for (id, _, it) in self.graph.all::<NodeGroup>() {
            if let Some(template) = self.graph.get::<LaunchTemplate>(&it.launch_template) {
                starts.push((id.id().clone(), template.groups.clone()));
            }
        }
        let mut needed: Vec<(ResourceId, ResourceId)> = Vec::new();
        for (id, _, rule) in self.graph.all::<SecurityGroupRule>() {
            for (start, groups) in &starts {
                let connects = match (rule.direction, &rule.peer) {
                    (Direction::Egress, _) => groups.contains(&rule.group),
                    (Direction::Ingress, RulePeer::Group(peer)) => groups.contains(peer),
                    (Direction::Ingress, RulePeer::Cidr(_) | RulePeer::PrefixList(_)) => false,
                };
                if connects {
                    needed.push((start.clone(), id.id().clone()));
                }
            }
        }
        for (start, rule) in needed {
            self.depends_on(&start, &rule);
        }
    }
}
