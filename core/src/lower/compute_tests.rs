//! Lowering of the load balancers, clusters and services of the two systems that archgen started from.

use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::resource::autoscaling::ScalingMetric;
use crate::resource::ecs::{Capacity, Deployment, VolumeSource};
use crate::resource::elb::ListenerAction;
use crate::resource::iam::Role;
use crate::resource::iam::Trust;
use crate::resource::network::{Direction, RulePeer};
use crate::resource::{
    AutoScalingGroup, CapacityProvider, Cluster, ClusterCapacityProviders, DiscoveryService,
    LaunchTemplate, Listener, ListenerRule, LoadBalancer, LogGroup, PrivateDnsNamespace, Ref,
    ResourceGraph, ResourceId, ScalableTarget, ScalingPolicy, SecurityGroup, SecurityGroupRule,
    Service, TargetGroup, TaskDefinition, Typed,
};
use crate::types::{Count, Days, Percent, Port};
use crate::value::Value;

/// ECS on EC2 instances in two zones.
const PROD_INFRA: &str = r#"
vpc network {
    cidr: "10.0.0.0/16", zones: 2,
    subnets: { public: ["10.0.1.0/24", "10.0.2.0/24"], private: ["10.0.3.0/24", "10.0.4.0/24"] },
    nat: PerZone, endpoints: [S3, EcrApi, EcrDkr, Logs, SecretsManager],
}
certificate tls { domain: "app.example.com" }
param image_tag { }
secret api_keys { description: "keys", kms_key: "arn:aws:kms:us-east-1:123456789012:key/1" }
secret mongodb { description: "MongoDB Atlas" }
efs vectors { subnets: network.private }
s3_bucket logs { }
s3_bucket uploads { }
ecs_cluster cluster {
    subnets: network.private, capacity: Ec2 { instance: "t3.large", instances: 2..=5, target: 80pct },
    namespace: "prod-infra-production.local", log_retention: 7days,
    cluster_name: "prod-infra-production-cluster",
}
ecs_service frontend {
    cluster: cluster, image: Ecr { repository: "frontend", tag: image_tag }, port: 3000,
    cpu: 512, memory: 1024MB, tasks: 2,
}
ecs_service backend {
    cluster: cluster, image: Ecr { repository: "backend", tag: image_tag }, port: 5001,
    cpu: 512, memory: 1024MB, tasks: 2..=10,
    scale_on: [Cpu > 70pct, Memory > 80pct, RequestsPerTarget > 1000, ResponseTime > 2s],
    environment: { REDIS_HOST: redis.host, LOG_LEVEL: "INFO" }, secrets: [mongodb, api_keys],
    health_check: { path: "/api/health" },
}
ecs_service ai_service {
    cluster: cluster, image: Ecr { repository: "ai", tag: image_tag }, port: 8000,
    cpu: 1024, memory: 2048MB, exec: true,
}
ecs_service redis { cluster: cluster, image: "redis:7", port: 6379, cpu: 256, memory: 512MB }
ecs_service qdrant {
    cluster: cluster, image: "qdrant/qdrant", port: 6333, cpu: 512, memory: 1024MB,
    volumes: ["/qdrant/storage" => vectors],
}
alb edge {
    subnets: network.public, certificate: tls, routes: ["/" => frontend, "/api/*" => backend],
    access_logs: logs, stickiness: 1h,
}
connect c { from: [backend], to: [redis, uploads] }
"#;

/// Fargate with blue-green deployments, in three zones.
const KINEXUS: &str = r#"
vpc network {
    cidr: "10.0.0.0/16", zones: 3, subnets: { public: /24, private: /24, database: /24 }, nat: PerZone,
}
ecs_cluster cluster { subnets: network.private, cluster_name: "kinexus-production" }
rds_postgres database {
    subnets: network.database, version: "16.6", class: "db.t3.medium", storage: 100GB..=1000GB,
    multi_az: true, backups: 7days,
}
ecs_service api {
    cluster: cluster, image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/kinexus-api:1", port: 8000,
    cpu: 1vCPU, memory: 2GB, tasks: 2..=10, scale_on: [Cpu > 70pct, Memory > 80pct],
    deployment: BlueGreen, service_name: "kinexus-api", log_group: "/ecs/kinexus-api",
    health_check: { path: "/health" }, environment: { DB_HOST: database.endpoint },
    secrets: ["DATABASE_SECRET" => database.secret],
}
ecs_service worker { cluster: cluster, image: "worker:1", cpu: 256, memory: 512MB }
alb edge { subnets: network.public, routes: ["/" => api] }
"#;

