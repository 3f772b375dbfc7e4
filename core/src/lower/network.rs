//! VPCs: subnets, gateways, routes, endpoints, flow logs.

use super::{Lower, slug};
use crate::declare::Vpc as VpcDeclaration;
use crate::declare::vpc::{Ipv6, Nat, TierRoute, zone_letter};
use crate::field::Field;
use crate::resource::iam::{Role, Statement, Trust};
use crate::resource::network::{
    Destination, EndpointKind, EndpointService, Ipv6Block, RouteTarget, SubnetIpv6,
};
use crate::resource::{
    Attribute, EgressOnlyInternetGateway, ElasticIp, FlowLog, InternetGateway,
    InternetGatewayAttachment, LogGroup, NatGateway, Ref, ResourceId, Route, RouteTable,
    RouteTableAssociation, SecurityGroup, Subnet, Vpc, VpcCidrBlock, VpcEndpoint, VpcIpv6Block,
};
use crate::types::{Cidr, Ipv4Cidr};
use crate::value::{Text, Value};

/// Every IPv4 address.
pub fn everywhere() -> Cidr {
    Cidr(ipnet::IpNet::V4(ipnet::Ipv4Net::default()))
}

/// Every IPv6 address.
pub fn everywhere_ipv6() -> Cidr {
    Cidr(ipnet::IpNet::V6(ipnet::Ipv6Net::default()))
}

/// An IPv4 block as a block of either family.
pub fn either(block: &Ipv4Cidr) -> Cidr {
    Cidr(ipnet::IpNet::V4(block.0))
}

/// The group on the interface endpoints of the VPC `vpc`.
pub fn endpoints_group(vpc: &str) -> Ref<SecurityGroup> {
    Ref::new(ResourceId::new(&[vpc, "endpoints", "security_group"]))
}

/// Lowers a VPC.
pub fn lower_vpc(it: &VpcDeclaration, cx: &mut Lower<'_>) {
    let meta = &it.meta;
    let name = meta.name.as_str();
    let vpc = cx.add(meta, &[name, "vpc"], Vpc { cidr: it.cidr.value.clone() });
    cx.output(&[name, "id"], format!("The VPC `{name}`"), vpc.attribute(Attribute::Id));

    let mut further = Vec::new();
    for block in it.blocks().into_iter().skip(1) {
        let part =
            block.literal().map_or_else(|| "unknown".to_string(), |it| slug(&it.to_string()));
        let kind = VpcCidrBlock { vpc: vpc.clone(), cidr: block.value.clone() };
        further.push((block, cx.add_at(meta, block.loc, &[name, "cidr", &part], kind)));
    }

    let ipv6 = ipv6_block(it, &vpc, cx);
    let gateway = it.nat_tier().is_some().then(|| {
        let gateway = cx.add(meta, &[name, "internet_gateway"], InternetGateway {});
        let kind = InternetGatewayAttachment { vpc: vpc.clone(), gateway: gateway.clone() };
        let attachment = cx.add(meta, &[name, "internet_gateway_attachment"], kind);
        (gateway, attachment)
    });
    let tiers: Vec<String> = it.tiers().map(|(name, _)| name.to_string()).collect();
    for tier in &tiers {
        for (zone, (id, block)) in
            it.subnet_ids(tier).into_iter().zip(it.subnet_blocks(tier)).enumerate()
        {
            let kind = Subnet {
                vpc: vpc.clone(),
                cidr: block.value.clone(),
                zone: zone as u8,
                tier: tier.clone(),
                ipv6: subnet_ipv6(it, tier, zone),
            };
            let letter = zone_letter(zone);
            let subnet = cx.add_at(meta, block.loc, &[name, tier, &letter, "subnet"], kind);
            cx.repeated(subnet.id(), &letter);
            if let Some(block) = &ipv6 {
                cx.depends_on(&id, block.id());
            }
            // A subnet of a secondary block needs the block, and no property says so.
            for (secondary, association) in &further {
                if let (Some(secondary), Some(block)) = (secondary.literal(), block.literal())
                    && secondary.contains(block)
                {
                    cx.depends_on(&id, association.id());
                }
            }
        }
    }
    let egress_only = egress_only_gateway(it, &vpc, cx);
    let nats = nat_gateways(it, gateway.as_ref().map(|(_, it)| it), cx);
    let mut tables = Vec::new();
    for tier in &tiers {
        let all = routes(it, tier, &vpc, gateway.as_ref(), &nats, cx);
        ipv6_routes(it, tier, &all, gateway.as_ref(), egress_only.as_ref(), cx);
        tables.extend(all);
    }
    endpoints(it, &vpc, &tables, cx);
    flow_logs(it, &vpc, cx);
}

