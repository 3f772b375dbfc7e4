//! What is read of modules: expressions, expansion, each kind of resource, what is unknown.

use std::path::Path;

use archgen_core::resource::network::Direction;
use archgen_core::resource::{
    Interfaces, Ref, ResourceGraph, ResourceId, SecurityGroup, SecurityGroupRule,
};

use super::{Options, Reading, Source, read};

mod expressions;
mod facts;
mod fuzz;
mod modules;
mod tenants;
mod ways;

/// Reads a module of one file that must be one.
#[track_caller]
fn reading(text: &str) -> Reading {
    reading_with(text, &Options::default())
}

#[track_caller]
fn reading_with(text: &str, options: &Options<'_>) -> Reading {
    let source = Source { path: Path::new("main.tf"), text };
    read(&[source], options).unwrap_or_else(|it| panic!("{it}"))
}

/// A resource of the graph in a few words.
fn show(reading: &Reading, id: &str) -> String {
    match reading.graph.resources.get(&ResourceId::new(&[id])) {
        Some(it) => format!("{:?}", it.kind),
        None => "missing".to_string(),
    }
}

/// The reasons that are listed, by address and what.
fn listed(reading: &Reading) -> Vec<String> {
    reading.unread.iter().map(|it| format!("{} {}: {}", it.logical_id, it.what, it.why)).collect()
}

#[track_caller]
fn lists(reading: &Reading, start: &str) {
    let all = listed(reading);
    assert!(all.iter().any(|it| it.starts_with(start)), "no {start:?} in {all:#?}");
}

#[track_caller]
fn lists_nothing(reading: &Reading) {
    assert_eq!(listed(reading), Vec::<String>::new());
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
    let list = |it: Option<Vec<String>>| it.map_or("?".to_string(), |it| it.join(" "));
    let subnets = it.subnets.map(|it| it.iter().map(|it| it.id().to_string()).collect());
    let groups = it.groups.map(|it| it.iter().map(|it| it.id().to_string()).collect());
    format!("{} | {} | public:{public} ports:{}", list(subnets), list(groups), ports.join(","))
}

/// A VPC with two subnets and a group.
const BASE: &str = r#"
variable "open" { type = string }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.v.id
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_security_group" "g" { vpc_id = aws_vpc.v.id }
"#;

#[track_caller]
fn with(text: &str) -> Reading {
    reading(&format!("{BASE}{text}"))
}
