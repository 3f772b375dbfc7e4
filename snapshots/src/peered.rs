//! VPCs that reach each other.

use archgen::prelude::*;

/// Two VPCs and one of a partner, over four zones and two blocks.
#[architecture(environments = [Production])]
pub fn peered(env: Environment) -> Architecture {
    let partner_account = param! { description: "The account of the partner" };
    let partner_role =
        param! { description: "The ARN of the partner's role that accepts peerings" };
    let shop = vpc! {
        cidr: "10.80.0.0/20",
        secondary_cidrs: ["10.84.0.0/16"],
        zones: 4,
        subnets: {
            public: /25,
            private: /24,
            database: /26,
            batch: { blocks: ["10.84.0.0/22", "10.84.4.0/22", "10.84.8.0/22", "10.84.12.0/22"], route: NatGateway },
        },
        nat: Single,
        endpoints: [S3, DynamoDb],
    };
    let tools = vpc! { cidr: "10.90.0.0/16", zones: 2, subnets: { private: /24, database: /24 } };
    let inside = vpc_peering! { requester: shop, accepter: tools };
    let partner = vpc_peering! {
        requester: shop,
        external: {
            vpc: "vpc-0123456789abcdef0",
            cidrs: ["10.95.0.0/16", "10.96.0.0/16"],
            account: partner_account,
            role: partner_role,
            region: "eu-central-1",
        },
    };
    let cluster = ecs_cluster! { subnets: shop.private };
    let web = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/nginx/nginx:1.27",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        tasks: 4,
    };
    let batch = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/batch:1",
        cpu: 256,
        memory: 512MB,
        subnets: shop.batch,
    };
    let catalog = redis! { subnets: tools.database, node: "cache.t4g.small" };

    connect!(web, batch => catalog);
    connect!(batch => "10.95.0.0/16": tcp(9092..=9094), "10.96.0.0/16": tcp(443));
    allow!("10.96.0.0/16" => web);
    deny!(internet => catalog);
}
