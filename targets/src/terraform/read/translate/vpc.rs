//! VPCs, subnets, gateways, route tables and what else stands between them.

use super::table;
use super::values::{blocks, inside, map, only};
use super::{Block, Made, Translator, whole};
use crate::read::data::{Data, DataKind, Reference};

impl Translator<'_, '_> {
    /// What a type needs besides the properties of the table.
    pub(super) fn special(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let loc = block.loc();
        match block.kind() {
            "aws_vpc" | "aws_default_vpc" => self.vpc(block, made),
            "aws_default_subnet" => {
                let why = "a default subnet was there before";
                made.set("VpcId", outside(loc, why, "AWS::EC2::VPC.Default"));
                made.set("CidrBlock", Data::unknown(loc, why));
                if made.get("MapPublicIpOnLaunch").is_absent() {
                    made.set("MapPublicIpOnLaunch", Data::new(loc, DataKind::Bool(true)));
                }
                self.add(made);
            }
            "aws_vpc_ipv6_cidr_block_association" => {
                // An IPAM pool of the team's own gives a block that is not known.
                self.add(made);
            }
            "aws_internet_gateway" => {
                self.attached(block, "InternetGatewayId");
                self.add(made);
            }
            "aws_vpn_gateway" => {
                self.attached(block, "VpnGatewayId");
                self.add(made);
            }
            "aws_eip" => {
                let interface = block.get("network_interface");
                if !interface.is_absent() {
                    let name = format!("{}.association", block.name);
                    let mut it = self.empty(block, &name, "AWS::EC2::EIPAssociation");
                    it.set("NetworkInterfaceId", interface);
                    self.add(it);
                }
                self.add(made);
            }
            "aws_nat_gateway" => {
                block.get("vpc_id");
                self.add(made);
            }
            "aws_route_table" | "aws_default_route_table" => self.route_table(block, made),
            "aws_route" => {
                // Where nothing but its own network is meant, the route is there anyway.
                if made.get("GatewayId").as_text() != Some("local") {
                    self.add(made);
                }
            }
            "aws_route_table_association" => {
                let gateway = block.get("gateway_id");
                if gateway.is_absent() {
                    self.add(made);
                } else {
                    let why = "routes for what comes in through a gateway are not followed";
                    self.note(gateway.loc, block, "gateway_id", why);
                }
            }
            "aws_network_acl" | "aws_default_network_acl" => self.network_acl(block, made),
            "aws_network_acl_rule" => self.network_acl_rule(block, made),
            "aws_security_group" | "aws_default_security_group" => self.security_group(block, made),
            "aws_security_group_rule" => self.security_group_rule(block),
            "aws_vpc_endpoint" => self.vpc_endpoint(block, made),
            "aws_vpc_peering_connection" => self.peering(block, made),
            "aws_ec2_transit_gateway_vpc_attachment" => self.transit_attachment(block, made),
            "aws_vpn_gateway_route_propagation" => {
                made.set("RouteTableIds", only(block.get("route_table_id")));
                self.add(made);
            }
            "aws_ec2_managed_prefix_list" => {
                let mut entries = Vec::new();
                for (it, maybe) in block.blocks("entry") {
                    let entry = map(it.loc, [("Cidr", inside(&it, "cidr"))]);
                    entries.push(super::values::perhaps(entry, maybe));
                }
                made.set("Entries", Data::new(loc, DataKind::List(entries)));
                self.add(made);
            }
            _ => self.host(block, made),
        }
    }

    fn vpc(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let loc = block.loc();
        if block.kind() == "aws_default_vpc" {
            made.set("CidrBlock", Data::unknown(loc, "the default VPC was there before"));
        }
        let given = block.get("ipv6_cidr_block");
        let amazon = block.get("assign_generated_ipv6_cidr_block");
        let pool = block.get("ipv6_ipam_pool_id");
        let asked = !amazon.is_absent() && amazon.as_bool() != Some(false);
        if asked || !given.is_absent() || !pool.is_absent() {
            let name = format!("{}.ipv6", block.name);
            let mut it = self.empty(block, &name, "AWS::EC2::VPCCidrBlock");
            it.set("VpcId", block.whole());
            it.set("Ipv6CidrBlock", given);
            if pool.is_absent() {
                it.set("AmazonProvidedIpv6CidrBlock", amazon);
            }
            self.add(it);
        }
        self.add(made);
    }

