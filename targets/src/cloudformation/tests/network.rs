//! Networks and security groups.

use archgen_core::resource::network::{Direction, PortRange, RulePeer, Traffic};
use archgen_core::resource::{SecurityGroup, SecurityGroupRule, Vpc};
use archgen_core::value::Value;

use super::graph::{Builder, cidr, ipv4};
use super::{everything, property, write_graph};

#[test]
fn a_group_that_opens_no_connection_by_address_says_so() {
    let template = everything();
    let egress = |id| property(&template, id, "SecurityGroupEgress");
    assert!(egress("StoreSecurityGroup").contains(r#""CidrIp":"127.0.0.1/32""#));
    assert!(egress("EdgeSecurityGroup").contains(r#""CidrIp":"127.0.0.1/32""#));
    let api = egress("ApiSecurityGroup");
    assert_eq!(
        api,
        r#"[{"CidrIp":"0.0.0.0/0","Description":"rule api.egress.internet.tcp_443","FromPort":443,"IpProtocol":"tcp","ToPort":443}]"#
    );
}

#[test]
fn a_group_with_awss_own_egress_keeps_it() {
    let template = everything();
    assert_eq!(property(&template, "FreeSecurityGroup", "SecurityGroupEgress"), "missing");
    assert!(template.resource("FreeEgressInternetTcp443").is_none());
}

#[test]
fn a_rule_about_a_group_is_a_resource_of_its_direction() {
    let template = everything();
    let kind = |id: &str| template.resource(id).map(|it| it.kind);
    assert_eq!(kind("EdgeEgressApiTcp8080"), Some("AWS::EC2::SecurityGroupEgress"));
    assert_eq!(kind("ApiIngressEdgeTcp8080"), Some("AWS::EC2::SecurityGroupIngress"));
    assert_eq!(kind("EdgeIngressInternetTcp443"), None);
    assert_eq!(
        property(&template, "EdgeEgressApiTcp8080", "DestinationSecurityGroupId"),
        r#"{"Fn::GetAtt":["ApiSecurityGroup","GroupId"]}"#
    );
}

#[test]
fn rules_spell_every_kind_of_traffic() {
    let mut it = Builder::new();
    let vpc = it.add("network.vpc", Vpc { cidr: ipv4("10.0.0.0/16") });
    let group = it.add(
        "a.security_group",
        SecurityGroup {
            vpc,
            description: "a".into(),
            group_name: None,
            default_egress: Value::Literal(true),
        },
    );
    let kinds = [
        (Traffic::All, r#""IpProtocol":"-1"}"#),
        (
            Traffic::Udp(Value::Literal(PortRange { first: 1, last: 9 })),
            r#""FromPort":1,"IpProtocol":"udp","ToPort":9}"#,
        ),
        (
            Traffic::Icmp { kind: Some(3), code: Some(4) },
            r#""FromPort":3,"IpProtocol":"icmp","ToPort":4}"#,
        ),
        (
            Traffic::Icmpv6 { kind: None, code: None },
            r#""FromPort":-1,"IpProtocol":"icmpv6","ToPort":-1}"#,
        ),
        (
            Traffic::Tcp(Value::Parameter("port".into())),
            r#""FromPort":{"Ref":"Port"},"IpProtocol":"tcp","ToPort":{"Ref":"Port"}}"#,
        ),
    ];
    for (index, (traffic, _)) in kinds.iter().enumerate() {
        it.add(
            &format!("a.ingress.{index}"),
            SecurityGroupRule {
                group: group.clone(),
                direction: Direction::Ingress,
                peer: RulePeer::Cidr(cidr("2001:db8::/32")),
                traffic: traffic.clone(),
                description: "d".into(),
            },
        );
    }
    let template = write_graph("a", "b", &it.0);
    let text = property(&template, "ASecurityGroup", "SecurityGroupIngress");
    for (_, expected) in kinds {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(text.contains(r#""CidrIpv6":"2001:db8::/32""#));
}

#[test]
fn network_acls_number_protocols() {
    let template = everything();
    let entry =
        |index: u8, name| property(&template, &format!("NetworkPrivateAclEntry{index}"), name);
    let protocols: Vec<String> = (1..=5).map(|it| entry(it, "Protocol")).collect();
    assert_eq!(protocols, ["6", "17", "1", "58", "-1"]);
    assert_eq!(entry(1, "PortRange"), r#"{"From":1024,"To":65535}"#);
    assert_eq!(entry(3, "Icmp"), r#"{"Type":8,"Code":-1}"#);
    assert_eq!(entry(4, "Ipv6CidrBlock"), r#""::/0""#);
    assert_eq!(entry(5, "Egress"), "true");
    assert_eq!(entry(5, "PortRange"), "missing");
}

#[test]
fn zones_and_services_are_named_by_the_region() {
    let template = everything();
    assert_eq!(
        property(&template, "NetworkPrivateBSubnet", "AvailabilityZone"),
        r#"{"Fn::Select":[1,{"Fn::GetAZs":""}]}"#
    );
    assert_eq!(
        property(&template, "NetworkEndpointS3", "ServiceName"),
        r#"{"Fn::Sub":"com.amazonaws.${AWS::Region}.s3"}"#
    );
}
