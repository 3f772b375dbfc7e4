//! `prod-infra`: five services on ECS with EC2 capacity behind one load balancer.

use archgen::prelude::*;

/// A web application with an AI service, a Redis cache and a Qdrant vector store, on EC2 instances in
/// two zones.
#[architecture(environments = [Production])]
pub fn prod_infra(env: Environment) -> Architecture {
    // What is decided when deploying.
    let domain = param! { description: "The domain of the application" };
    let image_tag = param! { description: "The tag of the application's images in ECR" };
    let critical_topic =
        param! { kind: TopicArn, description: "The SNS topic that pages the on-call engineer" };
    let warning_topic = param! { kind: TopicArn, description: "The SNS topic that writes e-mail" };

    // Network: the load balancer and NAT gateways in public subnets, everything else in private ones.
    let network = vpc! {
        cidr: "10.0.0.0/16",
        zones: 2,
        subnets: {
            public:  { blocks: ["10.0.1.0/24", "10.0.2.0/24"], addresses: 251 },
            private: { blocks: ["10.0.3.0/24", "10.0.4.0/24"], addresses: 251 },
        },
        nat: PerZone,
        endpoints: [S3, EcrApi, EcrDkr, Logs, SecretsManager],
        flow_logs: 30days,
    };

    // Compute: one cluster on EC2 instances, with room for a deployment in each zone.
    let cluster = ecs_cluster! {
        subnets: network.private,
        capacity: Ec2 { instance: "m6i.xlarge", instances: 2..=5, target: 80pct },
        namespace: "prod-infra-production.local",
        container_insights: true,
        log_retention: 7days,
        cluster_name: "prod-infra-production-cluster",
    };

    // Storage that follows its task to any instance and zone, copied to a second Region.
    let vectors = efs! { subnets: network.private, backups: true, replicate_to: "us-west-2" };
    let sessions = efs! { subnets: network.private, backups: true, replicate_to: "us-west-2" };

    // Secrets: each service reads its own and no other.
    let mongodb = secret! { description: "Connection string of MongoDB Atlas" };
    let api_keys = secret! { description: "Keys of the external APIs that the backend calls" };
    let ml_api_keys = secret! { description: "Keys of Gemini and Anthropic" };
    let webhook_secret =
        secret! { description: "Signs what the AI service reports to the backend" };

    // Services.
    let redis = ecs_service! {
        cluster: cluster,
        image: "redis:7",
        port: 6379,
        cpu: 256,
        memory: 512MB,
        tasks: 1,
        volumes: ["/data" => sessions],
        exclusive: true,
    };
    let qdrant = ecs_service! {
        cluster: cluster,
        image: "qdrant/qdrant:v1.12.4",
        port: 6333,
        cpu: 512,
        memory: 1024MB,
        tasks: 1,
        volumes: ["/qdrant/storage" => vectors],
        exclusive: true,
    };
    let ai_service = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: "ai-service", tag: image_tag },
        port: 8000,
        cpu: 1024,
        memory: 2048MB,
        tasks: 2,
        secrets: [ml_api_keys, webhook_secret],
        environment: { QDRANT_HOST: qdrant.host, BACKEND_HOST: "backend.prod-infra-production.local" },
    };
    let backend = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: "backend", tag: image_tag },
        port: 5001,
        cpu: 512,
        memory: 1024MB,
        tasks: 2..=10,
        scale_on: [Cpu > 70pct, Memory > 80pct, RequestsPerTarget > 1000],
        health_check: { path: "/api/health" },
        container_health_check: { command: "curl -f http://localhost:5001/api/health || exit 1" },
        secrets: [mongodb, api_keys, webhook_secret],
        environment: { REDIS_HOST: redis.host, AI_SERVICE_HOST: ai_service.host },
    };
    let frontend = ecs_service! {
        cluster: cluster,
        image: Ecr { repository: "frontend", tag: image_tag },
        port: 3000,
        cpu: 512,
        memory: 1024MB,
        tasks: 2..=10,
        scale_on: [Cpu > 70pct, Memory > 80pct, RequestsPerTarget > 1000],
        health_check: { path: "/" },
        container_health_check: { command: "curl -f http://localhost:3000/ || exit 1" },
    };

    // The one way in.
    let certificate = certificate! { domain: domain };
    let edge = alb! {
        subnets: network.public,
        scheme: InternetFacing,
        certificate: certificate,
        routes: ["/" => frontend, "/api/*" => backend],
    };

    // Who talks to whom.
    connect!(backend => redis, ai_service);
    connect!(ai_service => qdrant, backend);
    connect!(backend, ai_service => internet: tcp(443));
    connect!(backend => internet: tcp(27015..=27017));
    deny!(internet => redis, qdrant, ai_service);

    // What the team promises, and who is told when it is at risk.
    let promise = objectives! {
        availability: 98.9pct,
        recovery_time: 30min,
        recovery_point: 24h,
        region_failure: Accepted,
    };
    let backend_cpu =
        alarm! { watch: backend, when: Cpu > 70pct, lasting: 2min, notify: [warning_topic] };
    let backend_memory =
        alarm! { watch: backend, when: Memory > 80pct, lasting: 2min, notify: [warning_topic] };
    let slow_responses =
        alarm! { watch: edge, when: ResponseTime > 2s, lasting: 2min, notify: [critical_topic] };
    let errors =
        alarm! { watch: edge, when: ErrorRate > 1pct, lasting: 5min, notify: [critical_topic] };
    let unhealthy_backend = alarm! { watch: backend, when: UnhealthyTargets > 0, lasting: 2min, notify: [critical_topic] };
    let unhealthy_frontend = alarm! { watch: frontend, when: UnhealthyTargets > 0, lasting: 2min, notify: [critical_topic] };
    let overview =
        dashboard! { watch: [edge, frontend, backend, ai_service, redis, qdrant, vectors] };
}
