//! IPv4 and IPv6 side by side.

use archgen::prelude::*;

/// A network whose subnets have IPv6 addresses too; only machines in it use them.
#[architecture(environments = [Production])]
pub fn dual_stack(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.70.0.0/16",
        ipv6: Amazon,
        zones: 2,
        subnets: { public: /24, private: /22, database: /26 },
        nat: PerZone,
        endpoints: [S3],
    };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6i.large", instances: 2..=4, target: 80pct },
    };
    let crawler = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/crawler:4",
        cpu: 512,
        memory: 1024MB,
        tasks: 2,
    };
    let guard = network_acl! {
        subnets: network.database,
        ingress: [100 => allow("10.70.0.0/16", all)],
        egress: [100 => allow("10.70.0.0/16", all)],
    };
    connect!(cluster => internet: tcp(443));
    connect!(cluster => "::/0": tcp(443));
    connect!(crawler => internet: tcp(443));
    connect!(crawler => "::/0": tcp(443));
    deny!(internet => cluster, crawler);
    deny!(network.database => internet);
}
