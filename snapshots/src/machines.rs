//! EC2 instances with folders of their own.

use archgen::prelude::*;

/// A cluster of one instance, whose task keeps its files beside it, and batch work on spare capacity.
#[architecture(environments = [Staging])]
pub fn machines(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.70.0.0/16",
        zones: 1,
        subnets: { public: /24, private: /24 },
        nat: Single,
    };
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6g.large", instances: 1, target: 100pct, volume: 100GB, trunking: true },
        container_insights: false,
        log_retention: 1day,
    };
    let scratch = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/docker/library/redis:7",
        port: 6379,
        cpu: 256,
        memory: 512MB,
        architecture: Arm64,
        volumes: ["/data" => HostVolume],
        exec: true,
        log_group: "/shop/scratch",
    };
    let spare = ecs_cluster! { subnets: network.private, capacity: FargateSpot };
    let batch = ecs_service! {
        cluster: spare,
        image: "public.ecr.aws/example/batch:1",
        cpu: 1vCPU,
        memory: 2GB,
        log_retention: 3days,
    };
    connect!(batch => scratch);
}
