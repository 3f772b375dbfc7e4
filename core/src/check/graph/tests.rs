//! Each code has a failing, a passing and an unknown case.

use crate::architecture::Architecture;
use crate::check::Context;
use crate::declare::{Kind, RawDeclaration};
use crate::diagnostic::Sink;
use crate::environment::Environment;
use crate::loc::Loc;
use crate::network::tests::world::{World, block, group, reference, tcp};
use crate::resource::cloudwatch::LogGroup;
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{RulePeer, Traffic};
use crate::resource::{Parameter, ResourceKind};
use crate::types::Days;
use crate::value::{Text, Value};

fn findings(world: &World, declared: &[&str]) -> Vec<String> {
    let mut builder = Architecture::builder("test", Environment::Production);
    for name in declared {
        let loc = Loc::new("lib.rs", 1, 1, 1);
        builder.push(RawDeclaration::new(Kind::SecurityGroup, (*name).to_string(), loc));
    }
    let architecture = builder.done();
    let mut sink = Sink::new();
    super::check(&world.graph, &mut Context::new(&architecture, &mut sink));
    sink.into_diagnostics().iter().map(|it| format!("[{}] {}", it.code, it.message)).collect()
}

fn network() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.subnet("net", "left", "10.0.1.0/24");
    world.group("g", "net", true);
    world
}

#[test]
fn ag0307_rules_per_group() {
    let mut world = network();
    for port in 0..60 {
        world.rule("g", Ingress, block("10.0.0.0/8"), tcp(port, port));
        world.rule("g", Ingress, block("::/0"), tcp(port, port));
        world.rule("g", Egress, block("10.0.0.0/8"), tcp(port, port));
        world.rule("g", Ingress, RulePeer::Cidr(Value::Unknown), tcp(port, port));
    }
    assert_eq!(findings(&world, &[]), Vec::<String>::new());
    world.rule("g", Ingress, group("g"), tcp(443, 443));
    assert_eq!(
        findings(&world, &[]),
        ["[AG0307] the security group of `g` has 61 ingress rules for IPv4, and AWS allows 60"]
    );
}

#[test]
fn ag0308_groups_per_interface() {
    let mut world = network();
    let names: Vec<String> = (0..6).map(|it| format!("g{it}")).collect();
    for name in &names {
        world.group(name, "net", true);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    world.service("five", &["left"], &names[..5]);
    assert_eq!(findings(&world, &[]), Vec::<String>::new());
    world.service("six", &["left"], &names);
    assert_eq!(
        findings(&world, &[]),
        ["[AG0308] `six` has 6 security groups, and AWS allows 5 on an interface"]
    );
}

#[test]
fn ag0312_entries_per_acl() {
    let mut world = network();
    world.acl("acl", "net", &["left"]);
    for number in 1..=19 {
        world.entry("acl", number, Ingress, true, "10.0.0.0/8", Traffic::All);
        world.entry("acl", number + 100, Ingress, true, "::/0", Traffic::All);
    }
    assert_eq!(findings(&world, &[]), Vec::<String>::new());
    world.entry("acl", 50, Ingress, true, "10.0.0.0/8", Traffic::All);
    assert_eq!(
        findings(&world, &[]),
        ["[AG0312] network ACL `acl` has 20 ingress entries for IPv4, and AWS allows 19"]
    );
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::NetworkAclEntry(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        }
    }
    assert_eq!(findings(&world, &[]), Vec::<String>::new());
}

#[test]
fn ag0313_group_of_another_vpc() {
    let mut world = network();
    world.vpc("other", "10.1.0.0/16");
    world.group("far", "other", true);
    world.service("task", &["left"], &["g"]);
    world.service("unplaced", &[], &["far"]);
    assert_eq!(findings(&world, &["g"]), Vec::<String>::new());
    world.service("wrong", &["left"], &["far"]);
    world.rule("g", Ingress, group("far"), tcp(80, 80));
    assert_eq!(
        findings(&world, &["g"]),
        [
            "[AG0313] `wrong` stands in VPC `net`, and security group `far` belongs to `other`",
            "[AG0313] a rule of security group `g` in VPC `net` names `far`, which belongs to `other`",
        ]
    );
    world.peering("link", "net", "other");
    assert_eq!(findings(&world, &["g"]).len(), 1);
}

fn log_group(name: Text) -> LogGroup {
    LogGroup { name, retention: Value::Literal(Days(7)) }
}

#[test]
fn ag0105_physical_name_twice() {
    let mut world = network();
    world.add("a", "a.log_group", log_group(Text::literal("/ecs/a")));
    world.add("b", "b.log_group", log_group(Text::unknown()));
    world.add("c", "c.log_group", log_group(Text::unknown()));
    assert_eq!(findings(&world, &[]), Vec::<String>::new());
    world.add("d", "d.log_group", log_group(Text::literal("/ecs/a")));
    assert_eq!(
        findings(&world, &[]),
        ["[AG0105] the log groups of `a` and `d` are both named `/ecs/a`"]
    );
}

#[test]
fn ag0106_logical_id_twice() {
    let mut world = network();
    world.add("my_api", "my_api.log_group", log_group(Text::literal("one")));
    world.add("myApi", "myApi.log_group", log_group(Text::literal("two")));
    // Only the first letter of a part changes.
    world.add("myapi", "myapi.log_group", log_group(Text::literal("three")));
    assert_eq!(
        findings(&world, &[]),
        [
            "[AG0106] `my_api.log_group` and `myApi.log_group` both get the logical ID `MyApiLogGroup`"
        ]
    );
    let parameter = Parameter {
        name: "left".to_string(),
        description: None,
        kind: crate::declare::param::ParamKind::Text,
        default: None,
        allowed: Vec::new(),
        loc: Loc::NONE,
    };
    world.graph.parameters.insert("left".to_string(), parameter);
    assert_eq!(findings(&world, &[]).len(), 2);
    let _ = reference::<LogGroup>("left");
}