fn graph(source: &str) -> ResourceGraph {
    super::lower(&architecture(source, Environment::Production))
}

#[track_caller]
fn get<K: Typed + Clone>(graph: &ResourceGraph, id: &str) -> K {
    match graph.get::<K>(&Ref::new(ResourceId::new(&[id]))) {
        Some(it) => it.clone(),
        None => panic!("no `{id}` in {:#?}", graph.resources.keys().collect::<Vec<_>>()),
    }
}

/// The rules of a derived group: direction, peer and ports.
fn rules(graph: &ResourceGraph, group: &str) -> Vec<String> {
    let group: Ref<SecurityGroup> = super::group_id(group);
    let mut all: Vec<String> = graph
        .all::<SecurityGroupRule>()
        .filter(|(_, _, it)| it.group == group)
        .map(|(id, _, it)| {
            assert!(!it.description.is_empty() && it.direction >= Direction::Ingress);
            id.id().as_str().to_string()
        })
        .collect();
    all.sort();
    all
}

fn statements(role: &Role) -> Vec<(String, Vec<String>)> {
    role.statements
        .iter()
        .map(|it| {
            assert!(it.allow && !it.actions.is_empty());
            (it.sid.to_string(), it.resources.iter().map(ToString::to_string).collect())
        })
        .collect()
}

fn depends_on(graph: &ResourceGraph, id: &str) -> Vec<String> {
    let resource = graph.resources.get(&ResourceId::new(&[id]));
    let all = resource.map(|it| it.depends_on.clone()).unwrap_or_default();
    all.iter().map(|it| it.as_str().to_string()).collect()
}

#[test]
fn instances_run_the_tasks_of_a_cluster() {
    let graph = graph(PROD_INFRA);
    let cluster: Cluster = get(&graph, "cluster.cluster");
    assert_eq!(
        cluster.name.map(|it| it.to_string()).as_deref(),
        Some("prod-infra-production-cluster")
    );
    let namespace: PrivateDnsNamespace = get(&graph, "cluster.namespace");
    assert_eq!(namespace.name.literal().map(String::as_str), Some("prod-infra-production.local"));
    let group: AutoScalingGroup = get(&graph, "cluster.auto_scaling_group");
    assert_eq!(
        (group.minimum, group.maximum),
        (Value::Literal(Count(2)), Value::Literal(Count(5)))
    );
    assert_eq!(group.subnets.len(), 2);
    assert!(group.protect_from_scale_in);
    let template: LaunchTemplate = get(&graph, "cluster.launch_template");
    let lines: Vec<String> = template.user_data.iter().map(ToString::to_string).collect();
    assert_eq!(lines[1], "echo ECS_CLUSTER=${cluster.cluster.Name} >> /etc/ecs/ecs.config");
    assert!(!template.image_parameter.is_some_and(|it| it.contains("arm64")));
    let provider: CapacityProvider = get(&graph, "cluster.capacity_provider");
    assert_eq!(provider.target, Value::Literal(Percent(80.0)));
    let providers: ClusterCapacityProviders = get(&graph, "cluster.capacity_providers");
    assert!(matches!(providers.default.as_slice(), [Capacity::Instances(_)]));
    let role: Role = get(&graph, "cluster.instance_role");
    assert_eq!(role.managed_policies.len(), 3);
    assert_eq!(
        rules(&graph, "cluster"),
        ["cluster.egress.internet.tcp_443", "cluster.egress.network.endpoints.tcp_443"]
    );
}

#[test]
fn the_instances_of_graviton_types_get_their_own_image() {
    let graph = graph(&PROD_INFRA.replace("t3.large", "t4g.large"));
    let template: LaunchTemplate = get(&graph, "cluster.launch_template");
    assert!(template.image_parameter.is_some_and(|it| it.contains("/arm64/")));
}

