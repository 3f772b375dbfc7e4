//! What is read of templates: round trips of what archgen writes, AWS's defaults, what is unknown.

use std::path::Path;

use archgen_core::resource::network::Direction;
use archgen_core::resource::{
    Interfaces, Ref, ResourceGraph, ResourceId, SecurityGroup, SecurityGroupRule,
};

use crate::cloudformation::read::{Options, Reading, Source, read};

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
