//! VPCs, routes, filters: what AWS does where a template says nothing, and what is unknown.

use std::collections::BTreeMap;

use archgen_core::network::Model;
use archgen_core::value::Value;

use super::{
    BASE, group, listed, lists, place, reading, reading_with, rules, show, standing, with,
};
use crate::cloudformation::read::Options;

#[test]
fn groups_without_egress_let_everything_out() {
    let it = with(
        r"
  Empty: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref V, SecurityGroupEgress: []}}
  Said: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref V, SecurityGroupEgress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]}}
  Apart: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref V}}
  Out: {Type: 'AWS::EC2::SecurityGroupEgress', Properties: {GroupId: !GetAtt Apart.GroupId, IpProtocol: '-1', DestinationSecurityGroupId: !Ref G}}
  Open: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref V, SecurityGroupEgress: !If [Maybe, [{IpProtocol: tcp, CidrIp: 10.0.0.0/8}], !Ref 'AWS::NoValue']}}
",
    );
    for (name, expected) in [
        ("G", Value::Literal(true)),
        ("Empty", Value::Literal(true)),
        ("Said", Value::Literal(false)),
        ("Apart", Value::Unknown),
        ("Open", Value::Unknown),
    ] {
        assert_eq!(group(&it, name).default_egress, expected, "{name}");
    }
    lists(&it, "Apart SecurityGroupEgress: AWS does not say whether");
    lists(&it, "Open SecurityGroupEgress: whether it has egress rules");
    assert_eq!(rules(&it.graph, "Apart"), ["out Group(→G) all traffic"]);
    assert_eq!(rules(&it.graph, "Open"), ["out Cidr(Unknown) tcp"]);
}

#[test]
fn rules_by_protocol_and_port() {
    let table = [
        (
            "{IpProtocol: tcp, FromPort: 22, ToPort: '22', CidrIp: 10.1.2.3/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) tcp/22",
        ),
        (
            "{IpProtocol: '6', FromPort: 0, ToPort: 65535, CidrIpv6: '::/0'}",
            "in Cidr(Literal(Cidr(::/0))) tcp",
        ),
        ("{IpProtocol: TCP, CidrIp: 10.0.0.0/8}", "in Cidr(Literal(Cidr(10.0.0.0/8))) tcp"),
        (
            "{IpProtocol: udp, FromPort: 53, ToPort: 54, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) udp/53-54",
        ),
        (
            "{IpProtocol: -1, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) all traffic",
        ),
        (
            "{IpProtocol: 50, FromPort: 22, ToPort: 22, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) protocol 50",
        ),
        (
            "{IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) icmp/8",
        ),
        (
            "{IpProtocol: icmp, FromPort: 3, ToPort: 4, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) icmp/3.4",
        ),
        ("{IpProtocol: icmpv6, CidrIpv6: '::/0'}", "in Cidr(Literal(Cidr(::/0))) icmpv6"),
        (
            "{IpProtocol: icmp, FromPort: -1, ToPort: 4, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) unknown traffic",
        ),
        (
            "{IpProtocol: tcp, FromPort: 9, ToPort: 1, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) tcp/?",
        ),
        (
            "{IpProtocol: tcp, FromPort: !Ref Open, ToPort: 1, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) tcp/?",
        ),
        (
            "{IpProtocol: !Ref Open, CidrIp: 10.0.0.0/8}",
            "in Cidr(Literal(Cidr(10.0.0.0/8))) unknown traffic",
        ),
        ("{IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: nonsense}", "in Cidr(Unknown) tcp/1"),
        (
            "{IpProtocol: tcp, FromPort: 1, ToPort: 1, SourceSecurityGroupId: !GetAtt G.GroupId}",
            "in Group(→G) tcp/1",
        ),
        (
            "{IpProtocol: tcp, FromPort: 1, ToPort: 1, SourceSecurityGroupId: !GetAtt V.DefaultSecurityGroup}",
            "in Group(→V.DefaultSecurityGroup) tcp/1",
        ),
        (
            "{IpProtocol: tcp, FromPort: 1, ToPort: 1, SourceSecurityGroupId: sg-0123}",
            "in Group(→sg-0123) tcp/1",
        ),
        (
            "{IpProtocol: tcp, FromPort: 1, ToPort: 1, SourcePrefixListId: pl-1}",
            "in PrefixList(→pl-1) tcp/1",
        ),
        ("!Ref Open", "in Cidr(Unknown) unknown traffic"),
        (
            "!If [Maybe, {IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}, !Ref 'AWS::NoValue']",
            "in Cidr(Unknown) tcp/1",
        ),
    ];
    for (rule, expected) in table {
        let it = with(&format!(
            "  R: {{Type: 'AWS::EC2::SecurityGroup', Properties: {{VpcId: !Ref V, SecurityGroupIngress: [{rule}]}}}}\n"
        ));
        assert_eq!(rules(&it.graph, "R"), [expected], "{rule}");
        let known = !["nknown", "?", "sg-", "pl-"].iter().any(|it| expected.contains(it));
        assert_eq!(it.unread.is_empty(), known, "{rule}: {:?}", listed(&it));
    }
    let it = with(
        "  R: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref V, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 1, ToPort: 1}]}}\n",
    );
    assert!(rules(&it.graph, "R").is_empty());
    lists(&it, "R rule: a rule that names nobody");
}

