//! A service that could not start if the NAT gateways that are not seen were not there.
use archgen::prelude::*;

/// Options.
#[derive(Default, Options)]
pub struct ShopOptions {
    /// Whether there are NAT gateways.
    nat: bool,
}

/// NAT gateways by choice.
#[architecture]
pub fn shop(env: Environment, options: ShopOptions) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: if options.nat { Single } else { None },
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB };
    connect!(web => internet: tcp(443));
}

fn main() {
    archgen::check(&shop(Environment::Production, ShopOptions { nat: true })).expect("a way out");
    let found = archgen::check(&shop(Environment::Production, ShopOptions { nat: false }));
    let found = found.expect_err("no way out");
    let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["AG0304", "AG0301"], "{found:#?}");
}