#[test]
fn a_load_balancer_serves_https_and_redirects_http() {
    let graph = graph(PROD_INFRA);
    let alb: LoadBalancer = get(&graph, "edge.load_balancer");
    assert!(alb.internet_facing && alb.subnets.len() == 2);
    assert_eq!(format!("{:?}", alb.access_logs), r#"Some((→logs.bucket, "edge"))"#);
    assert!(depends_on(&graph, "edge.load_balancer").contains(&"logs.bucket_policy".to_string()));
    assert!(
        depends_on(&graph, "edge.load_balancer")
            .contains(&"network.public.default_route".to_string())
    );
    let http: Listener = get(&graph, "edge.http");
    assert_eq!((http.port, http.tls.is_none()), (80, true));
    assert_eq!(http.default_action, ListenerAction::RedirectToHttps);
    let https: Listener = get(&graph, "edge.https");
    assert_eq!(https.port, 443);
    assert_eq!(
        format!("{:?}", https.default_action),
        "Forward([(→edge.frontend.target_group, 1)])"
    );
    let rule: ListenerRule = get(&graph, "edge.backend._api__.rule");
    assert_eq!(rule.listener.id().as_str(), "edge.https");
    assert_eq!(rule.priority, Value::Literal(47_840));
    assert_eq!((rule.hosts.len(), rule.paths), (0, vec![Value::Literal("/api/*".to_string())]));
    let targets: TargetGroup = get(&graph, "edge.backend.target_group");
    assert_eq!(targets.port, Value::Literal(Port(5001)));
    assert_eq!(targets.health_check.path.literal().map(String::as_str), Some("/api/health"));
    assert!(targets.stickiness.is_some());
    assert_eq!(
        rules(&graph, "edge"),
        [
            "edge.egress.backend.tcp_5001",
            "edge.egress.frontend.tcp_3000",
            "edge.ingress.internet.tcp_443",
            "edge.ingress.internet.tcp_80",
        ]
    );
    assert!(graph.outputs.contains_key(&ResourceId::new(&["edge", "dns_name"])));
}

#[test]
fn an_internal_load_balancer_serves_its_vpc() {
    let graph = graph(&PROD_INFRA.replace("certificate: tls,", "scheme: Internal,"));
    assert!(!get::<LoadBalancer>(&graph, "edge.load_balancer").internet_facing);
    assert!(rules(&graph, "edge").contains(&"edge.ingress.10_0_0_0_16.tcp_80".to_string()));
    let http: Listener = get(&graph, "edge.http");
    assert!(matches!(http.default_action, ListenerAction::Forward(_)));
}

#[test]
fn a_service_may_do_what_it_needs_and_nothing_else() {
    let graph = graph(PROD_INFRA);
    let place = "${Partition}:ecr:${Region}:${AccountId}";
    assert_eq!(
        statements(&get::<Role>(&graph, "backend.execution_role")),
        [
            ("LogInToEcr".to_string(), vec!["*".to_string()]),
            ("PullImage".to_string(), vec![format!("arn:{place}:repository/backend")]),
            (
                "WriteLogs".to_string(),
                vec![
                    "arn:${Partition}:logs:${Region}:${AccountId}:log-group:${backend.log_group.Id}:*"
                        .to_string()
                ]
            ),
            (
                "ReadSecrets".to_string(),
                vec!["${mongodb.secret.Arn}".to_string(), "${api_keys.secret.Arn}".to_string()]
            ),
            (
                "DecryptSecrets".to_string(),
                vec!["arn:aws:kms:us-east-1:123456789012:key/1".to_string()]
            ),
        ]
    );
    assert_eq!(
        statements(&get::<Role>(&graph, "backend.task_role")),
        [
            ("ListBuckets".to_string(), vec!["${uploads.bucket.Arn}".to_string()]),
            ("UseObjects".to_string(), vec!["${uploads.bucket.Arn}/*".to_string()]),
        ]
    );
    let redis = statements(&get::<Role>(&graph, "redis.execution_role"));
    assert_eq!(redis.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["WriteLogs"]);
    assert!(statements(&get::<Role>(&graph, "redis.task_role")).is_empty());
    let shell = statements(&get::<Role>(&graph, "ai_service.task_role"));
    assert_eq!(shell[0].0, "OpenShell");
    let mount: Role = get(&graph, "qdrant.task_role");
    assert_eq!(
        statements(&mount),
        [("MountFileSystem".to_string(), vec!["${vectors.file_system.Arn}".to_string()])]
    );
    assert_eq!(mount.statements[0].conditions[0].value.to_string(), "${vectors.access_point.Arn}");
}

#[test]
fn a_service_on_instances() {
    let graph = graph(PROD_INFRA);
    let task: TaskDefinition = get(&graph, "backend.task_definition");
    assert!(!task.fargate);
    assert_eq!(task.family.to_string(), "shop-production-backend");
    assert_eq!(
        task.container.image.to_string(),
        "${AccountId}.dkr.ecr.${Region}.${UrlSuffix}/backend:${image_tag}"
    );
    let environment: Vec<String> =
        task.container.environment.iter().map(|(name, it)| format!("{name}={it}")).collect();
    assert_eq!(environment, ["LOG_LEVEL=INFO", "REDIS_HOST=redis.prod-infra-production.local"]);
    let secrets: Vec<&str> = task.container.secrets.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(secrets, ["API_KEYS", "MONGODB"]);
    let logs: LogGroup = get(&graph, "ai_service.log_group");
    assert_eq!(logs.name.to_string(), "/ecs/shop-production/ai-service");
    assert_eq!(logs.retention, Value::Literal(Days(7)));

    let service: Service = get(&graph, "backend.service");
    assert_eq!(service.desired_count, None, "scaling owns the number of tasks");
    assert!(matches!(service.capacity.as_slice(), [Capacity::Instances(_)]));
    assert_eq!((service.subnets.len(), service.groups.len()), (2, 1));
    assert_eq!((service.minimum_healthy, service.maximum), (Value::Literal(Percent(100.0)), 200));
    assert!(service.grace_period.is_some() && !service.public_ip);
    assert_eq!(service.load_balancers.len(), 1);
    let needed = depends_on(&graph, "backend.service");
    for it in [
        "cluster.capacity_providers",
        "edge.backend._api__.rule",
        "backend.egress.internet.tcp_443",
        "backend.egress.network.endpoints.tcp_443",
        "backend.egress.redis.tcp_6379",
        "redis.ingress.backend.tcp_6379",
        "network.endpoints.ingress.backend.tcp_443",
        "network.private.a.default_route",
        "network.private.b.route_table_association",
        "network.endpoint.ecr_dkr",
    ] {
        assert!(needed.contains(&it.to_string()), "{it} in {needed:?}");
    }
    assert!(depends_on(&graph, "frontend.service").contains(&"edge.https".to_string()));
    let discovery: DiscoveryService = get(&graph, "ai_service.discovery");
    assert_eq!(discovery.name.literal().map(String::as_str), Some("ai-service"));
}

#[test]
fn a_service_scales_on_what_it_says() {
    let graph = graph(PROD_INFRA);
    let target: ScalableTarget = get(&graph, "backend.scalable_target");
    assert_eq!(target.maximum, Value::Literal(Count(10)));
    let cpu: ScalingPolicy = get(&graph, "backend.scaling.cpu");
    assert_eq!(cpu.name.to_string(), "shop-production-backend-cpu");
    assert_eq!(cpu.metric, ScalingMetric::Cpu);
    let requests: ScalingPolicy = get(&graph, "backend.scaling.requests_per_target");
    assert!(matches!(requests.metric, ScalingMetric::RequestsPerTarget { .. }));
    let time: ScalingPolicy = get(&graph, "backend.scaling.response_time");
    let ScalingMetric::Custom(metric) = time.metric else {
        panic!("a metric of the load balancer")
    };
    let dimensions: Vec<String> =
        metric.dimensions.iter().map(|(name, it)| format!("{name}={it}")).collect();
    assert_eq!(
        dimensions,
        [
            "LoadBalancer=${edge.load_balancer.FullName}",
            "TargetGroup=${edge.backend.target_group.FullName}",
        ]
    );
    assert!(
        graph
            .get::<ScalableTarget>(&Ref::new(ResourceId::new(&["redis.scalable_target"])))
            .is_none()
    );
}

#[test]
fn files_are_mounted_by_their_access_point() {
    let graph = graph(PROD_INFRA);
    let task: TaskDefinition = get(&graph, "qdrant.task_definition");
    assert_eq!(task.volumes[0].name, "qdrant-storage");
    assert!(matches!(task.volumes[0].source, VolumeSource::Efs { .. }));
    assert!(rules(&graph, "qdrant").contains(&"qdrant.egress.vectors.tcp_2049".to_string()));
    assert_eq!(rules(&graph, "vectors"), ["vectors.ingress.qdrant.tcp_2049"]);
}

#[test]
fn the_old_task_of_a_host_volume_goes_first() {
    let source = PROD_INFRA.replace("=> vectors", "=> HostVolume");
    let graph = graph(&source);
    let service: Service = get(&graph, "qdrant.service");
    assert_eq!((service.minimum_healthy, service.maximum), (Value::Literal(Percent(0.0)), 100));
    let task: TaskDefinition = get(&graph, "qdrant.task_definition");
    let folder = "/var/lib/shop-production/qdrant/qdrant-storage".to_string();
    assert_eq!(task.volumes[0].source, VolumeSource::Host(folder));
}

#[test]
fn the_old_task_of_an_exclusive_service_goes_first() {
    let source = PROD_INFRA.replace("=> vectors]", "=> vectors], exclusive: true");
    let service: Service = get(&graph(&source), "qdrant.service");
    assert_eq!((service.minimum_healthy, service.maximum), (Value::Literal(Percent(0.0)), 100));
}

#[test]
fn a_blue_green_deployment_has_two_target_groups_and_a_rule() {
    let graph = graph(KINEXUS);
    let service: Service = get(&graph, "api.service");
    assert_eq!(service.deployment, Deployment::BlueGreen);
    assert_eq!(service.capacity, [Capacity::Fargate]);
    assert_eq!(service.name.map(|it| it.to_string()).as_deref(), Some("kinexus-api"));
    let alternate = service.load_balancers[0].alternate.clone();
    let alternate = alternate.map(|it| {
        [it.target_group.id().to_string(), it.rule.id().to_string(), it.role.id().to_string()]
    });
    assert_eq!(
        alternate,
        Some(
            ["edge.api.alternate_target_group", "edge.api._.rule", "api.infrastructure_role"]
                .map(str::to_string)
        )
    );
    let rule: ListenerRule = get(&graph, "edge.api._.rule");
    assert_eq!(rule.priority, Value::Literal(50_000));
    assert_eq!(rule.paths, [Value::Literal("/*".to_string())]);
    assert_eq!(
        format!("{:?}", rule.action),
        "Forward([(→edge.api.target_group, 100), (→edge.api.alternate_target_group, 0)])"
    );
    let http: Listener = get(&graph, "edge.http");
    assert_eq!(http.default_action, ListenerAction::FixedResponse { status: 404 });
    let role: Role = get(&graph, "api.infrastructure_role");
    assert_eq!(role.trust, Trust::Service("ecs.amazonaws.com"));
}

#[test]
fn a_service_on_fargate() {
    let graph = graph(KINEXUS);
    let task: TaskDefinition = get(&graph, "api.task_definition");
    assert!(task.fargate);
    assert_eq!(task.family.to_string(), "kinexus-api");
    assert_eq!(task.container.environment[0].1.to_string(), "${database.instance.EndpointAddress}");
    let logs: LogGroup = get(&graph, "api.log_group");
    assert_eq!(logs.name.to_string(), "/ecs/kinexus-api");
    let execution = statements(&get::<Role>(&graph, "api.execution_role"));
    assert!(execution.contains(&(
        "ReadSecrets".to_string(),
        vec!["${database.instance.ManagedSecretArn}".to_string()]
    )));
    let worker: Service = get(&graph, "worker.service");
    assert!(worker.load_balancers.is_empty() && worker.discovery.is_none());
    assert_eq!(rules(&graph, "worker"), ["worker.egress.internet.tcp_443"]);
}

#[test]
fn tasks_in_a_public_tier_have_public_addresses() {
    let graph = graph(&KINEXUS.replace(
        "subnets: network.private, cluster_name",
        "subnets: network.public, cluster_name",
    ));
    assert!(get::<Service>(&graph, "worker.service").public_ip);
    assert_eq!(rules(&graph, "worker"), ["worker.egress.internet.tcp_443"]);
}

#[test]
fn groups_that_the_team_wrote_are_left_alone() {
    let source = KINEXUS
        .replace("ecs_cluster", "security_group own { vpc: network }\necs_cluster")
        .replace("image: \"worker:1\"", "image: \"worker:1\", security_groups: [own]");
    let graph = graph(&source);
    assert!(rules(&graph, "own").is_empty() && rules(&graph, "worker").is_empty());
    let worker: Service = get(&graph, "worker.service");
    assert_eq!(worker.groups, [super::group_id("own")]);
}

#[test]
fn the_two_systems_are_right() {
    for source in [PROD_INFRA, KINEXUS] {
        crate::check::testing::expect(source, &[]);
    }
}

/// No target could put a graph in order in which resources need each other in a circle.
#[test]
fn nothing_needs_itself_to_exist_first() {
    for source in [PROD_INFRA, KINEXUS] {
        let graph = graph(source);
        let mut open: Vec<&ResourceId> = graph.resources.keys().collect();
        loop {
            let before = open.len();
            let blocked = |id: &ResourceId| {
                graph.resources.get(id).is_some_and(|it| {
                    it.depends_on.iter().any(|it| open.contains(&it))
                        // Properties refer by name: what a resource prints of others it needs too.
                        || open.iter().any(|other| {
                            *other != id && format!("{:?}", it.kind).contains(&format!("ResourceId(\"{other}\")"))
                        })
                })
            };
            let next: Vec<&ResourceId> = open.iter().copied().filter(|it| blocked(it)).collect();
            if next.is_empty() {
                break;
            }
            assert!(next.len() < before, "a circle in {next:?}");
            open = next;
        }
    }
}

#[test]
fn what_is_not_known_stays_unknown() {
    for word in [
        "network.private",
        "network.public",
        "\"t3.large\"",
        "2..=10",
        "512MB",
        "vectors]",
        "5001",
        "=> backend",
        "\"/api/*\"",
        "cluster: cluster",
        "[mongodb, api_keys]",
        "tls,",
        "80pct",
        "BlueGreen",
        "1vCPU",
        "Ecr { repository: \"backend\", tag: image_tag }",
    ] {
        let unknown = match word {
            "vectors]" => "?]",
            "tls," => "?,",
            "=> backend" => "=> ?",
            "cluster: cluster" => "cluster: ?",
            _ => "?",
        };
        // Nothing panics, and nothing is made up: a resource that cannot be named is left out.
        for source in [PROD_INFRA, KINEXUS] {
            let _ = graph(&source.replace(word, unknown));
        }
    }
}

#[test]
fn a_secret_is_reached_by_the_endpoint_of_the_own_vpc() {
    let graph = graph(
        r#"
        vpc other { cidr: "10.1.0.0/16", zones: 2, subnets: { private: /24 }, endpoints: [SecretsManager] }
        vpc own { cidr: "10.2.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: Single }
        secret keys { description: "keys" }
        ecs_cluster cluster { subnets: own.private }
        ecs_service web { cluster: cluster, image: "redis:7", cpu: 256, memory: 512MB }
        connect c { from: [web], to: [keys] }
        "#,
    );
    let of_web: Vec<RulePeer> = graph
        .all::<SecurityGroupRule>()
        .filter(|(_, _, it)| it.group.id().as_str() == "web.security_group")
        .map(|(_, _, it)| it.peer.clone())
        .collect();
    assert!(!of_web.is_empty());
    let foreign = ResourceId::new(&["other", "endpoints", "security_group"]);
    assert!(!of_web.contains(&RulePeer::Group(Ref::new(foreign))), "{of_web:?}");
}
