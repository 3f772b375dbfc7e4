//! Administrative and database ports: a failing, a passing and an unknown case.

use crate::check::network::testing::{declared, network, with};
use crate::network::tests::world::{block, tcp};
use crate::resource::network::Direction::{Egress, Ingress};
use crate::resource::network::{RulePeer, Traffic};
use crate::value::Value;

fn ag0311(peer: RulePeer, traffic: Traffic) -> Vec<String> {
    let mut world = network();
    world.rule("g", Ingress, peer, traffic);
    with("AG0311", &world)
}

#[test]
fn ag0311_for_both_families_and_lists() {
    assert_eq!(
        ag0311(block("0.0.0.0/0"), tcp(22, 22)),
        ["[AG0311] security group `g` opens port 22 (SSH) to 0.0.0.0/0"]
    );
    assert_eq!(
        ag0311(block("::/0"), tcp(1500, 1600)),
        ["[AG0311] security group `g` opens port 1521 (Oracle) to ::/0"]
    );
    assert_eq!(
        ag0311(block("0.0.0.0/0"), Traffic::All),
        ["[AG0311] security group `g` opens every port to 0.0.0.0/0"]
    );
    assert_eq!(ag0311(block("0.0.0.0/0"), tcp(443, 443)), Vec::<String>::new());
    assert_eq!(ag0311(block("192.0.2.0/24"), tcp(22, 22)), Vec::<String>::new());
    assert_eq!(ag0311(RulePeer::Cidr(Value::Unknown), tcp(22, 22)), Vec::<String>::new());
    assert_eq!(ag0311(block("0.0.0.0/0"), Traffic::Tcp(Value::Unknown)), Vec::<String>::new());
    let mut world = network();
    world.list("anyone", 5, &["192.0.2.0/24", "0.0.0.0/0"]);
    world.rule_by_list("g", "anyone", tcp(5432, 5432));
    world.rule("g", Egress, block("0.0.0.0/0"), tcp(22, 22));
    assert_eq!(
        with("AG0311", &world),
        [
            "[AG0311] security group `g` opens port 5432 (PostgreSQL) to 0.0.0.0/0 by prefix list `anyone`"
        ]
    );
    // Rules that archgen writes come from what is declared, and are proved there.
    assert_eq!(declared(&world, &[]), Vec::<String>::new());
}
