//! A connection belongs to the architecture wherever it stands as a statement.
use archgen::prelude::*;

/// Connections in every kind of block.
#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let web = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB };
    match env {
        Environment::Production => {
            connect!(web => internet: tcp(1001));
        }
        Environment::Staging => connect!(web => internet: tcp(1002)),
        Environment::Development | Environment::Recovery => {}
    }
    if env == Environment::Development {
        connect!(web => internet: tcp(1003));
    } else if env == Environment::Production {
        connect!(web => internet: tcp(1004));
        let keys = secret! { description: "Keys" };
    } else {
        connect!(web => internet: tcp(1005));
    }
    {
        connect!(web => internet: tcp(1006));
    }
    for port in [1007u16, 1008] {
        if port > 1007 {
            connect!(web => internet: tcp(port));
        }
    }
    let mut port = 1009u16;
    while port < 1011 {
        connect!(web => internet: tcp(port));
        port += 1;
    }
    match env {
        Environment::Production => connect!(web => internet: tcp(1011)),
        Environment::Staging | Environment::Development | Environment::Recovery => {
            connect!(web => internet: tcp(1012));
        }
    }
}

fn main() {
    let ports = |env: Environment| -> Vec<u32> {
        let checked = archgen::check(&shop(env)).expect("nothing to complain about");
        let text = format!("{:?}", checked.graph());
        (1001..=1012).filter(|it| text.contains(&format!("tcp_{it}"))).collect()
    };
    assert_eq!(ports(Environment::Production), [1001, 1004, 1006, 1008, 1009, 1010, 1011]);
    assert_eq!(ports(Environment::Staging), [1002, 1005, 1006, 1008, 1009, 1010, 1012]);
    assert_eq!(ports(Environment::Development), [1003, 1006, 1008, 1009, 1010, 1012]);
}
