//! VPCs with their blocks, subnets, internet and NAT gateways, public addresses.

use archgen_core::resource::gateways::{
    EgressOnlyInternetGateway, VpnGateway, VpnGatewayAttachment,
};
use archgen_core::resource::network::{
    ElasticIp, InternetGateway, InternetGatewayAttachment, Ipv6Block, NatGateway, Subnet,
    SubnetIpv6, Vpc, VpcCidrBlock, VpcIpv6Block,
};
use archgen_core::resource::{Ref, ResourceId, ResourceKind};
use archgen_core::value::Value;

use super::{Item, Named, Reader, SubnetFacts};
use crate::read::data::{Data, DataKind, Part, Reference, Unknown};

impl<'a> Reader<'a> {
    pub(super) fn vpc(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let block = self.get(item, "CidrBlock");
        let cidr = if block.is_absent() {
            self.note(item.loc(), item, "CidrBlock", "Amazon VPC IPAM chooses the block");
            Value::Unknown
        } else {
            self.ipv4(item, "CidrBlock", &block)
        };
        self.add(item, Vpc { cidr });
    }

    pub(super) fn vpc_cidr_block(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        let (ipv4, ipv6) = (self.get(item, "CidrBlock"), self.get(item, "Ipv6CidrBlock"));
        let amazon = self.get(item, "AmazonProvidedIpv6CidrBlock");
        let sure = item.maybe.is_none();
        if !ipv4.is_absent() {
            let cidr = self.ipv4(item, "CidrBlock", &ipv4);
            self.add(item, VpcCidrBlock { vpc, cidr: if sure { cidr } else { Value::Unknown } });
        } else if !ipv6.is_absent() {
            let block = self.cidr(item, "Ipv6CidrBlock", &ipv6);
            let block = Ipv6Block::Given(if sure { block } else { Value::Unknown });
            self.vpc_ipv6_block(item, vpc, block);
        } else if amazon.as_bool() == Some(true) {
            self.vpc_ipv6_block(item, vpc, Ipv6Block::Amazon);
        } else if amazon.as_bool() != Some(false) || !amazon.is_absent() {
            // A pool of the team's own, or something that is not known: which family is said by names.
            let family4 = self.source.has(item, "Ipv4IpamPoolId");
            self.note(item.loc(), item, "VPCCidrBlock", "the block comes from a pool");
            if family4 {
                self.add(item, VpcCidrBlock { vpc, cidr: Value::Unknown });
            } else {
                self.vpc_ipv6_block(item, vpc, Ipv6Block::Given(Value::Unknown));
            }
        }
    }

    fn vpc_ipv6_block(&mut self, item: &Item<'a>, vpc: Ref<Vpc>, block: Ipv6Block) {
        let blocks = self.ipv6_blocks.entry(vpc.id().as_str().to_string()).or_default();
        blocks.push(block.clone());
        self.add(item, VpcIpv6Block { vpc, block });
    }

    pub(super) fn subnet(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        let block = self.get(item, "CidrBlock");
        let native = self.get(item, "Ipv6Native");
        let cidr = if block.is_absent() {
            let why = if native.as_bool() == Some(true) {
                "a subnet with IPv6 only is read as one whose IPv4 block is not known"
            } else {
                "Amazon VPC IPAM chooses the block"
            };
            self.note(item.loc(), item, "CidrBlock", why);
            Value::Unknown
        } else {
            self.ipv4(item, "CidrBlock", &block)
        };
        let ipv6 = self.get(item, "Ipv6CidrBlock");
        let pool = self.get(item, "Ipv6IpamPoolId");
        let ipv6 = if !ipv6.is_absent() {
            Some(self.subnet_ipv6(item, "Ipv6CidrBlock", &ipv6, &vpc))
        } else if !pool.is_absent() {
            self.note(item.loc(), item, "Ipv6IpamPoolId", "Amazon VPC IPAM chooses the block");
            Some(SubnetIpv6::Given(Value::Unknown))
        } else {
            None
        };
        let public = self.get(item, "MapPublicIpOnLaunch");
        let public = self.truth(item, "MapPublicIpOnLaunch", &public, false);
        let assign = self.get(item, "AssignIpv6AddressOnCreation");
        let assign = self.truth(item, "AssignIpv6AddressOnCreation", &assign, false);
        let zone = self.get(item, "AvailabilityZone");
        let zone = self.zone(&zone);
        let facts = SubnetFacts { vpc: vpc.clone(), public, ipv6: assign };
        self.subnets.insert(item.name().to_string(), facts);
        self.add(item, Subnet { vpc, cidr, ipv6, zone, tier: String::new() });
    }