/// The IPv6 block, if there is one.
fn ipv6_block(
    it: &VpcDeclaration,
    vpc: &Ref<Vpc>,
    cx: &mut Lower<'_>,
) -> Option<Ref<VpcIpv6Block>> {
    let block = match &it.ipv6.value {
        Value::Literal(Ipv6::None) => return None,
        Value::Literal(Ipv6::Amazon) => Ipv6Block::Amazon,
        Value::Parameter(_) | Value::Unknown => Ipv6Block::Given(Value::Unknown),
    };
    let kind = VpcIpv6Block { vpc: vpc.clone(), block };
    Some(cx.add_at(&it.meta, it.ipv6.loc, &[&it.meta.name, "ipv6_block"], kind))
}

fn subnet_ipv6(it: &VpcDeclaration, tier: &str, zone: usize) -> Option<SubnetIpv6> {
    match &it.ipv6.value {
        Value::Literal(Ipv6::None) => None,
        Value::Literal(Ipv6::Amazon) => it.ipv6_number(tier, zone).map(SubnetIpv6::Nth),
        Value::Parameter(_) | Value::Unknown => Some(SubnetIpv6::Given(Value::Unknown)),
    }
}

/// The gateway by which tiers with NAT gateways reach the IPv6 internet.
fn egress_only_gateway(
    it: &VpcDeclaration,
    vpc: &Ref<Vpc>,
    cx: &mut Lower<'_>,
) -> Option<Ref<EgressOnlyInternetGateway>> {
    let needed = it.ipv6.literal() == Some(&Ipv6::Amazon)
        && it.tiers().any(|(tier, _)| it.route_of(tier).literal() == Some(&TierRoute::NatGateway));
    needed.then(|| {
        let kind = EgressOnlyInternetGateway { vpc: vpc.clone() };
        let name = it.meta.name.as_str();
        cx.add_at(&it.meta, it.ipv6.loc, &[name, "egress_only_internet_gateway"], kind)
    })
}

/// The IPv6 default routes of a tier's tables.
fn ipv6_routes(
    it: &VpcDeclaration,
    tier: &str,
    tables: &[Ref<RouteTable>],
    gateway: Option<&(Ref<InternetGateway>, Ref<InternetGatewayAttachment>)>,
    egress_only: Option<&Ref<EgressOnlyInternetGateway>>,
    cx: &mut Lower<'_>,
) {
    let target = match (it.ipv6.literal(), it.route_of(tier)) {
        (Some(Ipv6::None), _) | (_, Value::Literal(TierRoute::Isolated)) => return,
        (Some(Ipv6::Amazon), Value::Literal(TierRoute::InternetGateway)) => {
            gateway.map(|(it, _)| RouteTarget::InternetGateway(it.clone()))
        }
        (Some(Ipv6::Amazon), Value::Literal(TierRoute::NatGateway)) => {
            egress_only.map(|it| RouteTarget::EgressOnlyInternetGateway(it.clone()))
        }
        (Some(Ipv6::Amazon), Value::Parameter(_) | Value::Unknown) | (None, _) => {
            Some(RouteTarget::Unknown)
        }
    };
    let Some(target) = target else { return };
    for table in tables {
        let name = table.id().as_str().trim_end_matches(".route_table");
        let kind = Route {
            table: table.clone(),
            destination: Destination::Cidr(Value::Literal(everywhere_ipv6())),
            target: target.clone(),
            propagated: false,
        };
        let route = cx.add_at(&it.meta, it.ipv6.loc, &[name, "ipv6_default_route"], kind);
        if let (RouteTarget::InternetGateway(_), Some((_, attachment))) = (&target, gateway) {
            cx.depends_on(route.id(), attachment.id());
        }
    }
}

