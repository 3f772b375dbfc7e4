//! What the graph runs, and what watches it.

use archgen_core::node::Comparison;
use archgen_core::resource::autoscaling::ScalingMetric;
use archgen_core::resource::cloudwatch::{AlarmSource, Statistic, Widget};
use archgen_core::resource::ecs::*;
use archgen_core::resource::elb::{ListenerAction, ListenerTls, TargetHealthCheck};
use archgen_core::resource::iam::Statement;
use archgen_core::resource::*;
use archgen_core::types::{Count, CpuUnits, Days, Memory, Number, Percent, Port, Seconds, Storage};
use archgen_core::value::{Text, Value};

use super::{Builder, Shared, metric, role, string};

pub(super) fn compute(it: &mut Builder, shared: &Shared) {
    let (target_group, alternate) = edge(it, shared);
    let profile_role = it.add(
        "cluster.instance_role",
        Role {
            managed_policies: vec!["service-role/AmazonEC2ContainerServiceforEC2Role"],
            ..role("ec2.amazonaws.com", Vec::new())
        },
    );
    let profile = it.add("cluster.instance_profile", InstanceProfile { role: profile_role });
    let cluster = it.add(
        "cluster.cluster",
        Cluster { name: None, container_insights: Value::Parameter("insights".into()) },
    );
    let template = it.add(
        "cluster.launch_template",
        LaunchTemplate {
            instance_type: Some("t3.large".into()),
            image_parameter: Some(
                "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
            ),
            groups: vec![shared.api.clone()],
            profile: Some(profile),
            volume: Value::Literal(Storage(30)),
            user_data: vec![
                "#!/bin/bash".into(),
                Text::from("echo ECS_CLUSTER=")
                    .then(cluster.attribute(Attribute::Name))
                    .then(" >> ${ECS_CONFIG}"),
            ],
        },
    );
    let group = it.add(
        "cluster.auto_scaling_group",
        AutoScalingGroup {
            launch_template: template,
            minimum: Value::Literal(Count(2)),
            maximum: Value::Literal(Count(5)),
            subnets: shared.private.clone(),
            protect_from_scale_in: true,
        },
    );
    let provider = it.add(
        "cluster.capacity_provider",
        CapacityProvider { group, target: Value::Literal(Percent(90.0)) },
    );
    let instances = Capacity::Instances(provider);
    it.add(
        "cluster.capacity_providers",
        ClusterCapacityProviders {
            cluster: cluster.clone(),
            providers: vec![Capacity::Fargate, Capacity::FargateSpot, instances.clone()],
            default: vec![instances.clone()],
        },
    );
    let namespace = it.add(
        "cluster.namespace",
        PrivateDnsNamespace { name: string("shop.local"), vpc: shared.vpc.clone() },
    );
    let discovery = it.add(
        "api.discovery",
        DiscoveryService { namespace, name: string("api"), ttl: Seconds(10) },
    );
    let task_definition = task(it);
    let switch = Statement::allow("Switch", &["elasticloadbalancing:ModifyRule"], vec!["*".into()]);
    let switch_role = it.add("api.switch_role", role("ecs.amazonaws.com", vec![switch]));
    let service = it.after(
        "api.service",
        &["cluster.capacity_providers", "cluster.cluster"],
        Service {
            name: None,
            cluster: cluster.clone(),
            task_definition: task_definition.clone(),
            desired_count: Some(Value::Parameter("tasks".into())),
            capacity: vec![Capacity::Fargate],
            subnets: shared.private.clone(),
            groups: vec![shared.api.clone()],
            public_ip: false,
            load_balancers: vec![ServiceTarget {
                target_group: target_group.clone(),
                port: Value::Literal(Port(8080)),
                alternate: Some(AlternateTarget {
                    target_group: alternate,
                    rule: Ref::new(ResourceId::new(&["edge.api.rule"])),
                    role: switch_role,
                }),
            }],
            discovery: Some(discovery),
            deployment: Deployment::BlueGreen,
            bake_time: Value::Literal(Seconds(90)),
            minimum_healthy: Value::Literal(Percent(100.0)),
            maximum: 200,
            grace_period: Some(Value::Literal(Seconds(60))),
            exec: Value::Literal(true),
        },
    );
    worker(it, shared, &cluster, instances);
    let target = it.add(
        "api.scalable_target",
        ScalableTarget {
            cluster,
            service,
            minimum: Value::Literal(Count(2)),
            maximum: Value::Literal(Count(10)),
        },
    );
    let metrics = [
        ScalingMetric::Cpu,
        ScalingMetric::Memory,
        ScalingMetric::RequestsPerTarget {
            load_balancer: Ref::new(ResourceId::new(&["edge.load_balancer"])),
            target_group,
        },
        ScalingMetric::Custom(metric(Statistic::Average)),
        ScalingMetric::Custom(metric(Statistic::P95)),
    ];
    for (index, metric) in metrics.into_iter().enumerate() {
        it.add(
            &format!("api.scaling_{index}"),
            ScalingPolicy {
                name: format!("shop-api-{index}").into(),
                target: target.clone(),
                metric,
                value: Value::Literal(Number(70.5)),
                scale_out_cooldown: Value::Literal(Seconds(60)),
                scale_in_cooldown: Value::Literal(Seconds(300)),
            },
        );
    }
    watch(it);
}