#[test]
fn groups_of_elsewhere_may_have_any_rule() {
    let it = with(
        "  I: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref Open]}}\n",
    );
    assert_eq!(place(&it, "I"), "Some([→A]) Some([→Open]) public:yes ports:");
    assert_eq!(
        rules(&it.graph, "Open"),
        ["in Cidr(Unknown) unknown traffic", "out Cidr(Unknown) unknown traffic"]
    );
    lists(&it, "I SecurityGroupIds: the parameter `Open` has no value");
    // Given, it is another one's name.
    let options = Options {
        parameters: BTreeMap::from([("Open".to_string(), "sg-1".to_string())]),
        ..Options::default()
    };
    let text = format!(
        "{BASE}  I: {{Type: 'AWS::EC2::Instance', Properties: {{SubnetId: !Ref A, SecurityGroupIds: [!Ref Open]}}}}\n"
    );
    assert_eq!(
        place(&reading_with(&text, &options), "I"),
        "Some([→A]) Some([→sg-1]) public:yes ports:"
    );
}

#[test]
fn without_groups_the_default_group_counts() {
    let it = with(
        "  I: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref B}}\n  R: {Type: 'AWS::EC2::SecurityGroupIngress', Properties: {GroupId: !GetAtt V.DefaultSecurityGroup, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}}\n",
    );
    assert_eq!(place(&it, "I"), "Some([→B]) Some([→V.DefaultSecurityGroup]) public:no ports:");
    assert_eq!(group(&it, "V.DefaultSecurityGroup").default_egress, Value::Literal(true));
    assert_eq!(
        rules(&it.graph, "V.DefaultSecurityGroup"),
        [
            "in Cidr(Literal(Cidr(0.0.0.0/0))) tcp/22",
            "in Group(→V.DefaultSecurityGroup) all traffic"
        ]
    );
    assert!(it.unread.is_empty(), "{:?}", listed(&it));
}

#[test]
fn entries_of_the_default_acl_make_it_one() {
    let it = with(
        r"
  Own: {Type: 'AWS::EC2::NetworkAcl', Properties: {VpcId: !Ref V}}
  OwnB: {Type: 'AWS::EC2::SubnetNetworkAclAssociation', Properties: {SubnetId: !Ref B, NetworkAclId: !Ref Own}}
  Deny: {Type: 'AWS::EC2::NetworkAclEntry', Properties: {NetworkAclId: !GetAtt V.DefaultNetworkAcl, RuleNumber: 50, Protocol: 6, PortRange: {From: 22, To: 22}, RuleAction: DENY, CidrBlock: 0.0.0.0/0}}
",
    );
    let name = "V.DefaultNetworkAcl";
    assert!(show(&it, &format!("{name}.ingress.ipv4")).contains("number: Literal(100)"));
    assert!(show(&it, &format!("{name}.egress.ipv6")).contains("number: Literal(101)"));
    assert!(show(&it, &format!("{name}.A")).contains("subnet: →A"));
    assert_eq!(show(&it, &format!("{name}.B")), "missing");
    assert!(
        show(&it, "Deny")
            .contains("allow: false, traffic: Tcp(Literal(PortRange { first: 22, last: 22 }))")
    );
}

