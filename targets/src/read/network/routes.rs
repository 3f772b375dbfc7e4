//! Route tables, routes and who uses which table.

use archgen_core::resource::network::{
    Destination, Route, RouteTable, RouteTableAssociation, RouteTarget,
};
use archgen_core::resource::{Ref, ResourceId};
use archgen_core::value::Value;

use super::{Item, Named, Reader, choices, elements};
use crate::read::data::Data;

const TABLE: &[&str] = &["AWS::EC2::RouteTable"];

impl<'a> Reader<'a> {
    pub(super) fn route_table(&mut self, item: &Item<'a>) {
        self.note_maybe(item);
        let vpc = self.get(item, "VpcId");
        let vpc = self.vpc_of(item, "VpcId", &vpc);
        self.add(item, RouteTable { vpc });
    }

    /// A table; one that is not in the template is a name that no table has: its routes are unknown.
    pub(super) fn table_of(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Ref<RouteTable> {
        let name = match self.named(item, what, data, TABLE) {
            Named::Item(it) | Named::Outside(it) => it,
            Named::Unknown => format!("{}.{what}", item.name()),
        };
        Ref::new(ResourceId::new(&[&name]))
    }

    /// The tables that a list names, those that are not known left out.
    pub(super) fn tables_of(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
    ) -> Vec<Ref<RouteTable>> {
        let mut all = Vec::new();
        for (it, maybe) in elements(data) {
            match maybe {
                None => all.push(self.table_of(item, what, &it)),
                Some(why) => self.note(it.loc, item, what, why),
            }
        }
        all
    }

    pub(super) fn route(&mut self, item: &Item<'a>) {
        let table = self.get(item, "RouteTableId");
        let ipv4 = self.get(item, "DestinationCidrBlock");
        let ipv6 = self.get(item, "DestinationIpv6CidrBlock");
        let list = self.get(item, "DestinationPrefixListId");
        let destination = if !ipv4.is_absent() {
            Destination::Cidr(self.cidr(item, "DestinationCidrBlock", &ipv4))
        } else if !ipv6.is_absent() {
            Destination::Cidr(self.cidr(item, "DestinationIpv6CidrBlock", &ipv6))
        } else if !list.is_absent() {
            Destination::PrefixList(self.prefix_list_of(item, "DestinationPrefixListId", &list))
        } else {
            self.note(item.loc(), item, "Route", "it has no destination");
            Destination::Cidr(Value::Unknown)
        };
        self.note_maybe(item);
        let target = self.route_target(item);
        // Where it may not be there, what it is for may go elsewhere.
        let target = if item.maybe.is_none() { target } else { RouteTarget::Unknown };
        for (table, maybe) in choices(&table) {
            if let Some(why) = &maybe {
                self.note(table.loc, item, "RouteTableId", why.clone());
            }
            let table = self.table_of(item, "RouteTableId", &table);
            let target = if maybe.is_some() { RouteTarget::Unknown } else { target.clone() };
            let id = match maybe {
                None => item.name().to_string(),
                Some(_) => format!("{}.{}", item.name(), table.id()),
            };
            let route =
                Route { table, destination: destination.clone(), target, propagated: false };
            self.add_as(&id, item.name(), item.loc(), route);
        }
    }

    fn route_target(&mut self, item: &Item<'a>) -> RouteTarget {
        const TARGETS: &[(&str, &[&str])] = &[
            (
                "GatewayId",
                &["AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway", "AWS::EC2::VPCEndpoint"],
            ),
            ("NatGatewayId", &["AWS::EC2::NatGateway"]),
            ("VpcPeeringConnectionId", &["AWS::EC2::VPCPeeringConnection"]),
            ("EgressOnlyInternetGatewayId", &["AWS::EC2::EgressOnlyInternetGateway"]),
            ("TransitGatewayId", &["AWS::EC2::TransitGateway"]),
            ("InstanceId", &["AWS::EC2::Instance"]),
            ("NetworkInterfaceId", &["AWS::EC2::NetworkInterface"]),
            ("VpcEndpointId", &["AWS::EC2::VPCEndpoint"]),
        ];
        let mut found = Vec::new();
        for (what, kinds) in TARGETS {
            let data = self.get(item, what);
            if !data.is_absent() {
                found.push((*what, *kinds, data));
            }
        }
        for what in ["CarrierGatewayId", "LocalGatewayId", "CoreNetworkArn"] {
            if !self.get(item, what).is_absent() {
                self.note(item.loc(), item, what, "routes to it are not read");
                return RouteTarget::Unknown;
            }
        }
        let [(what, kinds, data)] = found.as_slice() else {
            self.note(item.loc(), item, "Route", format!("it has {} targets", found.len()));
            return RouteTarget::Unknown;
        };
        let name = match self.named(item, what, data, kinds) {
            Named::Item(it) => it,
            // Transit gateways are often somebody else's; what is attached here still counts.
            Named::Outside(it) if *what == "TransitGatewayId" => {
                return RouteTarget::TransitGateway(self.unknown_transit_gateway(&it, data.loc));
            }
            Named::Outside(_) | Named::Unknown => return RouteTarget::Unknown,
        };
        if self.uncertain.contains(&name) {
            let why = format!("whether `{name}` is there is not known");
            self.note(data.loc, item, what, why);
            return RouteTarget::Unknown;
        }
        let id = ResourceId::new(&[&name]);
        match self.items.get(&name).map_or("", |it| it.kind()) {
            "AWS::EC2::InternetGateway" => RouteTarget::InternetGateway(Ref::new(id)),
            "AWS::EC2::VPNGateway" => RouteTarget::VpnGateway(Ref::new(id)),
            "AWS::EC2::NatGateway" => RouteTarget::NatGateway(Ref::new(id)),
            "AWS::EC2::VPCPeeringConnection" => RouteTarget::VpcPeering(Ref::new(id)),
            "AWS::EC2::EgressOnlyInternetGateway" => {
                RouteTarget::EgressOnlyInternetGateway(Ref::new(id))
            }
            "AWS::EC2::TransitGateway" => RouteTarget::TransitGateway(Ref::new(id)),
            "AWS::EC2::Instance" | "AWS::EC2::NetworkInterface" | "AWS::EC2::VPCEndpoint" => {
                RouteTarget::Appliance(id)
            }
            _ => RouteTarget::Unknown,
        }
    }

    pub(super) fn route_table_association(&mut self, item: &Item<'a>) {
        let subnet = self.get(item, "SubnetId");
        let table = self.get(item, "RouteTableId");
        let mut table = self.table_of(item, "RouteTableId", &table);
        if item.maybe.is_some() {
            self.note_maybe(item);
            table = Ref::new(ResourceId::new(&[item.name(), "RouteTableId"]));
        }
        for (subnet, maybe) in choices(&subnet) {
            let subnet = self.subnet_of(item, "SubnetId", &subnet);
            let (id, table) = match maybe {
                None => (item.name().to_string(), table.clone()),
                Some(why) => {
                    self.note(item.loc(), item, "SubnetId", why);
                    let id = format!("{}.{}", item.name(), subnet.id());
                    (id, Ref::new(ResourceId::new(&[item.name(), "RouteTableId"])))
                }
            };
            self.add_as(&id, item.name(), item.loc(), RouteTableAssociation { table, subnet });
        }
    }
}