/// The NAT gateways by zone: one for all zones, or one for each.
fn nat_gateways(
    it: &VpcDeclaration,
    attachment: Option<&Ref<InternetGatewayAttachment>>,
    cx: &mut Lower<'_>,
) -> Vec<Ref<NatGateway>> {
    let name = it.meta.name.as_str();
    let (Some(tier), Some(attachment)) = (it.nat_tier(), attachment) else { return Vec::new() };
    let zones = match it.nat.literal() {
        Some(Nat::Single) => 1,
        Some(Nat::PerZone) => it.zone_count().unwrap_or(0),
        Some(Nat::None) | None => 0,
    };
    let mut all = Vec::new();
    for (zone, subnet) in it.subnet_ids(tier).into_iter().enumerate().take(zones) {
        let letter = zone_letter(zone);
        let loc = it.meta.field("nat");
        let address = cx.add_at(&it.meta, loc, &[name, "nat", &letter, "address"], ElasticIp {});
        cx.repeated(address.id(), &letter);
        cx.depends_on(address.id(), attachment.id());
        let kind = NatGateway { subnet: Ref::new(subnet), address: Some(address.clone()) };
        let nat = cx.add_at(&it.meta, loc, &[name, "nat", &letter, "gateway"], kind);
        cx.repeated(nat.id(), &letter);
        cx.depends_on(nat.id(), attachment.id());
        cx.output(
            &[name, "nat", &letter, "public_ip"],
            format!("The public address of `{name}` in zone {letter}, for allow lists of others"),
            address.attribute(Attribute::PublicIp),
        );
        all.push(nat);
    }
    all
}

/// The route tables of a tier: one for each zone where zones differ, else one.
fn routes(
    it: &VpcDeclaration,
    tier: &str,
    vpc: &Ref<Vpc>,
    gateway: Option<&(Ref<InternetGateway>, Ref<InternetGatewayAttachment>)>,
    nats: &[Ref<NatGateway>],
    cx: &mut Lower<'_>,
) -> Vec<Ref<RouteTable>> {
    let name = it.meta.name.as_str();
    let loc = it.tier(tier).map_or(it.meta.macro_loc, |it| it.loc);
    let route = it.route_of(tier);
    // Tables by zone even with one NAT gateway: a second one then changes a route and no association.
    let by_zone = matches!(route, Value::Literal(TierRoute::NatGateway));
    let mut tables: Vec<Ref<RouteTable>> = Vec::new();
    for (zone, subnet) in it.subnet_ids(tier).into_iter().enumerate() {
        let letter = zone_letter(zone);
        let mut parts = vec![name, tier];
        if by_zone {
            parts.push(&letter);
        }
        if by_zone || tables.is_empty() {
            let at = |last: &'static str| [parts.as_slice(), &[last]].concat();
            let table =
                cx.add_at(&it.meta, loc, &at("route_table"), RouteTable { vpc: vpc.clone() });
            if by_zone {
                cx.repeated(table.id(), &letter);
            }
            let target = match &route {
                Value::Literal(TierRoute::InternetGateway) => {
                    gateway.map(|(it, _)| RouteTarget::InternetGateway(it.clone()))
                }
                Value::Literal(TierRoute::NatGateway) => {
                    nats.get(zone).or(nats.first()).map(|it| RouteTarget::NatGateway(it.clone()))
                }
                Value::Literal(TierRoute::Isolated) => None,
                Value::Parameter(_) | Value::Unknown => Some(RouteTarget::Unknown),
            };
            if let Some(target) = target {
                let needs_attachment = matches!(target, RouteTarget::InternetGateway(_));
                let destination = Destination::Cidr(Value::Literal(everywhere()));
                let kind = Route { table: table.clone(), destination, target, propagated: false };
                let route = cx.add_at(&it.meta, loc, &at("default_route"), kind);
                if by_zone {
                    cx.repeated(route.id(), &letter);
                }
                if let (true, Some((_, attachment))) = (needs_attachment, gateway) {
                    cx.depends_on(route.id(), attachment.id());
                }
            }
            tables.push(table);
        }
        if let Some(table) = tables.last() {
            let kind = RouteTableAssociation { table: table.clone(), subnet: Ref::new(subnet) };
            let parts = [name, tier, &letter, "route_table_association"];
            let association = cx.add_at(&it.meta, loc, &parts, kind);
            cx.repeated(association.id(), &letter);
        }
    }
    tables
}

