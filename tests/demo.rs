//! Demo.
use archgen::prelude::*;

/// One service behind a load balancer.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let keys = secret! { description: "keys" };
    let web = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/nginx/nginx:1.27",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        tasks: match env { Environment::Production => 2, _ => 1 },
        secrets: [keys],
        environment: { A: "b", URL: cluster.name },
    };
    let edge = alb! { subnets: network.public, routes: ["/" => web] };
    connect!(web => internet: tcp(443), tcp(27017..=27018));
    deny!(internet => web);
}

#[test]
fn demo() {
    let it = shop(Environment::Production);
    println!("{it:#?}");
    assert!(it.problems().is_empty());
}