    /// The zone's number: `Fn::GetAZs` counts zones, and the letters of their names do. The two need
    /// not count alike (`Fn::GetAZs` leaves zones out), so letters count only where nobody else does.
    fn zone(&self, data: &Data) -> u8 {
        let numbered = || {
            let all = self.items.values().filter(|it| it.kind() == "AWS::EC2::Subnet");
            let mut zones = all.map(|it| self.source.property(it, "AvailabilityZone"));
            zones.any(|it| matches!(it.kind, DataKind::Zone(_)))
        };
        if let DataKind::Zone(it) = data.kind {
            return u8::try_from(it).unwrap_or(Subnet::UNKNOWN_ZONE);
        }
        match letter(data) {
            Some(it) if !*self.zones_numbered.get_or_init(numbered) => it,
            Some(_) | None => Subnet::UNKNOWN_ZONE,
        }
    }

    /// The IPv6 block of a subnet: a part of what Amazon gives the VPC, or written out.
    fn subnet_ipv6(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
        vpc: &Ref<Vpc>,
    ) -> SubnetIpv6 {
        if let DataKind::Part(Part {
            of: Reference { resource, attribute: Some(attribute), index: Some(0) },
            bits: 64,
            index,
        }) = &data.kind
            && attribute == "Ipv6CidrBlocks"
            && *resource == vpc.id().as_str()
            && let Ok(number) = u8::try_from(*index)
        {
            let blocks = self.ipv6_blocks.get(resource).map(Vec::as_slice).unwrap_or_default();
            match blocks {
                [] | [Ipv6Block::Amazon] => return SubnetIpv6::Nth(number),
                [Ipv6Block::Given(Value::Literal(block))] => {
                    if let Some(it) = nth(block, number) {
                        return SubnetIpv6::Given(Value::Literal(it));
                    }
                }
                _ => {
                    let why = "which of the VPC's IPv6 blocks comes first is not known";
                    self.note(data.loc, item, what, why);
                    return SubnetIpv6::Given(Value::Unknown);
                }
            }
        }
        SubnetIpv6::Given(self.cidr(item, what, data))
    }

    pub(super) fn subnet_cidr_block(&mut self, item: &Item<'a>) {
        let subnet = self.get(item, "SubnetId");
        let block = self.get(item, "Ipv6CidrBlock");
        let subnet = self.subnet_of(item, "SubnetId", &subnet);
        let Some(Subnet { vpc, .. }) = self.graph.get::<Subnet>(&subnet) else { return };
        let vpc = vpc.clone();
        let mut ipv6 = self.subnet_ipv6(item, "Ipv6CidrBlock", &block, &vpc);
        if let Some(why) = &item.maybe {
            self.note(item.loc(), item, "Condition", format!("it may not exist: {why}"));
            ipv6 = SubnetIpv6::Given(Value::Unknown);
        }
        if let Some(it) = self.graph.resources.get_mut(subnet.id())
            && let ResourceKind::Subnet(it) = &mut it.kind
        {
            it.ipv6 = Some(ipv6);
        }
    }

    pub(super) fn internet_gateway(&mut self, item: &Item<'a>) {
        if item.maybe.is_some() {
            self.note_maybe(item);
            self.uncertain.insert(item.name().to_string());
        }
        self.add(item, InternetGateway {});
    }

    pub(super) fn egress_only_internet_gateway(&mut self, item: &Item<'a>) {
        if item.maybe.is_some() {
            self.note_maybe(item);
            self.uncertain.insert(item.name().to_string());
        }
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        self.add(item, EgressOnlyInternetGateway { vpc });
    }

    pub(super) fn gateway_attachment(&mut self, item: &Item<'a>) {
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        let internet = self.get(item, "InternetGatewayId");
        let vpn = self.get(item, "VpnGatewayId");
        let mut attached = None;
        if !internet.is_absent() {
            let kinds = &["AWS::EC2::InternetGateway"];
            if let Named::Item(it) = self.named(item, "InternetGatewayId", &internet, kinds) {
                let gateway = Ref::new(ResourceId::new(&[&it]));
                self.add(item, InternetGatewayAttachment { vpc: vpc.clone(), gateway });
                attached = Some(it);
            }
        }
        if !vpn.is_absent()
            && let Named::Item(it) =
                self.named(item, "VpnGatewayId", &vpn, &["AWS::EC2::VPNGateway"])
        {
            let gateway: Ref<VpnGateway> = Ref::new(ResourceId::new(&[&it]));
            self.add(item, VpnGatewayAttachment { vpc, gateway });
            attached = Some(it);
        }
        if let (Some(gateway), Some(_)) = (attached, &item.maybe) {
            self.note_maybe(item);
            self.uncertain.insert(gateway);
        }
    }