fn edge(it: &mut Builder, shared: &Shared) -> (Ref<TargetGroup>, Ref<TargetGroup>) {
    let certificate = it.add(
        "certificate.certificate",
        Certificate {
            domain: Text::parameter("domain"),
            alternative_names: vec![Text::from("www.").then(Text::parameter("domain"))],
            hosted_zone: Some(Text::parameter("zone")),
        },
    );
    let load_balancer = it.after(
        "edge.load_balancer",
        &["logs.bucket_policy"],
        LoadBalancer {
            name: None,
            internet_facing: true,
            subnets: shared.public.clone(),
            groups: vec![shared.edge.clone()],
            idle_timeout: Value::Literal(Seconds(60)),
            deletion_protection: Value::Literal(true),
            access_logs: Some((Ref::new(ResourceId::new(&["logs.bucket"])), "edge".into())),
        },
    );
    let targets = TargetGroup {
        vpc: shared.vpc.clone(),
        port: Value::Literal(Port(8080)),
        https: false,
        health_check: TargetHealthCheck {
            path: string("/health"),
            interval: Value::Literal(Seconds(30)),
            timeout: Value::Literal(Seconds(5)),
            healthy_threshold: Value::Literal(Count(2)),
            unhealthy_threshold: Value::Literal(Count(3)),
            matcher: string("200-299"),
        },
        stickiness: Some(Value::Literal(Seconds(3600))),
        deregistration_delay: Value::Literal(Seconds(30)),
    };
    let target_group = it.add("edge.api.target_group", targets.clone());
    let alternate =
        it.add("edge.api.alternate_target_group", TargetGroup { stickiness: None, ..targets });
    it.add(
        "edge.http_listener",
        Listener {
            load_balancer: load_balancer.clone(),
            port: 80,
            tls: None,
            default_action: ListenerAction::RedirectToHttps,
        },
    );
    let listener = it.add(
        "edge.https_listener",
        Listener {
            load_balancer,
            port: 443,
            tls: Some(ListenerTls {
                policy: string("ELBSecurityPolicy-TLS13-1-2-2021-06"),
                certificate: certificate.attribute(Attribute::Arn),
            }),
            default_action: ListenerAction::FixedResponse { status: 404 },
        },
    );
    it.add(
        "edge.api.rule",
        ListenerRule {
            listener,
            priority: Value::Literal(100),
            hosts: vec![Value::Parameter("domain".into())],
            paths: vec![string("/api/*")],
            headers: Vec::new(),
            action: ListenerAction::Forward(vec![
                (target_group.clone(), 100),
                (alternate.clone(), 0),
            ]),
        },
    );
    (target_group, alternate)
}