#[test]
fn acl_entries_that_are_not_known() {
    for (entry, expected) in [
        (
            "{RuleNumber: !Ref Open, Protocol: -1, RuleAction: allow, CidrBlock: 10.0.0.0/8}",
            "number: Unknown, direction: Ingress, allow: true, traffic: All, cidr: Literal",
        ),
        (
            "{RuleNumber: 1, Protocol: -1, RuleAction: !Ref Open, CidrBlock: 10.0.0.0/8}",
            "number: Unknown, direction: Ingress, allow: true, traffic: Unknown, cidr: Unknown",
        ),
        (
            "{RuleNumber: 1, Protocol: 6, RuleAction: allow, CidrBlock: 10.0.0.0/8}",
            "traffic: Tcp(Unknown)",
        ),
        (
            "{RuleNumber: 1, Protocol: 1, Icmp: {Type: -1, Code: -1}, RuleAction: allow, Egress: true, CidrBlock: 10.0.0.0/8}",
            "direction: Egress, allow: true, traffic: Icmp { kind: None, code: None }",
        ),
        (
            "{RuleNumber: 1, Protocol: 300, RuleAction: allow, CidrBlock: 10.0.0.0/8}",
            "traffic: Unknown",
        ),
    ] {
        let entry = entry.replacen('{', "{NetworkAclId: !Ref Own, ", 1);
        let it = with(&format!(
            "  Own: {{Type: 'AWS::EC2::NetworkAcl', Properties: {{VpcId: !Ref V}}}}\n  E: {{Type: 'AWS::EC2::NetworkAclEntry', Properties: {entry}}}\n"
        ));
        assert!(show(&it, "E").contains(expected), "{entry}: {}", show(&it, "E"));
    }
    let it = with(
        "  Own: {Type: 'AWS::EC2::NetworkAcl', Properties: {VpcId: !Ref V}}\n  E: {Type: 'AWS::EC2::NetworkAclEntry', Properties: {NetworkAclId: !Ref Own, RuleNumber: 1, Protocol: -1, RuleAction: allow, Egress: !Ref Open, CidrBlock: 10.0.0.0/8}}\n",
    );
    assert!(
        show(&it, "E.ingress").contains("Unknown") && show(&it, "E.egress").contains("Unknown")
    );
}

#[test]
fn ipv6_blocks() {
    let it = with(
        r"
  Six: {Type: 'AWS::EC2::VPCCidrBlock', Properties: {VpcId: !Ref V, AmazonProvidedIpv6CidrBlock: 'true'}}
  C: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.9.0/24, Ipv6CidrBlock: !Select [3, !Cidr [!Select [0, !GetAtt V.Ipv6CidrBlocks], 8, 64]], AssignIpv6AddressOnCreation: true}}
  D: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: !Select [2, !Cidr [!GetAtt V.CidrBlock, 8, 8]], Ipv6CidrBlock: !Ref Open}}
  Later: {Type: 'AWS::EC2::SubnetCidrBlock', Properties: {SubnetId: !Ref B, Ipv6CidrBlock: '2001:db8::/64'}}
  I: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref C}}
  W: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.5.0.0/16}}
  WSix: {Type: 'AWS::EC2::VPCCidrBlock', Properties: {VpcId: !Ref W, Ipv6CidrBlock: '2001:db8:5::/56', Ipv6Pool: x}}
  WS: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref W, CidrBlock: 10.5.0.0/24, Ipv6CidrBlock: !Select [2, !Cidr [!Select [0, !GetAtt W.Ipv6CidrBlocks], 8, 64]]}}
