//! A load balancer inside the VPC, with hosts, priorities, sticky clients and blue-green deployments.

use archgen::prelude::*;

/// Three services by host and path, for clients in the VPC and an office.
#[architecture(environments = [Production])]
pub fn intranet(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.60.0.0/16",
        zones: 2,
        subnets: { public: /24, private: /23 },
        nat: Single,
        endpoints: [S3, EcrApi, EcrDkr, Logs],
    };
    let cluster = ecs_cluster! { subnets: network.private, namespace: "intranet.local" };
    let wiki = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/wiki:8",
        port: 8080,
        cpu: 512,
        memory: 1GB,
        tasks: 2,
        architecture: Arm64,
        read_only_root: true,
        user: "1000",
        health_check: { path: "/ready", interval: 10s, timeout: 2s, matcher: "200,204" },
    };
    let tickets = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/tickets:2.1",
        port: 3000,
        cpu: 512,
        memory: 1GB,
        tasks: 2..=8,
        scale_on: [Cpu > 60pct, Memory > 75pct],
        deployment: BlueGreen,
        bake_time: 10min,
    };
    let reports = ecs_service! {
        cluster: cluster,
        image: "public.ecr.aws/example/reports:5",
        port: 9000,
        cpu: 256,
        memory: 512MB,
        command: ["serve", "--quiet"],
    };
    let logs = s3_bucket! { versioning: false, lifecycle: [{ expire_after: 30days }] };
    let certificate = certificate! { domain: "intranet.example.com" };
    let entrance = alb! {
        subnets: network.private,
        scheme: Internal,
        load_balancer_name: "intranet",
        certificate: certificate,
        tls_policy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
        routes: [
            "/" => wiki,
            "tickets.example.com" => tickets,
            "intranet.example.com/reports/*" => reports,
            "/api/*" => reports,
        ],
        priorities: ["/api/*" => 10],
        stickiness: 8h,
        idle_timeout: 2min,
        access_logs: logs,
        deletion_protection: false,
    };

    connect!(wiki => tickets);
    allow!("192.168.0.0/20" => entrance);
    deny!(internet => wiki, tickets, reports);
}
