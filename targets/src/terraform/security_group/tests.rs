//! Blocks of security groups and their rules.

use archgen_core::resource::network::{Direction, PortRange, RulePeer, Traffic};
use archgen_core::resource::{SecurityGroup, SecurityGroupRule, Vpc};
use archgen_core::value::{Text, Value as Given};
use serde_json::{Value, json};

use crate::terraform::tests::{block, everything};
use crate::terraform::write_graph;
use crate::testing::{Builder, cidr, ipv4};

const INGRESS: &str = "aws_vpc_security_group_ingress_rule";
const EGRESS: &str = "aws_vpc_security_group_egress_rule";

fn one(kind: &str, name: &str) -> Value {
    block(&everything(), kind, name)
}

fn group(it: &mut Builder, name: &str, group_name: Option<Text>, default_egress: bool) {
    let vpc = it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
    let group = SecurityGroup {
        vpc,
        description: "a".into(),
        group_name,
        default_egress: Given::Literal(default_egress),
    };
    it.add(&format!("{name}.security_group"), group);
}

#[test]
fn a_group_holds_no_rules() {
    assert_eq!(
        one("aws_security_group", "edge"),
        json!({
            "description": "what edge - may do",
            "name_prefix": "shop-production-edge-",
            "tags": { "Name": "shop-production/edge/security_group" },
            "vpc_id": "${aws_vpc.network.id}",
            "lifecycle": { "create_before_destroy": true },
        })
    );
}

#[test]
fn a_name_of_the_authors_own_is_taken_and_cannot_be_there_twice() {
    let mut it = Builder::new();
    group(&mut it, "a", Some("mine".into()), false);
    let own = block(&write_graph("shop", "production", &it.0).files(), "aws_security_group", "a");
    assert_eq!(own["name"], "mine");
    assert_eq!((&own["name_prefix"], &own["lifecycle"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_looks_like_an_identifier_of_aws_is_no_name() {
    let mut it = Builder::new();
    group(&mut it, "a", None, false);
    let own = block(&write_graph("sg", "production", &it.0).files(), "aws_security_group", "a");
    assert_eq!(own["name_prefix"], Value::Null);
}

#[test]
fn rules_name_their_peer() {
    assert_eq!(
        one(INGRESS, "edge_ingress_internet_tcp_443"),
        json!({
            "cidr_ipv4": "0.0.0.0/0",
            "description": "rule edge.ingress.internet.tcp_443",
            "from_port": 443,
            "ip_protocol": "tcp",
            "security_group_id": "${aws_security_group.edge.id}",
            "to_port": 443,
        })
    );
    let to_group = one(EGRESS, "edge_egress_api_tcp_8080");
    assert_eq!(to_group["referenced_security_group_id"], "${aws_security_group.api.id}");
    assert_eq!(one(INGRESS, "edge_ingress_office_icmp")["cidr_ipv4"], "${var.office}");
    let list = "${aws_ec2_managed_prefix_list.office_blocks.id}";
    assert_eq!(one(EGRESS, "office_Egress")["prefix_list_id"], list);
}

#[test]
fn a_group_with_awss_own_egress_says_so() {
    assert_eq!(
        one(EGRESS, "free_default_egress"),
        json!({
            "cidr_ipv4": "0.0.0.0/0",
            "description": "every connection out, as AWS starts a group",
            "ip_protocol": "-1",
            "security_group_id": "${aws_security_group.free.id}",
        })
    );
    // The VPC has IPv6, and its other egress rules say no more than that.
    assert_eq!(one(EGRESS, "free_default_egress_ipv6")["cidr_ipv6"], "::/0");
    assert_eq!(one(EGRESS, "free_egress_internet_tcp_443"), Value::Null);
    assert_eq!(one(EGRESS, "store_default_egress"), Value::Null);

    let mut it = Builder::new();
    group(&mut it, "a", None, true);
    let files = write_graph("shop", "production", &it.0).files();
    assert_ne!(block(&files, EGRESS, "a_default_egress"), Value::Null);
    assert_eq!(block(&files, EGRESS, "a_default_egress_ipv6"), Value::Null);
}

#[test]
fn rules_spell_every_kind_of_traffic() {
    let range = |first, last| Given::Literal(PortRange { first, last });
    for (traffic, expected) in [
        (Traffic::All, json!(["-1", null, null])),
        (Traffic::Udp(range(1, 9)), json!(["udp", 1, 9])),
        (Traffic::Icmp { kind: Some(3), code: Some(4) }, json!(["icmp", 3, 4])),
        (Traffic::Icmpv6 { kind: None, code: None }, json!(["icmpv6", -1, -1])),
        (
            Traffic::Tcp(Given::Parameter("port".into())),
            json!(["tcp", "${var.port}", "${var.port}"]),
        ),
        (Traffic::Protocol(50), json!(["50", null, null])),
    ] {
        let mut it = Builder::new();
        group(&mut it, "a", None, false);
        let rule = SecurityGroupRule {
            group: archgen_core::resource::Ref::new(archgen_core::resource::ResourceId::new(&[
                "a.security_group",
            ])),
            direction: Direction::Ingress,
            peer: RulePeer::Cidr(cidr("2001:db8::/32")),
            traffic,
            description: "d".into(),
        };
        it.add("a.ingress", rule);
        let own = block(&write_graph("a", "b", &it.0).files(), INGRESS, "a_ingress");
        assert_eq!(json!([own["ip_protocol"], own["from_port"], own["to_port"]]), expected);
        assert_eq!(own["cidr_ipv6"], "2001:db8::/32");
    }
}
