//! The variables of a wrong field stay in use: no warning.
use archgen::prelude::*;

fn declarations(network: &Handle<archgen::core::declare::Vpc>, service: &Handle<archgen::core::declare::EcsService>, port: u16) {
    let group = security_group! {
        name: "group",
        vpc: network,
        ingress: [service => tcp(port), internet => tcp(70000)],
    };
}

fn main() {}
