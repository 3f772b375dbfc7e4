//! Each code has a failing, a passing and an unknown case.

use crate::check::network::testing::{declared, network, read, thing, with};
use crate::network::tests::world::{World, group, tcp};
use crate::resource::network::Direction::Ingress;
use crate::resource::{Attribute, Output, ResourceId};
use crate::value::{Text, Value};

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
