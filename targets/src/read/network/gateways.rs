//! Transit gateways, VPN gateways, peerings and prefix lists.

use archgen_core::Loc;
use archgen_core::resource::gateways::{
    CLOUDFRONT_LIST_NAME, CLOUDFRONT_LIST_US_EAST_1, CLOUDFRONT_PARAMETER, PrefixList,
    TransitGateway, TransitGatewayAssociation, TransitGatewayAttachment, TransitGatewayPropagation,
    TransitGatewayRoute, TransitGatewayRouteTable, VpnGateway, cloudfront_list,
};
use archgen_core::resource::network::{
    Accepter, Destination, Route, RouteTarget, Subnet, VpcPeeringConnection,
};
use archgen_core::resource::{Ref, Resource, ResourceId, camel_case};
use archgen_core::value::{Text, Value};

use super::{Item, Named, Reader, elements, within};
use crate::read::data::Data;

const TRANSIT: &[&str] = &["AWS::EC2::TransitGateway"];
const TRANSIT_TABLE: &[&str] = &["AWS::EC2::TransitGatewayRouteTable"];
const TRANSIT_ATTACHMENT: &[&str] =
    &["AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment"];

/// Known text, or text that is not known.
fn text(data: &Data) -> Text {
    data.as_text().map_or_else(Text::unknown, Text::literal)
}

/// Whether something is archgen's parameter for AWS's list of CloudFront's addresses, or the list of us-east-1.
fn is_cloudfront_list(source: &str) -> bool {
    let name = source.strip_prefix("var.").unwrap_or(source);
    name == CLOUDFRONT_LIST_US_EAST_1 || camel_case(name) == camel_case(CLOUDFRONT_PARAMETER)
}

impl<'a> Reader<'a> {
    fn one_of(&mut self, item: &Item<'a>, what: &'static str, kinds: &[&str]) -> ResourceId {
        let data = self.get(item, what);
        match self.named(item, what, &data, kinds) {
            Named::Item(it) | Named::Outside(it) => ResourceId::new(&[&it]),
            Named::Unknown => ResourceId::new(&[item.name(), what]),
        }
    }

    pub(super) fn prefix_list(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let name = self.get(item, "PrefixListName");
        let family = self.get(item, "AddressFamily");
        let ipv6 = self.word(item, "AddressFamily", &family, ("IPv6", "IPv4"), false);
        let most = self.get(item, "MaxEntries");
        let max_entries = match most.as_integer().and_then(|it| u16::try_from(it).ok()) {
            Some(it) => Value::Literal(it),
            None => Value::Unknown,
        };
        let written = self.get(item, "Entries");
        let mut entries = Vec::new();
        for (it, maybe) in elements(&written) {
            let block = within(it, "Cidr");
            let block = self.cidr(item, "Entries", &block);
            entries.push(if maybe.is_none() && item.maybe.is_none() {
                block
            } else {
                Value::Unknown
            });
        }
        let name = name.as_text().unwrap_or_default().to_string();
        self.add(
            item,
            PrefixList { name, ipv6: ipv6 == Value::Literal(true), max_entries, entries },
        );
    }

    /// A prefix list; the blocks of one that is not in the template are not known.
    pub(super) fn prefix_list_of(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
    ) -> Ref<PrefixList> {
        let name = match self.named(item, what, data, &["AWS::EC2::PrefixList"]) {
            Named::Outside(it) if is_cloudfront_list(&it) => return self.cloudfront_list(item),
            Named::Item(it) | Named::Outside(it) => it,
            Named::Unknown => format!("{}.{what}", item.name()),
        };
        Ref::new(ResourceId::new(&[&name]))
    }

    /// AWS's list of CloudFront's addresses, which is in no template.
    fn cloudfront_list(&mut self, item: &Item<'a>) -> Ref<PrefixList> {
        let name = camel_case(CLOUDFRONT_LIST_NAME);
        let id = ResourceId::new(&[&name]);
        let resource = Resource {
            id: id.clone(),
            declaration: name,
            loc: item.loc(),
            depends_on: Vec::new(),
            key: None,
            kind: cloudfront_list().into(),
        };
        self.graph.resources.entry(id.clone()).or_insert(resource);
        Ref::new(id)
    }

