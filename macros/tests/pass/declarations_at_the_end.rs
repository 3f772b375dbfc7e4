//! A tail expression adds declarations that the macros do not see.
use archgen::prelude::*;

/// Services from a loop, and connections in it.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let backend = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB };
    for port in [443u16, 27017] {
        connect!(backend => internet: tcp(port));
    }
    let mut workers = Vec::new();
    for name in ["mail", "reports"] {
        workers.push(ecs_service! {
            name: name, cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", cpu: 256, memory: 512MB,
        });
    }
    for worker in &workers {
        connect!(worker => backend);
    }
    workers
}

fn main() {
    let checked = archgen::check(&shop(Environment::Production));
    let checked = checked.expect("nothing to complain about");
    let text = format!("{:#?}", checked.graph());
    for it in ["mail.service", "reports.service", "backend.service"] {
        assert!(text.contains(it), "{it}");
    }
    assert!(text.contains("27017"));
}
