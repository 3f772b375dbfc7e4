//! Stores of a template: a failing, a passing and an unknown case, in both families.

use crate::check::network::testing::{network, thing, with};
use crate::network::tests::world::{World, block, tcp};
use crate::resource::network::Direction::Ingress;
use crate::types::Port;
use crate::value::Value;

fn store(public: Value<bool>, ipv6: Value<bool>) -> World {
    let mut world = network();
    world.gateway("net");
    world.route_to_gateway("left", "0.0.0.0/0", "net");
    world.route_to_gateway("left", "::/0", "net");
    world.with_ipv6();
    world.group("db", "net", true);
    let mut it = thing("Database", &["left"], &["db"]);
    it.store = true;
    it.ports = vec![Value::Literal(Port(5432))];
    it.public = public;
    it.ipv6 = ipv6;
    world.stand(it);
    world
}

#[test]
fn ag0303_store_of_a_template() {
    let yes = || Value::Literal(true);
    let no = || Value::Literal(false);
    let open = ["[AG0303] data store `Database` is open to the internet on tcp/5432"];
    let mut world = store(yes(), no());
    assert_eq!(with("AG0303", &world), Vec::<String>::new());
    world.rule("db", Ingress, block("0.0.0.0/0"), tcp(5432, 5432));
    assert_eq!(with("AG0303", &world), open);
    assert_eq!(with("AG0311", &world), Vec::<String>::new(), "the rule is told once");
    let mut six = store(no(), yes());
    six.rule("db", Ingress, block("0.0.0.0/0"), tcp(5432, 5432));
    assert_eq!(with("AG0303", &six), Vec::<String>::new(), "it has no public IPv4 address");
    six.rule("db", Ingress, block("::/0"), tcp(5432, 5432));
    assert_eq!(with("AG0303", &six), open);
    let mut unknown = store(Value::Unknown, Value::Unknown);
    unknown.rule("db", Ingress, block("0.0.0.0/0"), tcp(5432, 5432));
    assert_eq!(with("AG0303", &unknown), Vec::<String>::new());
}
