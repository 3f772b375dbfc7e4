//! What is answered of a template with open questions holds however they are answered.

use std::collections::BTreeMap;

use archgen_core::network::{Answer, Family, Model, Question, Side, Wanted};

use super::reading_with;
use crate::cloudformation::read::Options;

/// Everything here may or may not be, by parameters without values.
const TEMPLATE: &str = r"
Parameters:
  Office: {Type: String}
  Port: {Type: Number}
  Rules: {Type: String}
  Routes: {Type: String}
  Filter: {Type: String}
  Public: {Type: String}
  Apart: {Type: String}
Conditions:
  HasRules: !Equals [!Ref Rules, 'yes']
  HasRoutes: !Equals [!Ref Routes, 'yes']
  Filters: !Equals [!Ref Filter, 'yes']
  IsApart: !Equals [!Ref Apart, 'yes']
Resources:
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Front: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: !Ref Public}}
  Back: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
  Igw: {Type: 'AWS::EC2::InternetGateway', Condition: HasRoutes}
  Att: {Type: 'AWS::EC2::VPCGatewayAttachment', Condition: HasRoutes, Properties: {VpcId: !Ref V, InternetGatewayId: !Ref Igw}}
  Table: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  Way: {Type: 'AWS::EC2::Route', Condition: HasRoutes, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}}
  Use: {Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: {SubnetId: !Ref Front, RouteTableId: !Ref Table}}
  BackUse: {Type: 'AWS::EC2::SubnetRouteTableAssociation', Condition: HasRoutes, Properties: {SubnetId: !Ref Back, RouteTableId: !Ref Table}}
  Acl: {Type: 'AWS::EC2::NetworkAcl', Properties: {VpcId: !Ref V}}
  In: {Type: 'AWS::EC2::NetworkAclEntry', Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 10.0.0.0/16}}
  Out: {Type: 'AWS::EC2::NetworkAclEntry', Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, Egress: true, CidrBlock: 0.0.0.0/0}}
  Deny: {Type: 'AWS::EC2::NetworkAclEntry', Condition: Filters, Properties: {NetworkAclId: !Ref Acl, RuleNumber: 50, Protocol: 6, PortRange: {From: 22, To: 22}, RuleAction: deny, CidrBlock: 10.0.0.0/24}}
  AclUse: {Type: 'AWS::EC2::SubnetNetworkAclAssociation', Condition: Filters, Properties: {SubnetId: !Ref Back, NetworkAclId: !Ref Acl}}
  WebGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref V
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Office}
        - !If [HasRules, {IpProtocol: tcp, FromPort: 80, ToPort: 80, CidrIp: 0.0.0.0/0}, !Ref 'AWS::NoValue']
  StoreGroup:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: store
      VpcId: !Ref V
      SecurityGroupEgress: !If [IsApart, [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}], !Ref 'AWS::NoValue']
  Admit: {Type: 'AWS::EC2::SecurityGroupIngress', Properties: {GroupId: !Ref StoreGroup, IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, SourceSecurityGroupId: !Ref WebGroup}}
  Ssh: {Type: 'AWS::EC2::SecurityGroupIngress', Condition: HasRules, Properties: {GroupId: !Ref StoreGroup, IpProtocol: tcp, FromPort: 22, ToPort: 22, SourceSecurityGroupId: !Ref WebGroup}}
  Web: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref Front, SecurityGroupIds: [!Ref WebGroup]}}
  Store: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref Back, SecurityGroupIds: [!If [IsApart, !Ref StoreGroup, !Ref WebGroup]]}}
  Plain: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref Back}}
  Twin: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref Back}}
";

/// The answers to every question, in order.
fn answers(parameters: &BTreeMap<String, String>) -> Vec<(String, Answer)> {
    let options = Options { parameters: parameters.clone(), ..Options::default() };
    let reading = reading_with(TEMPLATE, &options);
    let model = Model::new(&reading.graph);
    let sides = ["internet", "Web", "Store", "Plain", "Twin"].map(|it| {
        (it, if it == "internet" { Side::Internet } else { Side::Endpoint(it.to_string()) })
    });
    let mut all = Vec::new();
    for (from, source) in &sides {
        for (to, target) in &sides {
            if from == to {
                continue;
            }
            for port in [22, 80, 443, 5432] {
                let wanted = Wanted::tcp(port).with_family(Family::Ipv4);
                let reach = model.reach(source, target, &wanted, Question::Works);
                all.push((format!("{from} to {to} on {port}"), reach.answer));
            }
        }
    }
    all
}

