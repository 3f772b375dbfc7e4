//! Blocks of networks.

use archgen_core::resource::network::Accepter;
use archgen_core::resource::{Vpc, VpcPeeringConnection};
use archgen_core::value::Text;
use serde_json::{Value, json};

use crate::terraform::tests::{block, everything};
use crate::terraform::write_graph;
use crate::testing::{Builder, ipv4};

/// A block of the graph with everything.
fn one(kind: &str, name: &str) -> Value {
    block(&everything(), kind, name)
}

/// The same without its tags.
fn untagged(kind: &str, name: &str) -> Value {
    let mut it = one(kind, name);
    if let Some(all) = it.as_object_mut() {
        all.remove("tags");
    }
    it
}

#[test]
fn vpcs_and_their_blocks() {
    assert_eq!(
        one("aws_vpc", "network"),
        json!({
            // The block that Amazon gives is an argument of the VPC.
            "assign_generated_ipv6_cidr_block": true,
            "cidr_block": "10.0.0.0/16",
            "enable_dns_hostnames": true,
            "enable_dns_support": true,
            "tags": { "Name": "shop-production/network/vpc" },
        })
    );
    assert_eq!(one("aws_vpc", "other")["assign_generated_ipv6_cidr_block"], Value::Null);
    assert_eq!(one("aws_vpc_ipv6_cidr_block_association", "network"), Value::Null);
    assert_eq!(
        one("aws_vpc_ipv6_cidr_block_association", "other_ipv6"),
        json!({ "ipv6_cidr_block": "2001:db8:8::/56", "vpc_id": "${aws_vpc.other.id}" })
    );
    assert_eq!(
        one("aws_vpc_ipv4_cidr_block_association", "network_cidr_10_1_0_0_16"),
        json!({ "cidr_block": "10.1.0.0/16", "vpc_id": "${aws_vpc.network.id}" })
    );
}

#[test]
fn subnets_are_in_zones_of_the_region() {
    assert_eq!(
        untagged("aws_subnet", "network_private_b"),
        json!({
            "assign_ipv6_address_on_creation": true,
            "availability_zone": "${data.aws_availability_zones.available.names[1]}",
            "cidr_block": "10.0.11.0/24",
            "ipv6_cidr_block": "${cidrsubnet(aws_vpc.network.ipv6_cidr_block, 8, 1)}",
            "map_public_ip_on_launch": false,
            "vpc_id": "${aws_vpc.network.id}",
        })
    );
    let public = one("aws_subnet", "network_public_a");
    assert_eq!(public["ipv6_cidr_block"], Value::Null);
    assert_eq!(public["assign_ipv6_address_on_creation"], Value::Null);
}

#[test]
fn ways_to_the_internet() {
    assert_eq!(
        one("aws_internet_gateway", "network"),
        json!({ "tags": { "Name": "shop-production/network/internet_gateway" } })
    );
    assert_eq!(
        one("aws_internet_gateway_attachment", "network"),
        json!({
            "internet_gateway_id": "${aws_internet_gateway.network.id}",
            "vpc_id": "${aws_vpc.network.id}",
        })
    );
    assert_eq!(
        untagged("aws_eip", "network_private_a"),
        json!({ "domain": "vpc", "depends_on": ["aws_internet_gateway_attachment.network"] })
    );
    let nat = one("aws_nat_gateway", "network_private_a");
    assert_eq!(nat["allocation_id"], "${aws_eip.network_private_a.allocation_id}");
    assert_eq!(nat["connectivity_type"], "public");
    assert_eq!(nat["subnet_id"], "${aws_subnet.network_public_a.id}");
    // A rule that is not written stands for those that the group comes with.
    assert_eq!(
        nat["depends_on"],
        json!([
            "aws_vpc_security_group_egress_rule.free_default_egress",
            "aws_vpc_security_group_egress_rule.free_default_egress_ipv6",
            "aws_vpc_security_group_ingress_rule.edge_ingress_internet_tcp_443",
        ])
    );
}

