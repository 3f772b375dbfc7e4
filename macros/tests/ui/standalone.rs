//! Mistakes in macros outside `#[architecture]`: their own literals are checked there too.
use archgen::prelude::*;

fn declarations() {
    let network = vpc! {
        name: "network",
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { private: ["10.0.1.0/24", "10.0.1.0/25"] },
    };
    let web = security_group! { name: "web", vpc: network, ingress: [internet => tcp(70000)] };
}

fn main() {}