",
    );
    assert!(show(&it, "Six").contains("block: Amazon"));
    assert!(show(&it, "C").contains("ipv6: Some(Nth(3))"));
    assert!(
        show(&it, "D").contains("10.0.2.0/24") && show(&it, "D").contains("Some(Given(Unknown))")
    );
    assert!(show(&it, "B").contains("2001:db8::/64"));
    assert!(show(&it, "WS").contains("2001:db8:5:2::/64"), "{}", show(&it, "WS"));
    assert_eq!(standing(&it, "I").ipv6, Value::Literal(true));
}

#[test]
fn routes_and_what_they_lead_to() {
    let it = with(
        r"
  T: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  Igw: {Type: 'AWS::EC2::InternetGateway'}
  Att: {Type: 'AWS::EC2::VPCGatewayAttachment', Properties: {VpcId: !Ref V, InternetGatewayId: !Ref Igw}}
  MaybeIgw: {Type: 'AWS::EC2::InternetGateway', Condition: Maybe}
  Nat: {Type: 'AWS::EC2::NatGateway', Properties: {SubnetId: !Ref A, ConnectivityType: private}}
  PublicNat: {Type: 'AWS::EC2::NatGateway', Properties: {SubnetId: !Ref A, AllocationId: eipalloc-1}}
  R1: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}}
  R2: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 10.9.0.7/16, NatGatewayId: !Ref Nat}}
  R3: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref T, DestinationIpv6CidrBlock: '::/0', GatewayId: !Ref MaybeIgw}}
  R4: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref T, DestinationCidrBlock: !Ref Open, GatewayId: igw-1}}
  R5: {Type: 'AWS::EC2::Route', Condition: Maybe, Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 10.7.0.0/16, GatewayId: !Ref Igw}}
  R6: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 10.6.0.0/16, TransitGatewayId: !Ref Open}}
  R7: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref T, DestinationCidrBlock: 10.5.0.0/16, LocalGatewayId: x}}
  R8: {Type: 'AWS::EC2::Route', Properties: {RouteTableId: !Ref Open, DestinationCidrBlock: 10.4.0.0/16, NetworkInterfaceId: eni-1}}
  U: {Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: {SubnetId: !Ref A, RouteTableId: !Ref T}}
  W: {Type: 'AWS::EC2::SubnetRouteTableAssociation', Condition: Maybe, Properties: {SubnetId: !Ref B, RouteTableId: !Ref T}}
",
    );
    assert!(show(&it, "R1").contains("target: InternetGateway(→Igw)"));
    assert!(show(&it, "R2").contains("Literal(Cidr(10.9.0.0/16))), target: NatGateway(→Nat)"));
    assert!(
        show(&it, "Nat").contains("address: None")
            && show(&it, "PublicNat").contains("→eipalloc-1")
    );
    for (id, part) in [
        ("R3", "target: Unknown"),
        ("R4", "Cidr(Unknown), target: Unknown"),
        ("R5", "target: Unknown"),
        ("R7", "target: Unknown"),
        ("R6", "TransitGateway(→Open)"),
        ("R8", "table: →Open"),
    ] {
        assert!(show(&it, id).contains(part), "{id}: {}", show(&it, id));
    }
    assert!(
        show(&it, "U").contains("table: →T") && show(&it, "W").contains("table: →W.RouteTableId")
    );
    for it_is in [
        "R3 GatewayId: whether `MaybeIgw` is there",
        "R4 GatewayId: `igw-1` is not in",
        "R5 Condition: it may not exist",
        "R6 TransitGatewayId",
        "R7 LocalGatewayId",
        "W Condition",
    ] {
        lists(&it, it_is);
    }
}

