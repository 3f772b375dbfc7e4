//! Endpoints that claim one name, control planes.

use crate::check::network::testing::{network, thing, with};
use crate::network::tests::world::World;
use crate::resource::ResourceKind;
use crate::resource::network::EndpointService;
use crate::value::Value;

#[test]
fn row_38_one_endpoint_owns_the_name_of_a_service() {
    let mut world = network();
    world.vpc("far", "10.1.0.0/16");
    world.endpoint_of("one", "net", EndpointService::Logs, &["left"], &["g"]);
    world.endpoint_of("else", "net", EndpointService::Sqs, &["left"], &["g"]);
    world.endpoint_of("there", "far", EndpointService::Logs, &[], &["g"]);
    assert_eq!(with("AG0220", &world), Vec::<String>::new());
    world.endpoint_of("two", "net", EndpointService::Logs, &["right"], &["g"]);
    assert_eq!(
        with("AG0220", &world),
        ["[AG0220] VPC `net` has two interface endpoints with the private name of `logs`"]
    );
    // An endpoint without the name is only an interface.
    let mut without = network();
    without.endpoint_of("one", "net", EndpointService::Logs, &["left"], &["g"]);
    without.stand(thing("Two", &["right"], &["g"]));
    assert_eq!(with("AG0220", &without), Vec::<String>::new());
}

fn cluster(subnets: &[&str]) -> World {
    let mut world = network();
    let mut it = thing("Cluster", subnets, &["g"]);
    it.type_name = "AWS::EKS::Cluster".to_string();
    world.stand(it);
    world
}

#[test]
fn row_37_control_planes_need_two_subnets() {
    assert_eq!(with("AG0221", &cluster(&["left", "right"])), Vec::<String>::new());
    assert_eq!(
        with("AG0221", &cluster(&["left", "left"])),
        [
            "[AG0221] the control plane of `Cluster` stands in 1 subnet, and needs 2 in different zones"
        ]
    );
    let mut unknown = cluster(&["left"]);
    for it in unknown.graph.interfaces.values_mut() {
        it.subnets = None;
    }
    assert_eq!(with("AG0221", &unknown), Vec::<String>::new());
}

#[test]
fn row_29_row_37_free_addresses_of_control_planes() {
    let mut world = cluster(&["left", "right", "small"]);
    world.bare_subnet("net", "small", "10.0.9.0/28");
    let mut fill = |number: u16| {
        for it in 0..number {
            let name = format!("box{}", world.graph.interfaces.len() as u16 + it);
            world.stand(thing(&name, &["small"], &["g"]));
        }
        with("AG0221", &world)
    };
    // 16 addresses, of which AWS keeps 5: 5 more leave just 6.
    assert_eq!(fill(5), Vec::<String>::new());
    assert_eq!(
        fill(1),
        [
            "[AG0221] subnet `small` 10.0.9.0/28 has 5 free addresses, and the control plane of `Cluster` needs 6"
        ]
    );
    for resource in world.graph.resources.values_mut() {
        if let ResourceKind::Subnet(it) = &mut resource.kind {
            it.cidr = Value::Unknown;
        }
    }
    assert_eq!(with("AG0221", &world), Vec::<String>::new());
}
