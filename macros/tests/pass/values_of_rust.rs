//! Rust values of every kind where the language takes a value.
use archgen::prelude::*;

/// Variables, references, methods, paths, closures.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let block = String::from("10.0.0.0/16");
    let blocks: Vec<String> = (1..=2).map(|it| format!("10.0.{it}9.0/24")).collect();
    let zones = 2usize;
    let nat = Nat::Single;
    let network = vpc! {
        cidr: block.as_str(),
        zones: zones,
        subnets: { public: /24, private: blocks, },
        nat: nat,
    };
    let tier: &Tier = &network.private;
    let cluster = ecs_cluster! { subnets: tier };
    let pick = |large: bool| if large { 512u32 } else { 256 };
    let image_tag = param! { description: "The tag of the image" };
    let web = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: "web", tag: image_tag },
        port: "8080".parse::<u16>().unwrap_or(8080),
        cpu: (|large: bool| pick(large))(false),
        memory: Memory(512),
        tasks: 1u8,
    };
}

fn main() {
    archgen::check(&shop(Environment::Production)).expect("nothing to complain about");
}
