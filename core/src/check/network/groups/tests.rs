//! Each code has a failing, a passing and an unknown case.

use crate::check::network::testing::{declared, network, read, thing, with};
use crate::network::tests::world::{World, group, tcp};
use crate::resource::network::Direction::Ingress;
use crate::resource::{Attribute, Output, ResourceId};
use crate::value::Text;

fn of_code(world: &World) -> Vec<String> {
    declared(world, &["g"]).into_iter().filter(|it| it.starts_with("[AG0313]")).collect()
}

#[test]
fn ag0313_group_of_another_vpc() {
    let mut world = network();
    world.vpc("other", "10.1.0.0/16");
    world.group("far", "other", true);
    world.service("unplaced", &[], &["far"]);
    assert_eq!(of_code(&world), Vec::<String>::new());
    world.service("wrong", &["left"], &["far"]);
    world.rule("g", Ingress, group("far"), tcp(80, 80));
    assert_eq!(
        of_code(&world),
        [
            "[AG0313] `wrong` stands in VPC `net`, and security group `far` belongs to `other`",
            "[AG0313] a rule of security group `g` in VPC `net` names `far`, which belongs to `other`",
        ]
    );
    world.peering("link", "net", "other");
    assert_eq!(of_code(&world).len(), 1);
}

#[test]
fn row_07_stale_rules_name_what_is_gone() {
    // The peering is gone: the rule names a group that it cannot mean any more.
    let mut world = network();
    world.vpc("other", "10.1.0.0/16");
    world.group("far", "other", true);
    world.bare_subnet("other", "there", "10.1.1.0/24");
    world.service("client", &["there"], &["far"]);
    world.rule("g", Ingress, group("far"), tcp(80, 80));
    let stale =
        "[AG0313] a rule of security group `g` in VPC `net` names `far`, which belongs to `other`";
    assert_eq!(read(&world), [stale]);
    let mut peered = world.clone();
    peered.peering("link", "net", "other");
    assert_eq!(read(&peered), Vec::<String>::new());
    // The interfaces are gone: the rule admits nobody.
    let mut empty = network();
    empty.group("former", "net", true);
    empty.rule("g", Ingress, group("former"), tcp(80, 80));
    assert_eq!(
        read(&empty),
        [
            "[AG0315] no interface uses security group `former`",
            "[AG0314] the ingress rule of security group `g` for tcp/80 from `former` admits nobody: `former` is on no interface",
        ]
    );
    // A group of another template may be on anything.
    let mut elsewhere = network();
    elsewhere.rule("g", Ingress, group("imported"), tcp(80, 80));
    assert_eq!(read(&elsewhere), Vec::<String>::new());
}

#[test]
fn ag0315_group_on_no_interface() {
    let mut world = network();
    assert_eq!(with("AG0315", &world), Vec::<String>::new());
    world.group("spare", "net", true);
    assert_eq!(with("AG0315", &world), ["[AG0315] no interface uses security group `spare`"]);
    // What archgen writes itself is not the team's.
    assert_eq!(declared(&world, &["g"]), Vec::<String>::new());
    assert_eq!(declared(&world, &["spare"]), ["[AG0315] no interface uses security group `spare`"]);
    let mut shown = world.clone();
    let value = Text::attribute(ResourceId::new(&["spare"]), Attribute::Id);
    let name = ResourceId::new(&["out"]);
    let output = Output { name: name.clone(), description: String::new(), value };
    shown.graph.outputs.insert(name, output);
    assert_eq!(with("AG0315", &shown), Vec::<String>::new());
    let mut unknown = world.clone();
    let mut it = thing("box", &["left"], &[]);
    it.groups = None;
    unknown.stand(it);
    assert_eq!(with("AG0315", &unknown), Vec::<String>::new());
    world.stand(thing("box", &["left"], &["spare"]));
    assert_eq!(with("AG0315", &world), Vec::<String>::new());
}

#[test]
fn ag0313_unknown_vpcs_are_not_others() {
    let mut world = network();
    world.group("imported", "vpc-12345678", true);
    world.stand(thing("box", &["left"], &["imported"]));
    world.rule("g", Ingress, group("imported"), tcp(80, 80));
    assert_eq!(with("AG0313", &world), Vec::<String>::new());
}