    fn attached(&mut self, block: &Block<'_, '_>, property: &'static str) {
        let vpc = block.get("vpc_id");
        if vpc.is_absent() {
            return;
        }
        let name = format!("{}.attachment", block.name);
        let mut it = self.empty(block, &name, "AWS::EC2::VPCGatewayAttachment");
        it.set("VpcId", vpc);
        it.set(property, block.whole());
        self.add(it);
    }

    /// Says that it is not known which VPC something came with.
    pub(super) fn not_adopted(
        &mut self,
        block: &Block<'_, '_>,
        made: &mut Made,
        argument: &str,
        of: &Data,
    ) {
        self.note(of.loc, block, argument, "which VPC it came with is not known");
        made.set("VpcId", Data::unknown(of.loc, of.what()));
    }

    /// A route table: its routes are resources of their own.
    fn route_table(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let loc = block.loc();
        let own = block.whole();
        if block.kind() == "aws_default_route_table" {
            let of = block.get("default_route_table_id");
            if let Some(resource) = of.as_resource()
                && let Some(vpc) = resource.strip_suffix(".MainRouteTable")
            {
                made.set("VpcId", whole(loc, vpc));
                self.adopted.insert(resource.to_string(), block.name.clone());
                self.main.entry(vpc.to_string()).or_insert(own.clone());
            } else {
                self.not_adopted(block, &mut made, "default_route_table_id", &of);
            }
        }
        let words = table::find("aws_route");
        for (at, (route, maybe)) in block.blocks("route").into_iter().enumerate() {
            if inside(&route, "gateway_id").as_text() == Some("local") {
                continue;
            }
            let name = format!("{}.route.{at}", block.name);
            let mut it = self.empty(block, &name, "AWS::EC2::Route");
            it.loc = route.loc;
            it.maybe = it.maybe.or(maybe);
            for (property, argument) in words.map(|it| it.arguments).unwrap_or_default() {
                let argument = match *property {
                    "DestinationCidrBlock" => "cidr_block",
                    "DestinationIpv6CidrBlock" => "ipv6_cidr_block",
                    _ => argument,
                };
                // What is not known at all has a destination that is not known, and no target.
                if matches!(route.kind, DataKind::Map(_)) || argument == "cidr_block" {
                    it.set(property, inside(&route, argument));
                }
            }
            it.set("RouteTableId", own.clone());
            self.add(it);
        }
        for (at, (gateway, maybe)) in block.blocks("propagating_vgws").into_iter().enumerate() {
            let name = format!("{}.propagation.{at}", block.name);
            let mut it = self.empty(block, &name, "AWS::EC2::VPNGatewayRoutePropagation");
            it.maybe = it.maybe.or(maybe);
            it.set("RouteTableIds", only(own.clone()));
            it.set("VpnGatewayId", gateway);
            self.add(it);
        }
        self.add(made);
    }

    fn vpc_endpoint(&mut self, block: &Block<'_, '_>, mut made: Made) {
        block.get("auto_accept");
        // The provider asks for none unless it is told to.
        if made.get("VpcEndpointType").as_text() == Some("Interface")
            && made.get("PrivateDnsEnabled").is_absent()
        {
            made.set("PrivateDnsEnabled", Data::new(block.loc(), DataKind::Bool(false)));
        }
        self.add(made);
    }

    /// A peering within the module has to be accepted in it.
    fn peering(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let accepted = block.get("auto_accept");
        let inside = made.get("PeerVpcId").as_resource().is_some();
        if accepted.as_bool() != Some(true) && inside && made.maybe.is_none() {
            made.maybe = Some("nothing here is known to accept it".to_string());
            self.unaccepted.insert(block.name.clone());
        }
        self.add(made);
    }

    fn transit_attachment(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let ipv6 = block.get("ipv6_support");
        made.set("Options", map(block.loc(), [("Ipv6Support", ipv6)]));
        // Whether the group references of its VPC count is said by the gateway.
        block.get("security_group_referencing_support");
        let own = [
            ("transit_gateway_default_route_table_association", "default_route_table_association"),
            ("transit_gateway_default_route_table_propagation", "default_route_table_propagation"),
        ];
        for (argument, of_gateway) in own {
            let said = block.get(argument);
            if said.is_absent() || said.as_bool() == Some(true) {
                continue;
            }
            let gateway = made.get("TransitGatewayId");
            let able = if let DataKind::Reference(it) = &gateway.kind {
                self.world.resource_attribute(block.loc(), it, of_gateway)
            } else {
                gateway
            };
            if said.as_bool() != Some(false) || able.as_text() != Some("disable") {
                made.maybe = made.maybe.or(Some(format!(
                    "`{argument}` of one attachment is not read where the gateway's own is not off"
                )));
            }
        }
        self.add(made);
    }