fn task(it: &mut Builder) -> Ref<TaskDefinition> {
    let log_group = it.add(
        "api.log_group",
        LogGroup { name: "/shop/api".into(), retention: Value::Literal(Days(30)), kms_key: None },
    );
    let secret = ResourceId::new(&["api_keys.secret"]);
    let read = Statement::allow(
        "ReadSecrets",
        &["secretsmanager:GetSecretValue"],
        vec![Text::attribute(secret.clone(), Attribute::Arn)],
    );
    let execution_role = it.add("api.execution_role", role("ecs-tasks.amazonaws.com", vec![read]));
    let task_role = it.add("api.task_role", role("ecs-tasks.amazonaws.com", Vec::new()));
    it.add(
        "api.task_definition",
        TaskDefinition {
            family: "shop-api".into(),
            fargate: true,
            cpu: Value::Literal(CpuUnits(512)),
            memory: Value::Literal(Memory(1024)),
            architecture: Architecture::Arm64,
            execution_role,
            task_role,
            container: Container {
                name: "api".into(),
                image: Text::from("shop/api:").then(Text::parameter("image_tag")),
                port: Some(Value::Literal(Port(8080))),
                command: vec!["serve".into()],
                environment: vec![(
                    "DATABASE_HOST".into(),
                    Text::attribute(
                        ResourceId::new(&["database.instance"]),
                        Attribute::EndpointAddress,
                    ),
                )],
                secrets: vec![("API_KEYS".into(), Text::attribute(secret, Attribute::Arn))],
                log_group,
                health_check: Some(ContainerHealthCheck {
                    command: "curl -f http://localhost:8080/health || exit 1".into(),
                    interval: Value::Literal(Seconds(30)),
                    timeout: Value::Literal(Seconds(5)),
                    retries: Value::Literal(Count(3)),
                    start_period: Value::Literal(Seconds(60)),
                }),
                read_only_root: Value::Literal(true),
                user: Some("1000".into()),
            },
            volumes: vec![Volume {
                name: "files".into(),
                path: string("/files"),
                source: VolumeSource::Efs {
                    file_system: Ref::new(ResourceId::new(&["files.file_system"])),
                    access_point: Ref::new(ResourceId::new(&["files.api.access_point"])),
                },
            }],
        },
    )
}

/// A service on instances, without a load balancer.
fn worker(it: &mut Builder, shared: &Shared, cluster: &Ref<Cluster>, capacity: Capacity) {
    let of_api = |name: &str| ResourceId::new(&["api", name]);
    let api: Ref<TaskDefinition> = Ref::new(of_api("task_definition"));
    let Some(api) = it.0.get(&api).cloned() else { panic!("the task of the API comes first") };
    let task_definition = it.add(
        "worker.task_definition",
        TaskDefinition {
            family: "shop-worker".into(),
            fargate: false,
            container: Container { name: "worker".into(), port: None, ..api.container },
            volumes: vec![Volume {
                name: "files".into(),
                path: string("/files"),
                source: VolumeSource::Host("/var/shop".into()),
            }],
            ..api
        },
    );
    it.after(
        "worker.service",
        &["cluster.capacity_providers"],
        Service {
            name: Some("shop-worker".into()),
            cluster: cluster.clone(),
            task_definition,
            desired_count: Some(Value::Literal(Count(1))),
            capacity: vec![capacity],
            subnets: shared.private.clone(),
            groups: vec![shared.api.clone()],
            public_ip: false,
            load_balancers: Vec::new(),
            discovery: None,
            deployment: Deployment::Rolling,
            bake_time: Value::Literal(Seconds(0)),
            minimum_healthy: Value::Literal(Percent(50.0)),
            maximum: 200,
            grace_period: None,
            exec: Value::Literal(false),
        },
    );
}

fn watch(it: &mut Builder) {
    let alarm = |name: &str, source| Alarm {
        name: name.into(),
        description: "too slow".into(),
        source,
        comparison: Comparison::Greater,
        threshold: Value::Literal(Number(0.5)),
        period: Value::Literal(Seconds(60)),
        periods: Value::Literal(Count(3)),
        datapoints: Some(Value::Literal(Count(2))),
        missing_is_breaching: false,
        actions: vec![Text::parameter("alerts")],
    };
    it.add("slow.alarm", alarm("shop-slow", AlarmSource::Metric(metric(Statistic::P99))));
    it.add("mean.alarm", alarm("shop-mean", AlarmSource::Metric(metric(Statistic::Average))));
    let share = AlarmSource::PercentOf {
        part: metric(Statistic::Sum),
        whole: metric(Statistic::Sum),
        label: "failed requests".into(),
    };
    it.add("failing.alarm", alarm("shop-failing", share));
    it.add(
        "overview.dashboard",
        Dashboard {
            name: "shop".into(),
            widgets: (1..=3)
                .map(|it| Widget {
                    title: format!("Graph \"{it}\""),
                    metrics: vec![metric(Statistic::Average), metric(Statistic::P90)],
                })
                .collect(),
        },
    );
}