    pub(super) fn elastic_ip(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        self.add(item, ElasticIp {});
        let instance = self.get(item, "InstanceId");
        if !instance.is_absent() {
            self.give_address(item, "InstanceId", &instance);
        }
    }

    pub(super) fn elastic_ip_association(&mut self, item: &Item<'a>) {
        for what in ["InstanceId", "NetworkInterfaceId"] {
            let to = self.get(item, what);
            if !to.is_absent() {
                self.give_address(item, what, &to);
            }
        }
        for what in ["AllocationId", "EIP"] {
            self.get(item, what);
        }
    }

    fn give_address(&mut self, item: &Item<'a>, what: &'static str, to: &Data) {
        let kinds = &["AWS::EC2::Instance", "AWS::EC2::NetworkInterface"];
        if let Named::Item(it) = self.named(item, what, to, kinds) {
            let sure = item.maybe.is_none();
            let value = if sure { Value::Literal(true) } else { Value::Unknown };
            self.note_maybe(item);
            self.elastic.insert(it, value);
        }
    }

    pub(super) fn nat_gateway(&mut self, item: &Item<'a>) {
        let subnet = self.get(item, "SubnetId");
        if subnet.is_absent() {
            let why = "a regional NAT gateway stands in no subnet of its own";
            self.note(item.loc(), item, "AvailabilityMode", why);
            self.uncertain.insert(item.name().to_string());
            return;
        }
        let subnet = self.subnet_of(item, "SubnetId", &subnet);
        let kind = self.get(item, "ConnectivityType");
        let public = self.word(item, "ConnectivityType", &kind, ("public", "private"), true);
        let allocation = self.get(item, "AllocationId");
        let address = match public {
            Value::Literal(false) => None,
            Value::Literal(true) => {
                let name = match self.named(item, "AllocationId", &allocation, &["AWS::EC2::EIP"]) {
                    Named::Item(it) | Named::Outside(it) => it,
                    Named::Unknown => format!("{}.AllocationId", item.name()),
                };
                Some(Ref::new(ResourceId::new(&[&name])))
            }
            Value::Parameter(_) | Value::Unknown => {
                self.uncertain.insert(item.name().to_string());
                None
            }
        };
        if item.maybe.is_some() {
            self.note_maybe(item);
            self.uncertain.insert(item.name().to_string());
        }
        self.add(item, NatGateway { subnet, address });
    }
}

/// The number of a zone by the letter its name ends in, behind that of its Region. Local Zones, as
/// `us-west-2-lax-1a`, are none of the Region's own.
fn letter(data: &Data) -> Option<u8> {
    let of = |letter: &str| match letter.as_bytes() {
        [it @ b'a'..=b'z'] => Some(it - b'a'),
        _ => None,
    };
    if let DataKind::Composed(parts) = &data.kind {
        let [region, letter] = parts.as_slice() else { return None };
        let region = matches!(
            &region.kind,
            DataKind::Unknown(Unknown { source: Some(it), .. }) if it == "AWS::Region"
        );
        return if region { of(letter.as_text()?) } else { None };
    }
    let name = data.as_text()?;
    let region = name.strip_suffix(|it: char| it.is_ascii_lowercase())?;
    let digits = region.bytes().filter(u8::is_ascii_digit).count();
    if digits == 1 && region.ends_with(|it: char| it.is_ascii_digit()) {
        of(&name[region.len()..])
    } else {
        None
    }
}

/// The /64 with this number in a block.
fn nth(block: &archgen_core::types::Cidr, number: u8) -> Option<archgen_core::types::Cidr> {
    let ipnet::IpNet::V6(block) = block.0 else { return None };
    let free = 64u8.checked_sub(block.prefix_len())?;
    if free < 8 && u32::from(number) >= 1 << free {
        return None;
    }
    let address = u128::from(block.network()) | (u128::from(number) << 64);
    let net = ipnet::Ipv6Net::new(address.into(), 64).ok()?;
    Some(archgen_core::types::Cidr(net.into()))
}
