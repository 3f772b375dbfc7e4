//! Security groups and network ACLs that the team wrote.

use archgen::prelude::*;

/// Groups with egress, ICMP and names, an ACL around the database, tiers with routes of their own.
#[architecture(environments = [Production])]
pub fn guarded(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.50.0.0/16",
        zones: 2,
        subnets: {
            edge: { blocks: ["10.50.0.0/24", "10.50.1.0/24"], route: InternetGateway },
            apps: { blocks: /24, route: NatGateway, addresses: 200 },
            stores: { blocks: /26, route: Isolated },
        },
        nat: PerZone,
    };
    let api_sg = security_group! {
        vpc: network,
        group_name: "shop-api",
        description: "The API and what it may reach",
        ingress: [network.edge => tcp(8080), itself => icmp(8), "10.50.0.0/16" => icmp(3, 4)],
        egress: [internet => tcp(443), internet => udp(123), network.stores => tcp(5432), itself => icmp],
    };
    let orders_sg = security_group! {
        vpc: network,
        ingress: [api_sg => tcp(5432)],
        egress: [network.apps => icmp(3, 4)],
    };
    let cluster = ecs_cluster! { subnets: network.apps };
    let api = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/api:3",
        port: 8080,
        cpu: 256,
        memory: 512MB,
        tasks: 2,
        security_groups: [api_sg],
    };
    let orders = rds_postgres! {
        subnets: network.stores,
        version: "16.8",
        class: "db.t4g.medium",
        storage: 50GB..=200GB,
        multi_az: true,
        backups: 7days,
        security_groups: [orders_sg],
    };
    let around_stores = network_acl! {
        subnets: network.stores,
        ingress: [
            90 => deny("10.50.2.128/25", tcp(22, 3389)),
            100 => allow(network.apps, tcp(5432)),
            110 => allow("10.50.0.0/16", icmp(3, 4)),
        ],
        egress: [100 => allow(network.apps, tcp(1024..=65535)), 110 => allow("10.50.0.0/16", icmp(3, 4))],
    };

    connect!(api => orders, internet: tcp(443));
    deny!(internet => orders);
    deny!(network.edge => orders);
}