#[test]
fn an_answer_holds_whatever_the_parameters_are() {
    const VALUES: &[(&str, &[&str])] = &[
        ("Office", &["0.0.0.0/0", "10.0.1.0/24", "192.0.2.0/24"]),
        ("Port", &["22", "5432"]),
        ("Rules", &["yes", "no"]),
        ("Routes", &["yes", "no"]),
        ("Filter", &["yes", "no"]),
        ("Public", &["true", "false"]),
        ("Apart", &["yes", "no"]),
    ];
    let names: Vec<&str> = VALUES.iter().map(|it| it.0).collect();
    let count: usize = VALUES.iter().map(|it| it.1.len()).product();
    let mut seen = BTreeMap::new();
    for number in 0..count {
        let mut rest = number;
        let mut given = BTreeMap::new();
        for (name, values) in VALUES {
            given.insert((*name).to_string(), values[rest % values.len()].to_string());
            rest /= values.len();
        }
        let known = answers(&given);
        assert!(known.iter().all(|it| it.1 != Answer::Unknown), "{given:?}: {known:?}");
        // Each parameter left open, and all of them.
        for open in names.iter().map(|it| vec![*it]).chain([names.clone()]) {
            let mut less = given.clone();
            less.retain(|name, _| !open.contains(&name.as_str()));
            let answered = seen.entry(less.clone()).or_insert_with(|| answers(&less));
            for (before, after) in answered.iter().zip(&known) {
                let holds = before.1 == Answer::Unknown || before.1 == after.1;
                assert!(
                    holds,
                    "{} is {:?} with {less:?}, and {:?} with {given:?}",
                    before.0, before.1, after.1
                );
            }
        }
    }
    // And something is answered, and something is left open.
    let open = answers(&BTreeMap::new());
    for answer in [Answer::Yes, Answer::No, Answer::Unknown] {
        assert!(open.iter().any(|it| it.1 == answer), "{answer:?}: {open:?}");
    }
}

/// Two machines in two subnets of one VPC, which is a parameter unless `vpc` says otherwise.
fn two_machines(vpc: &str) -> Answer {
    let text = format!(
        r"
Parameters:
  Theirs: {{Type: 'AWS::EC2::VPC::Id'}}
Resources:
  Own: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Left: {{Type: 'AWS::EC2::Subnet', Properties: {{VpcId: !Ref {vpc}, CidrBlock: 10.0.0.0/24}}}}
  Right: {{Type: 'AWS::EC2::Subnet', Properties: {{VpcId: !Ref {vpc}, CidrBlock: 10.0.1.0/24}}}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: all
      VpcId: !Ref {vpc}
      SecurityGroupIngress: [{{IpProtocol: -1, CidrIp: 0.0.0.0/0}}]
  A: {{Type: 'AWS::EC2::Instance', Properties: {{SubnetId: !Ref Left, SecurityGroupIds: [!Ref Group]}}}}
  B: {{Type: 'AWS::EC2::Instance', Properties: {{SubnetId: !Ref Right, SecurityGroupIds: [!Ref Group]}}}}
"
    );
    let reading = reading_with(&text, &Options::default());
    let side = |it: &str| Side::Endpoint(it.to_string());
    let model = Model::new(&reading.graph);
    model.reach(&side("A"), &side("B"), &Wanted::tcp(80), Question::Works).answer
}

/// The default network ACL and the main route table of somebody else's VPC may be anything.
#[test]
fn defaults_of_a_vpc_outside_the_template_are_not_known() {
    assert_eq!(two_machines("Own"), Answer::Yes);
    assert_eq!(two_machines("Theirs"), Answer::Unknown);
}