/// The tier that interface endpoints stand in: the first without a way to the internet gateway.
pub fn endpoint_tier(it: &VpcDeclaration) -> Option<String> {
    let private = it
        .tiers()
        .map(|(name, _)| name)
        .find(|tier| it.route_of(tier).literal() != Some(&TierRoute::InternetGateway));
    private.or_else(|| it.tiers().map(|(name, _)| name).next()).map(str::to_string)
}

/// Endpoints: gateway endpoints in every table, interface endpoints in the first private tier.
fn endpoints(it: &VpcDeclaration, vpc: &Ref<Vpc>, tables: &[Ref<RouteTable>], cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let Some(field) = &it.endpoints else { return };
    let services: Vec<&Field<EndpointService>> = field.literal().into_iter().flatten().collect();
    let interfaces = services.iter().any(|it| it.literal().is_some_and(|it| !it.is_gateway()));
    if interfaces {
        let kind = SecurityGroup {
            vpc: vpc.clone(),
            description: format!("Interface endpoints of {}", it.meta.identity()),
            group_name: None,
            default_egress: Value::Literal(false),
        };
        cx.add_at(&it.meta, field.loc, &[name, "endpoints", "security_group"], kind);
    }
    let subnets: Vec<Ref<Subnet>> = endpoint_tier(it)
        .map(|tier| it.subnet_ids(&tier).into_iter().map(Ref::new).collect())
        .unwrap_or_default();
    for service in services {
        let Some(which) = service.literal() else { continue };
        let kind = if which.is_gateway() {
            EndpointKind::Gateway { tables: tables.to_vec() }
        } else {
            EndpointKind::Interface {
                subnets: subnets.clone(),
                groups: vec![endpoints_group(name)],
            }
        };
        let part = slug(which.as_str());
        let kind = VpcEndpoint { vpc: vpc.clone(), service: *which, kind };
        cx.add_at(&it.meta, service.loc, &[name, "endpoint", &part], kind);
    }
}

/// A log of the VPC's traffic.
fn flow_logs(it: &VpcDeclaration, vpc: &Ref<Vpc>, cx: &mut Lower<'_>) {
    let Some(retention) = &it.flow_logs else { return };
    let name = it.meta.name.as_str();
    let loc = retention.loc;
    let kind = LogGroup {
        name: Text::literal(format!("/vpc/{}/{}", cx.stem(), it.meta.identity())),
        retention: retention.value.clone(),
        kms_key: None,
    };
    let log_group = cx.add_at(&it.meta, loc, &[name, "flow_log_group"], kind);
    let arn = log_group.attribute(Attribute::Arn);
    let role = Role {
        trust: Trust::Service("vpc-flow-logs.amazonaws.com"),
        description: format!("Writes the flow logs of {}", it.meta.identity()),
        managed_policies: Vec::new(),
        statements: vec![Statement::allow(
            "WriteFlowLogs",
            &["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            vec![arn],
        )],
    };
    let role = cx.add_at(&it.meta, loc, &[name, "flow_log_role"], role);
    let kind = FlowLog { vpc: vpc.clone(), log_group, role };
    cx.add_at(&it.meta, loc, &[name, "flow_log"], kind);
}