#[test]
fn routes_by_destination_and_target() {
    let route = |name: &str| one("aws_route", name);
    assert_eq!(
        route("network_public_internet_route"),
        json!({
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": "${aws_internet_gateway.network.id}",
            "route_table_id": "${aws_route_table.network_public.id}",
            // The gateway is an argument; its attachment is not.
            "depends_on": ["aws_internet_gateway_attachment.network"],
        })
    );
    for (name, argument, value) in [
        (
            "network_private_internet_route",
            "nat_gateway_id",
            "${aws_nat_gateway.network_private_a.id}",
        ),
        (
            "network_private_ipv6_route",
            "egress_only_gateway_id",
            "${aws_egress_only_internet_gateway.network_egress_only.id}",
        ),
        ("network_private_ipv6_route", "destination_ipv6_cidr_block", "::/0"),
        (
            "partner",
            "vpc_peering_connection_id",
            "${aws_vpc_peering_connection.partner_peering.id}",
        ),
        ("hub", "transit_gateway_id", "${aws_ec2_transit_gateway.hub_gateway.id}"),
        ("office", "gateway_id", "${aws_vpn_gateway.office_gateway.id}"),
        ("office", "destination_prefix_list_id", "${aws_ec2_managed_prefix_list.office_blocks.id}"),
    ] {
        assert_eq!(route(name)[argument], value, "{name}");
    }
    assert_eq!(
        one("aws_route_table_association", "network_public_a"),
        json!({
            "route_table_id": "${aws_route_table.network_public.id}",
            "subnet_id": "${aws_subnet.network_public_a.id}",
        })
    );
    assert_eq!(
        untagged("aws_route_table", "network_public"),
        json!({ "vpc_id": "${aws_vpc.network.id}" })
    );
}

#[test]
fn network_acls_number_protocols() {
    let entry =
        |index: u8| one("aws_network_acl_rule", &format!("network_private_acl_entry_{index}"));
    assert_eq!(
        entry(1),
        json!({
            "cidr_block": "10.0.0.0/16",
            "egress": false,
            "from_port": 1024,
            "network_acl_id": "${aws_network_acl.network_private_acl.id}",
            "protocol": "6",
            "rule_action": "allow",
            "rule_number": 100,
            "to_port": 65535,
        })
    );
    let protocols: Vec<Value> = (1..=6).map(|it| entry(it)["protocol"].clone()).collect();
    assert_eq!(protocols, ["6", "17", "1", "58", "-1", "50"]);
    assert_eq!((&entry(3)["icmp_type"], &entry(3)["icmp_code"]), (&json!(8), &json!(-1)));
    assert_eq!(entry(4)["ipv6_cidr_block"], "::/0");
    let last = entry(5);
    assert_eq!((&last["egress"], &last["rule_action"]), (&json!(true), &json!("deny")));
    assert!(["from_port", "to_port", "icmp_type"].iter().all(|it| last[it].is_null()));
    assert_eq!(
        untagged("aws_network_acl", "network_private_acl"),
        json!({ "vpc_id": "${aws_vpc.network.id}" })
    );
    assert_eq!(
        one("aws_network_acl_association", "network_private_a_acl_association"),
        json!({
            "network_acl_id": "${aws_network_acl.network_private_acl.id}",
            "subnet_id": "${aws_subnet.network_private_a.id}",
        })
    );
}