#[test]
fn what_propagates_routes() {
    let vpn = |only: &str| {
        with(&format!(
            r"
  T: {{Type: 'AWS::EC2::RouteTable', Properties: {{VpcId: !Ref V}}}}
  Gw: {{Type: 'AWS::EC2::VPNGateway', Properties: {{Type: ipsec.1}}}}
  Att: {{Type: 'AWS::EC2::VPCGatewayAttachment', Properties: {{VpcId: !Ref V, VpnGatewayId: !Ref Gw}}}}
  Con: {{Type: 'AWS::EC2::VPNConnection', Properties: {{Type: ipsec.1, CustomerGatewayId: x, VpnGatewayId: !Ref Gw, StaticRoutesOnly: {only}}}}}
  To: {{Type: 'AWS::EC2::VPNConnectionRoute', Properties: {{VpnConnectionId: !Ref Con, DestinationCidrBlock: 192.168.0.0/16}}}}
  P: {{Type: 'AWS::EC2::VPNGatewayRoutePropagation', Properties: {{RouteTableIds: [!Ref T], VpnGatewayId: !Ref Gw}}}}
"
        ))
    };
    let fixed = vpn("true");
    assert!(
        show(&fixed, "P.T.0")
            .contains("192.168.0.0/16))), target: VpnGateway(→Gw), propagated: true")
    );
    assert_eq!(show(&fixed, "P.T.1"), "missing");
    assert!(show(&fixed, "Att").starts_with("VpnGatewayAttachment"));
    assert!(fixed.unread.is_empty(), "{:?}", listed(&fixed));
    let dynamic = vpn("false");
    assert!(show(&dynamic, "P.T.1").contains("destination: Cidr(Unknown)"));
    lists(&dynamic, "P VPNGatewayRoutePropagation: which blocks");
}

#[test]
fn transit_gateways_and_peerings() {
    let it = with(
        r"
  Hub: {Type: 'AWS::EC2::TransitGateway', Properties: {DefaultRouteTableAssociation: disable, SecurityGroupReferencingSupport: enable}}
  Table: {Type: 'AWS::EC2::TransitGatewayRouteTable', Properties: {TransitGatewayId: !Ref Hub}}
  Att: {Type: 'AWS::EC2::TransitGatewayVpcAttachment', Properties: {TransitGatewayId: !GetAtt Hub.Id, VpcId: !Ref V, SubnetIds: [!Ref A], Options: {Ipv6Support: enable}}}
  Assoc: {Type: 'AWS::EC2::TransitGatewayRouteTableAssociation', Properties: {TransitGatewayAttachmentId: !GetAtt Att.Id, TransitGatewayRouteTableId: !Ref Table}}
  Prop: {Type: 'AWS::EC2::TransitGatewayRouteTablePropagation', Properties: {TransitGatewayAttachmentId: !Ref Att, TransitGatewayRouteTableId: !Ref Table}}
  Drop: {Type: 'AWS::EC2::TransitGatewayRoute', Properties: {DestinationCidrBlock: 10.8.0.0/16, TransitGatewayRouteTableId: !Ref Table, Blackhole: true}}
  To: {Type: 'AWS::EC2::TransitGatewayRoute', Properties: {DestinationCidrBlock: 10.0.0.0/16, TransitGatewayRouteTableId: !Ref Table, TransitGatewayAttachmentId: !Ref Att}}
  Peer: {Type: 'AWS::EC2::VPCPeeringConnection', Properties: {VpcId: !Ref V, PeerVpcId: !Ref OtherVpc, PeerRegion: eu-west-1}}
  W: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.5.0.0/16}}
  Near: {Type: 'AWS::EC2::VPCPeeringConnection', Properties: {VpcId: !Ref V, PeerVpcId: !Ref W}}
  Far: {Type: 'AWS::EC2::TransitGatewayPeeringAttachment', Properties: {TransitGatewayId: !Ref Hub}}
",
    );
    assert!(show(&it, "Hub").contains("default_association: Literal(false), default_propagation: Literal(true), group_references: Literal(true)"));
    assert!(
        show(&it, "Att").contains("gateway: →Hub, vpc: →V, subnets: [→A], ipv6: Literal(true)")
    );
    assert!(show(&it, "Assoc").contains("table: →Table, attachment: →Att"));
    assert!(
        show(&it, "Drop").contains("target: None")
            && show(&it, "To").contains("target: Some(→Att)")
    );
    assert!(
        show(&it, "Peer").contains("External") && show(&it, "Near").contains("accepter: Vpc(→W)")
    );
    lists(&it, "Far AWS::EC2::TransitGatewayPeeringAttachment: the type is not read");
}

