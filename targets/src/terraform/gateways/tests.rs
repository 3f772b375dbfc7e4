//! Blocks of gateways and prefix lists.

use serde_json::{Value, json};

use crate::terraform::tests::{block, everything};

/// A block of the graph with everything, without its tags.
fn one(kind: &str, name: &str) -> Value {
    let mut it = block(&everything(), kind, name);
    if let Some(all) = it.as_object_mut() {
        all.remove("tags");
    }
    it
}

#[test]
fn gateways_of_a_vpc() {
    assert_eq!(
        one("aws_egress_only_internet_gateway", "network_egress_only"),
        json!({ "vpc_id": "${aws_vpc.network.id}" })
    );
    assert_eq!(one("aws_vpn_gateway", "office_gateway"), json!({}));
    assert_eq!(
        one("aws_vpn_gateway_attachment", "office_attachment"),
        json!({
            "vpc_id": "${aws_vpc.network.id}",
            "vpn_gateway_id": "${aws_vpn_gateway.office_gateway.id}",
        })
    );
}

#[test]
fn prefix_lists_hold_their_blocks() {
    assert_eq!(
        one("aws_ec2_managed_prefix_list", "office_blocks"),
        json!({
            "address_family": "IPv4",
            "entry": [{ "cidr": "172.20.0.0/16" }, { "cidr": "172.21.0.0/16" }],
            "max_entries": 4,
            "name": "office",
        })
    );
}

#[test]
fn transit_gateways() {
    let table = "${aws_ec2_transit_gateway_route_table.hub_table.id}";
    let attachment = "${aws_ec2_transit_gateway_vpc_attachment.hub_network.id}";
    assert_eq!(
        one("aws_ec2_transit_gateway", "hub_gateway"),
        json!({
            "default_route_table_association": "disable",
            "default_route_table_propagation": "disable",
            "security_group_referencing_support": "enable",
        })
    );
    assert_eq!(
        one("aws_ec2_transit_gateway_vpc_attachment", "hub_network"),
        json!({
            "ipv6_support": "disable",
            "subnet_ids": [
                "${aws_subnet.network_private_a.id}",
                "${aws_subnet.network_private_b.id}",
            ],
            "transit_gateway_id": "${aws_ec2_transit_gateway.hub_gateway.id}",
            "vpc_id": "${aws_vpc.network.id}",
        })
    );
    assert_eq!(
        one("aws_ec2_transit_gateway_route_table", "hub_table"),
        json!({ "transit_gateway_id": "${aws_ec2_transit_gateway.hub_gateway.id}" })
    );
    let both = json!({
        "transit_gateway_attachment_id": attachment,
        "transit_gateway_route_table_id": table,
    });
    assert_eq!(one("aws_ec2_transit_gateway_route_table_association", "hub_association"), both);
    assert_eq!(one("aws_ec2_transit_gateway_route_table_propagation", "hub_propagation"), both);
    assert_eq!(
        one("aws_ec2_transit_gateway_route", "hub_to_10_0_0_0_8"),
        json!({
            "destination_cidr_block": "10.0.0.0/8",
            "transit_gateway_attachment_id": attachment,
            "transit_gateway_route_table_id": table,
        })
    );
    assert_eq!(
        one("aws_ec2_transit_gateway_route", "hub_to_10_66_0_0_16"),
        json!({
            "blackhole": true,
            "destination_cidr_block": "10.66.0.0/16",
            "transit_gateway_route_table_id": table,
        })
    );
}