#[test]
fn endpoints_and_flow_logs() {
    assert_eq!(
        untagged("aws_vpc_endpoint", "network_endpoint_s3"),
        json!({
            "route_table_ids": ["${aws_route_table.network_private.id}"],
            "service_name": "com.amazonaws.${data.aws_region.current.region}.s3",
            "vpc_endpoint_type": "Gateway",
            "vpc_id": "${aws_vpc.network.id}",
        })
    );
    assert_eq!(
        untagged("aws_vpc_endpoint", "network_endpoint_logs"),
        json!({
            "private_dns_enabled": true,
            "security_group_ids": ["${aws_security_group.store.id}"],
            "service_name": "com.amazonaws.${data.aws_region.current.region}.logs",
            "subnet_ids": [
                "${aws_subnet.network_private_a.id}",
                "${aws_subnet.network_private_b.id}",
            ],
            "vpc_endpoint_type": "Interface",
            "vpc_id": "${aws_vpc.network.id}",
        })
    );
    assert_eq!(
        untagged("aws_flow_log", "network_flow_logs"),
        json!({
            "depends_on": ["aws_iam_role_policy.network_flow_logs"],
            "iam_role_arn": "${aws_iam_role.network_flow_logs.arn}",
            "log_destination": "${aws_cloudwatch_log_group.network_flow_logs.arn}",
            "log_destination_type": "cloud-watch-logs",
            "traffic_type": "ALL",
            "vpc_id": "${aws_vpc.network.id}",
        })
    );
}

/// The connection, the accepter and the providers of a peering.
fn peering(accepter: Accepter) -> (Value, Value, Value) {
    let mut it = Builder::new();
    let requester = it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
    it.add("other.vpc", Vpc { cidr: ipv4("10.1.0.0/16") });
    it.add("partner.peering", VpcPeeringConnection { requester, accepter });
    let files = write_graph("shop", "production", &it.0).files();
    let providers: Value = serde_json::from_slice(&files["providers.tf.json"]).expect("is JSON");
    let own = |kind| block(&files, kind, "partner_peering");
    (
        own("aws_vpc_peering_connection"),
        own("aws_vpc_peering_connection_accepter"),
        providers["provider"]["aws"].clone(),
    )
}

fn external(account: Option<&str>, role: Option<&str>, region: Option<&str>) -> Accepter {
    let text = |it: Option<&str>| it.map(Text::from);
    Accepter::External {
        vpc: "vpc-1".into(),
        account: text(account),
        role: text(role),
        region: text(region),
        cidr: ipv4("10.9.0.0/16"),
    }
}

#[test]
fn a_peering_in_one_account_and_region_accepts_itself() {
    let other = archgen_core::resource::Ref::new(archgen_core::resource::ResourceId::new(&[
        "other", "vpc",
    ]));
    let (connection, accepter, _) = peering(Accepter::Vpc(other));
    assert_eq!(connection["peer_vpc_id"], "${aws_vpc.other.id}");
    assert_eq!(connection["auto_accept"], true);
    assert_eq!(accepter, Value::Null);
    let (connection, accepter, _) = peering(external(None, None, None));
    assert_eq!((&connection["auto_accept"], accepter), (&json!(true), Value::Null));
}

#[test]
fn a_peering_with_another_region_is_accepted_there() {
    let (connection, accepter, providers) = peering(external(None, None, Some("eu-west-1")));
    assert_eq!(connection["peer_region"], "eu-west-1");
    assert_eq!(connection["auto_accept"], Value::Null);
    assert_eq!(
        accepter,
        json!({
            "auto_accept": true,
            "region": "eu-west-1",
            "vpc_peering_connection_id": "${aws_vpc_peering_connection.partner_peering.id}",
        })
    );
    assert_eq!(providers.as_array().map(Vec::len), Some(1));
}

#[test]
fn a_peering_with_another_account_is_accepted_by_the_role_there() {
    let role = "arn:aws:iam::210987654321:role/accepts";
    let given = external(Some("210987654321"), Some(role), Some("eu-west-1"));
    let (connection, accepter, providers) = peering(given);
    assert_eq!(connection["peer_owner_id"], "210987654321");
    assert_eq!(accepter["provider"], "aws.partner_peering");
    assert_eq!(accepter["region"], Value::Null);
    assert_eq!(
        providers[1],
        json!({
            "alias": "partner_peering",
            "assume_role": [{ "role_arn": role }],
            "region": "eu-west-1",
        })
    );
}