#[test]
fn what_is_not_in_the_template_is_told_apart() {
    let it = with(
        r"
  X: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref OtherVpc, CidrBlock: 10.3.0.0/24, OutpostArn: x}}
  Y: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref OtherVpc}}
  Z: {Type: 'AWS::EC2::SecurityGroup', Properties: {}}
",
    );
    assert!(show(&it, "OtherVpc").contains("cidr: Unknown"));
    assert!(show(&it, "X").contains("vpc: →OtherVpc") && show(&it, "Y").contains("vpc: →OtherVpc"));
    lists(&it, "X VpcId: the parameter `OtherVpc` has no value");
    lists(&it, "X OutpostArn: the property is not read");
    lists(&it, "Z VpcId: it names no VPC");
    Model::new(&it.graph);
}

#[test]
fn ten_thousand_tenants_are_read_in_a_moment() {
    let mut text = String::from(BASE);
    for it in 0..10_000 {
        text += &format!(
            "  G{it}: {{Type: 'AWS::EC2::SecurityGroup', Properties: {{VpcId: !Ref V}}}}\n  R{it}: {{Type: 'AWS::EC2::SecurityGroupIngress', Properties: {{GroupId: !Ref G, IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref G{it}}}}}\n  T{it}: {{Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {{Port: 80}}}}\n  S{it}: {{Type: 'AWS::ECS::Service', Properties: {{TaskDefinition: !Ref V, LoadBalancers: [{{ContainerPort: 80, TargetGroupArn: !Ref T{it}}}], NetworkConfiguration: {{AwsvpcConfiguration: {{Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref G{it}]}}}}}}}}\n"
        );
    }
    let start = std::time::Instant::now();
    let it = reading(&text);
    assert_eq!(it.graph.interfaces.len(), 10_000);
    assert!(!it.unread.iter().any(|it| it.why.contains("too much work")));
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn zones_by_number_or_by_letter() {
    let zones = |first: &str, second: &str| {
        let it = with(&format!(
            "  C: {{Type: 'AWS::EC2::Subnet', Properties: {{VpcId: !Ref V, CidrBlock: 10.0.3.0/24, AvailabilityZone: {first}}}}}\n  D: {{Type: 'AWS::EC2::Subnet', Properties: {{VpcId: !Ref V, CidrBlock: 10.0.4.0/24, AvailabilityZone: {second}}}}}\n"
        ));
        ["C", "D"].map(|id| {
            let text = show(&it, id);
            text.split_once("zone: ")
                .and_then(|it| it.1.split_once(','))
                .map_or(0, |it| it.0.parse::<u8>().expect("a number"))
        })
    };
    assert_eq!(zones("!Select [0, !GetAZs '']", "!Select [2, !GetAZs '']"), [0, 2]);
    assert_eq!(zones("us-gov-west-1b", "us-gov-west-1c"), [1, 2]);
    assert_eq!(zones("!Sub '${AWS::Region}a'", "!Sub '${AWS::Region}b'"), [0, 1]);
    assert_eq!(zones("us-east-1b", "!Select [2, !GetAZs '']"), [255, 2]);
    assert_eq!(zones("us-west-2-lax-1a", "!Ref Open"), [255, 255]);
}

#[test]
fn what_is_not_read_may_add_to_what_it_is_given() {
    let it = with(
        r"
  T: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  Own: {Type: 'AWS::EC2::NetworkAcl', Properties: {VpcId: !Ref V}}
  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://x/y', Parameters: {A: !Ref G, B: !Join [',', [!Ref T, !Ref Own]]}}}
  Lost: {Type: 'AWS::EC2::SecurityGroupIngress', Properties: {GroupId: !Join ['', [a, !Ref G]], IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 10.0.0.0/8}}
",
    );
    assert_eq!(
        rules(&it.graph, "G"),
        [
            "in Cidr(Unknown) tcp/1",
            "in Cidr(Unknown) unknown traffic",
            "out Cidr(Unknown) unknown traffic"
        ]
    );
    assert!(show(&it, "N.T").contains("destination: Cidr(Unknown), target: Unknown"));
    assert!(show(&it, "N.Own.egress").contains("traffic: Unknown, cidr: Unknown"));
    lists(&it, "N TemplateURL: `https://x/y` is not a local path");
}