    pub(super) fn transit_gateway(&mut self, item: &Item<'a>) {
        if item.maybe.is_some() {
            self.note_maybe(item);
            self.uncertain.insert(item.name().to_string());
        }
        let mut able = |what: &'static str, default: bool| {
            let data = self.get(item, what);
            self.word(item, what, &data, ("enable", "disable"), default)
        };
        let default_association = able("DefaultRouteTableAssociation", true);
        let default_propagation = able("DefaultRouteTablePropagation", true);
        // Off unless it is asked for: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html
        let group_references = able("SecurityGroupReferencingSupport", false);
        self.add(
            item,
            TransitGateway { default_association, default_propagation, group_references },
        );
    }

    /// A transit gateway that is not in the template.
    pub(super) fn unknown_transit_gateway(&mut self, name: &str, loc: Loc) -> Ref<TransitGateway> {
        let id = Ref::new(ResourceId::new(&[name]));
        if self.graph.get::<TransitGateway>(&id).is_some() {
            return id;
        }
        let it = TransitGateway {
            default_association: Value::Unknown,
            default_propagation: Value::Unknown,
            group_references: Value::Unknown,
        };
        self.add_as(name, name, loc, it)
    }

    fn transit_of(&mut self, item: &Item<'a>) -> Ref<TransitGateway> {
        let data = self.get(item, "TransitGatewayId");
        match self.named(item, "TransitGatewayId", &data, TRANSIT) {
            Named::Item(it) => Ref::new(ResourceId::new(&[&it])),
            Named::Outside(it) => self.unknown_transit_gateway(&it, data.loc),
            Named::Unknown => {
                self.unknown_transit_gateway(&format!("{}.TransitGatewayId", item.name()), data.loc)
            }
        }
    }

    pub(super) fn transit_gateway_attachment(&mut self, item: &Item<'a>) {
        let mut gateway = self.transit_of(item);
        if item.maybe.is_some() {
            // What may be attached to it is not known any more.
            self.note_maybe(item);
            self.uncertain.insert(gateway.id().as_str().to_string());
            gateway = self
                .unknown_transit_gateway(&format!("{}.TransitGatewayId", item.name()), item.loc());
        }
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        let subnets = self.get(item, "SubnetIds");
        let subnets: Vec<Ref<Subnet>> =
            self.subnets_of(item, "SubnetIds", &subnets).unwrap_or_default();
        let ipv6 = self.get_in(item, &["Options", "Ipv6Support"]);
        let ipv6 = self.word(item, "Ipv6Support", &ipv6, ("enable", "disable"), false);
        self.add(item, TransitGatewayAttachment { gateway, vpc, subnets, ipv6 });
    }

    pub(super) fn transit_gateway_route_table(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let gateway = self.transit_of(item);
        self.add(item, TransitGatewayRouteTable { gateway });
    }

    pub(super) fn transit_gateway_association(&mut self, item: &Item<'a>) {
        let attachment =
            Ref::new(self.one_of(item, "TransitGatewayAttachmentId", TRANSIT_ATTACHMENT));
        let mut table = self.one_of(item, "TransitGatewayRouteTableId", TRANSIT_TABLE);
        if item.maybe.is_some() {
            self.note_maybe(item);
            table = ResourceId::new(&[item.name(), "TransitGatewayRouteTableId"]);
        }
        self.add(item, TransitGatewayAssociation { table: Ref::new(table), attachment });
    }

    pub(super) fn transit_gateway_propagation(&mut self, item: &Item<'a>) {
        let mut attachment = self.one_of(item, "TransitGatewayAttachmentId", TRANSIT_ATTACHMENT);
        let table = Ref::new(self.one_of(item, "TransitGatewayRouteTableId", TRANSIT_TABLE));
        if item.maybe.is_some() {
            self.note_maybe(item);
            attachment = ResourceId::new(&[item.name(), "TransitGatewayAttachmentId"]);
        }
        self.add(item, TransitGatewayPropagation { table, attachment: Ref::new(attachment) });
    }

    pub(super) fn transit_gateway_route(&mut self, item: &Item<'a>) {
        let table = Ref::new(self.one_of(item, "TransitGatewayRouteTableId", TRANSIT_TABLE));
        let destination = self.get(item, "DestinationCidrBlock");
        let destination = self.cidr(item, "DestinationCidrBlock", &destination);
        let dropped = self.get(item, "Blackhole");
        let unknown = Some(Ref::new(ResourceId::new(&[item.name(), "TransitGatewayAttachmentId"])));
        let target = match self.truth(item, "Blackhole", &dropped, false) {
            Value::Literal(true) => None,
            Value::Literal(false) => {
                Some(Ref::new(self.one_of(item, "TransitGatewayAttachmentId", TRANSIT_ATTACHMENT)))
            }
            Value::Parameter(_) | Value::Unknown => unknown.clone(),
        };
        self.note_maybe(item);
        let target = if item.maybe.is_some() { unknown } else { target };
        self.add(item, TransitGatewayRoute { table, destination, target });
    }

    pub(super) fn vpn_gateway(&mut self, item: &Item<'a>) {
        if item.maybe.is_some() {
            self.note_maybe(item);
            self.uncertain.insert(item.name().to_string());
        }
        self.add(item, VpnGateway {});
    }

    /// The routes that a VPN gateway puts into tables: those of its static connections; what BGP
    /// will announce is not known.
    pub(super) fn vpn_gateway_route_propagation(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let gateway = self.one_of(item, "VpnGatewayId", &["AWS::EC2::VPNGateway"]);
        let tables = self.get(item, "RouteTableIds");
        let tables = self.tables_of(item, "RouteTableIds", &tables);
        let items = self.items;
        let mut blocks = Vec::new();
        let mut dynamic = !items.contains_key(gateway.as_str()) || item.maybe.is_some();
        for connection in items.values().filter(|it| it.kind() == "AWS::EC2::VPNConnection") {
            let of = self.get(connection, "VpnGatewayId");
            if of.as_resource() != Some(gateway.as_str()) {
                dynamic |= !of.is_absent() && of.as_resource().is_none();
                continue;
            }
            let fixed = self.get(connection, "StaticRoutesOnly");
            let fixed = self.truth(connection, "StaticRoutesOnly", &fixed, false);
            dynamic |= fixed != Value::Literal(true) || connection.maybe.is_some();
            for route in items.values().filter(|it| it.kind() == "AWS::EC2::VPNConnectionRoute") {
                let of = self.get(route, "VpnConnectionId");
                if of.as_resource() == Some(connection.name()) {
                    let block = self.get(route, "DestinationCidrBlock");
                    let block = self.cidr(route, "DestinationCidrBlock", &block);
                    blocks.push(if route.maybe.is_none() { block } else { Value::Unknown });
                }
            }
        }
        if dynamic {
            let why = "which blocks will be announced to the VPN gateway is not known";
            self.note(item.loc(), item, "VPNGatewayRoutePropagation", why);
            blocks.push(Value::Unknown);
        }
        let uncertain = self.uncertain.contains(gateway.as_str()) || item.maybe.is_some();
        for table in &tables {
            for (index, block) in blocks.iter().enumerate() {
                let target = if uncertain {
                    RouteTarget::Unknown
                } else {
                    RouteTarget::VpnGateway(Ref::new(gateway.clone()))
                };
                let route = Route {
                    table: table.clone(),
                    destination: Destination::Cidr(block.clone()),
                    target,
                    propagated: true,
                };
                let id = format!("{}.{}.{index}", item.name(), table.id());
                self.add_as(&id, item.name(), item.loc(), route);
            }
        }
    }

    /// A connection to a VPN gateway is read by what propagates its routes.
    pub(super) fn vpn_connection(&mut self, item: &Item<'a>) {
        self.get(item, "VpnGatewayId");
        self.get(item, "StaticRoutesOnly");
        if !self.get(item, "TransitGatewayId").is_absent() {
            let gateway = self.transit_of(item);
            self.note(
                item.loc(),
                item,
                "TransitGatewayId",
                "VPN attachments of transit gateways are not read",
            );
            self.uncertain.insert(gateway.id().as_str().to_string());
        }
    }

    pub(super) fn peering(&mut self, item: &Item<'a>) {
        if item.maybe.is_some() {
            self.note_maybe(item);
            self.uncertain.insert(item.name().to_string());
        }
        let requester = self.get(item, "VpcId");
        let requester = self.vpc_of(item, "VpcId", &requester);
        let peer = self.get(item, "PeerVpcId");
        let account = self.get(item, "PeerOwnerId");
        let role = self.get(item, "PeerRoleArn");
        let region = self.get(item, "PeerRegion");
        let optional = |it: &Data| (!it.is_absent()).then(|| text(it));
        let accepter = match self.named(item, "PeerVpcId", &peer, &["AWS::EC2::VPC"]) {
            Named::Item(it) if region.is_absent() => {
                Accepter::Vpc(Ref::new(ResourceId::new(&[&it])))
            }
            Named::Item(_) | Named::Outside(_) | Named::Unknown => Accepter::External {
                vpc: text(&peer),
                account: optional(&account),
                role: optional(&role),
                region: optional(&region),
                cidr: Value::Unknown,
            },
        };
        self.add(item, VpcPeeringConnection { requester, accepter });
    }
}