    /// Resources that say something of another one.
    pub(super) fn associations(&mut self, block: &Block<'_, '_>) -> bool {
        match block.kind() {
            "aws_main_route_table_association" => {
                let (vpc, table) = (block.get("vpc_id"), block.get("route_table_id"));
                if let Some(resource) = vpc.as_resource() {
                    let table = match &block.instance.maybe {
                        Some(why) => Data::unknown(block.loc(), why.clone()),
                        None => table,
                    };
                    self.changed_main.insert(resource.to_string(), table);
                } else {
                    self.note(vpc.loc, block, "vpc_id", &vpc.what());
                }
            }
            "aws_vpc_endpoint_route_table_association" => {
                self.addition(block, "vpc_endpoint_id", "RouteTableIds", "route_table_id");
            }
            "aws_vpc_endpoint_subnet_association" => {
                self.addition(block, "vpc_endpoint_id", "SubnetIds", "subnet_id");
            }
            "aws_vpc_endpoint_security_group_association" => {
                let kept = block.get("replace_default_association").as_bool() != Some(true);
                self.addition(block, "vpc_endpoint_id", "SecurityGroupIds", "security_group_id");
                if kept {
                    self.keeps_default.push(block.get("vpc_endpoint_id"));
                }
            }
            "aws_ec2_managed_prefix_list_entry" => {
                let entry = map(block.loc(), [("Cidr", block.get("cidr"))]);
                let entry = super::values::perhaps(entry, block.instance.maybe.clone());
                self.additions.push((block.get("prefix_list_id"), "Entries", entry));
            }
            "aws_network_interface_sg_attachment" => {
                let of = block.get("network_interface_id");
                let group = block.get("security_group_id");
                let group = super::values::perhaps(group, block.instance.maybe.clone());
                if let DataKind::Reference(Reference { resource, attribute: Some(it), .. }) =
                    &of.kind
                    && it == "primary_network_interface_id"
                {
                    let of = whole(of.loc, resource);
                    self.additions.push((of, "SecurityGroupIds", group));
                } else {
                    self.additions.push((of, "GroupSet", group));
                }
            }
            "aws_vpc_peering_connection_accepter" => {
                let of = block.get("vpc_peering_connection_id");
                let accepts = block.get("auto_accept").as_bool() == Some(true);
                if let DataKind::Reference(it) = of.kind
                    && accepts
                    && block.instance.maybe.is_none()
                {
                    self.accepted.insert(it.resource);
                }
            }
            "aws_lb_target_group_attachment" | "aws_alb_target_group_attachment" => {
                let entry =
                    map(block.loc(), [("Id", block.get("target_id")), ("Port", block.get("port"))]);
                let entry = super::values::perhaps(entry, block.instance.maybe.clone());
                self.additions.push((block.get("target_group_arn"), "Targets", entry));
            }
            "aws_elb_attachment" => self.addition(block, "elb", "Instances", "instance"),
            "aws_autoscaling_attachment" => {
                let of = "autoscaling_group_name";
                self.addition(block, of, "TargetGroupARNs", "lb_target_group_arn");
                self.addition(block, of, "LoadBalancerNames", "elb");
            }
            _ => return false,
        }
        true
    }

    fn addition(
        &mut self,
        block: &Block<'_, '_>,
        of: &str,
        property: &'static str,
        argument: &str,
    ) {
        let (of, value) = (block.get(of), block.get(argument));
        if value.is_absent() {
            return;
        }
        for (it, maybe) in blocks(&of) {
            let maybe = maybe.or_else(|| block.instance.maybe.clone());
            let value = super::values::perhaps(value.clone(), maybe);
            self.additions.push((it, property, value));
        }
    }
}

fn outside(loc: archgen_core::Loc, why: &str, source: &str) -> Data {
    Data::from_source(loc, why, source.to_string())
}
