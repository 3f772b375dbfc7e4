//! What is read of templates: round trips of what archgen writes, AWS's defaults, what is unknown.

use std::path::Path;

use archgen_core::resource::network::{Direction, RulePeer};
use archgen_core::resource::{
    Interfaces, Ref, ResourceGraph, ResourceId, SecurityGroup, SecurityGroupRule,
};

use crate::cloudformation::read::{Options, Reading, Source, read, read_all};

mod answers;
mod facts;
mod fuzz;
mod round_trip;
mod tenants;

/// Reads a template that must be one.
fn reading(text: &str) -> Reading {
    reading_with(text, &Options::default())
}

fn reading_with(text: &str, options: &Options<'_>) -> Reading {
    let source = Source { path: Path::new("t.yaml"), text };
    read(&source, options).unwrap_or_else(|it| panic!("{it}"))
}

/// A resource of the graph in a few words.
fn show(reading: &Reading, id: &str) -> String {
    match reading.graph.resources.get(&ResourceId::new(&[id])) {
        Some(it) => format!("{:?}", it.kind),
        None => "missing".to_string(),
    }
}

/// The reasons that are listed, by logical ID and what.
fn listed(reading: &Reading) -> Vec<String> {
    reading.unread.iter().map(|it| format!("{} {}: {}", it.logical_id, it.what, it.why)).collect()
}

#[track_caller]
fn lists(reading: &Reading, start: &str) {
    let all = listed(reading);
    assert!(all.iter().any(|it| it.starts_with(start)), "no {start:?} in {all:#?}");
}

fn group(reading: &Reading, id: &str) -> SecurityGroup {
    let id: Ref<SecurityGroup> = Ref::new(ResourceId::new(&[id]));
    reading.graph.get(&id).cloned().unwrap_or_else(|| panic!("no group {}", id.id()))
}

/// The rules of a group: direction, peer and traffic.
fn rules(graph: &ResourceGraph, group: &str) -> Vec<String> {
    let mut all: Vec<String> = graph
        .all::<SecurityGroupRule>()
        .filter(|(_, _, it)| it.group.id().as_str() == group)
        .map(|(_, _, it)| {
            let way = if it.direction == Direction::Ingress { "in" } else { "out" };
            format!("{way} {:?} {}", it.peer, it.traffic)
        })
        .collect();
    all.sort();
    all
}

/// A VPC with two subnets and a group.
const BASE: &str = r"
Parameters: {Open: {Type: String}, Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}, OtherVpc: {Type: String}}
Conditions: {Maybe: !Equals [!Ref Open, x]}
Resources:
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.0.0/24, MapPublicIpOnLaunch: true}}
  B: {Type: 'AWS::EC2::Subnet', Properties: {VpcId: !Ref V, CidrBlock: 10.0.1.0/24}}
  G: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: g, VpcId: !Ref V}}
";

fn with(text: &str) -> Reading {
    reading(&format!("{BASE}{text}"))
}

fn standing(reading: &Reading, id: &str) -> Interfaces {
    let it = reading.graph.interfaces.get(&ResourceId::new(&[id])).cloned();
    it.unwrap_or_else(|| panic!("no {id} in {:?}", reading.graph.interfaces.keys()))
}

/// Where something stands, its groups, whether it is public, and its ports.
fn place(reading: &Reading, id: &str) -> String {
    let it = standing(reading, id);
    let ports: Vec<String> = it
        .ports
        .iter()
        .map(|it| it.literal().map_or_else(|| "?".to_string(), |it| it.to_string()))
        .collect();
    let public = it.public.literal().map_or("?", |it| if *it { "yes" } else { "no" });
    format!("{:?} {:?} public:{public} ports:{}", it.subnets, it.groups, ports.join(","))
}

#[test]
fn stacks_side_by_side_are_read_as_one() {
    let network = r"
Parameters: {Name: {Type: String}}
Resources:
  Network: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  Group: {Type: 'AWS::EC2::SecurityGroup', Properties: {GroupDescription: a, VpcId: !Ref Network}}
Outputs:
  Network: {Value: !Ref Network, Export: {Name: 'shop:Network'}}
  Group: {Value: !GetAtt Group.GroupId, Export: {Name: !Join [':', [shop, Group]]}}
";
    let service = r"
Parameters: {Name: {Type: String}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: b
      VpcId: !ImportValue shop:Network
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourceSecurityGroupId: !ImportValue 'shop:Group'}
        - {IpProtocol: tcp, FromPort: 80, ToPort: 80, SourceSecurityGroupId: !ImportValue 'other:Group'}
";
    let source = |path, text| Source { path: Path::new(path), text };
    let sources = [source("network.yaml", network), source("service.yaml", service)];
    let reading = read_all(&sources, &Options::default()).expect("templates");
    let graph = &reading.graph;
    let vpc = |group: &str| {
        let group: &SecurityGroup =
            graph.get(&Ref::new(ResourceId::new(&[group]))).expect("a group");
        group.vpc.id().to_string()
    };
    // Two are called `Group`: both are told by their templates.
    assert_eq!(vpc("network.Group"), "network.Network");
    assert_eq!(vpc("service.Group"), "network.Network");
    let peers: Vec<String> = graph
        .all::<SecurityGroupRule>()
        .filter(|it| it.2.group.id().as_str() == "service.Group")
        .filter_map(|it| match &it.2.peer {
            RulePeer::Group(it) => Some(it.id().to_string()),
            RulePeer::Cidr(_) | RulePeer::PrefixList(_) => None,
        })
        .collect();
    assert!(peers.contains(&"network.Group".to_string()), "{peers:?}");
    let unread: Vec<String> = reading.unread.iter().map(ToString::to_string).collect();
    assert!(unread.iter().any(|it| it.contains("other:Group")), "{unread:?}");
    // A parameter that both have is one.
    assert_eq!(reading.parameters.len(), 1);
}
