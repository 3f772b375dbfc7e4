//! A graph with every kind of resource once at least.

use std::collections::BTreeMap;

use archgen_core::Loc;
use archgen_core::declare::param::ParamKind;
use archgen_core::node::Comparison;
use archgen_core::resource::autoscaling::ScalingMetric;
use archgen_core::resource::cloudwatch::{AlarmSource, Metric, Statistic, Widget};
use archgen_core::resource::ecs::*;
use archgen_core::resource::elb::{ListenerAction, ListenerTls, TargetHealthCheck};
use archgen_core::resource::iam::{Condition, Principal, Statement};
use archgen_core::resource::network::{
    Accepter, Direction, EndpointKind, EndpointService, PortRange, RouteTarget, RulePeer, Traffic,
};
use archgen_core::resource::s3::{IntelligentTiering, LifecycleRule, Replication, StorageClass};
use archgen_core::resource::*;
use archgen_core::types::{
    Cidr, Count, CpuUnits, Days, Ipv4Cidr, Memory, Number, Percent, Port, Seconds, Storage,
};
use archgen_core::value::{Pseudo, Text, Value};

/// A graph that grows.
pub(super) struct Builder(pub(super) ResourceGraph);

impl Builder {
    pub(super) fn new() -> Builder {
        Builder(ResourceGraph {
            tags: BTreeMap::from([
                ("Architecture".to_string(), "shop".to_string()),
                ("ManagedBy".to_string(), "archgen".to_string()),
            ]),
            ..ResourceGraph::default()
        })
    }

    pub(super) fn add<K: Into<ResourceKind>>(&mut self, name: &str, kind: K) -> Ref<K> {
        self.after(name, &[], kind)
    }

    pub(super) fn after<K: Into<ResourceKind>>(
        &mut self,
        name: &str,
        depends_on: &[&str],
        kind: K,
    ) -> Ref<K> {
        let id = ResourceId::new(&[name]);
        let resource = Resource {
            id: id.clone(),
            declaration: name.split('.').next().unwrap_or_default().to_string(),
            loc: Loc::NONE,
            depends_on: depends_on.iter().map(|it| ResourceId::new(&[it])).collect(),
            kind: kind.into(),
        };
        self.0.resources.insert(id.clone(), resource);
        Ref::new(id)
    }
}

pub(super) fn ipv4(text: &str) -> Value<Ipv4Cidr> {
    Value::Literal(Ipv4Cidr(text.parse().expect("a block")))
}

pub(super) fn cidr(text: &str) -> Value<Cidr> {
    Value::Literal(Cidr(text.parse().expect("a block")))
}

fn string(text: &str) -> Value<String> {
    Value::Literal(text.to_string())
}

/// A parameter of text.
pub(super) fn parameter(name: &str) -> Parameter {
    Parameter {
        name: name.to_string(),
        description: Some("what it is for".to_string()),
        kind: ParamKind::Text,
        default: Some("latest".to_string()),
        allowed: Vec::new(),
        loc: Loc::NONE,
    }
}

pub(super) fn metric(statistic: Statistic) -> Metric {
    Metric {
        namespace: "AWS/ApplicationELB".into(),
        name: "TargetResponseTime".into(),
        dimensions: vec![(
            "LoadBalancer".to_string(),
            Text::attribute(
                ResourceId::new(&["edge.load_balancer"]),
                Attribute::FullName,
            ),
        )],
        statistic,
    }
}

/// What the parts of the graph share.
struct Shared {
    vpc: Ref<Vpc>,
    public: Vec<Ref<Subnet>>,
    private: Vec<Ref<Subnet>>,
    edge: Ref<SecurityGroup>,
    api: Ref<SecurityGroup>,
    store: Ref<SecurityGroup>,
}

/// Every kind of resource.
pub(super) fn everything() -> ResourceGraph {
    let mut it = Builder::new();
    let shared = network(&mut it);
    data(&mut it, &shared);
    compute(&mut it, &shared);
    let parameters = [
        parameter("image_tag"),
        Parameter {
            default: None,
            ..parameter("domain")
        },
        Parameter {
            kind: ParamKind::TopicArn,
            default: None,
            ..parameter("alerts")
        },
        Parameter {
            kind: ParamKind::HostedZoneId,
            default: None,
            ..parameter("zone")
        },
        Parameter {
            kind: ParamKind::VpcId,
            default: None,
            ..parameter("peer_vpc")
        },
        Parameter {
            kind: ParamKind::Cidr,
            default: None,
            ..parameter("office")
        },
        Parameter {
            kind: ParamKind::Number,
            default: Some("2".to_string()),
            allowed: vec!["1".to_string(), "2".to_string()],
            ..parameter("tasks")
        },
        Parameter {
            default: Some("true".to_string()),
            allowed: vec!["true".to_string(), "false".to_string()],
            ..parameter("insights")
        },
    ];
    it.0.parameters = parameters
        .into_iter()
        .map(|it| (it.name.clone(), it))
        .collect();
    let name = ResourceId::new(&["edge", "dns_name"]);
    let value = Text::attribute(ResourceId::new(&["edge.load_balancer"]), Attribute::DnsName);
    let output = Output {
        name: name.clone(),
        description: "where clients go".into(),
        value,
    };
    it.0.outputs.insert(name, output);
    it.0
}

fn network(it: &mut Builder) -> Shared {
    let vpc = it.add(
        "network.vpc",
        Vpc {
            cidr: ipv4("10.0.0.0/16"),
        },
    );
    it.add(
        "network.cidr.10_1_0_0_16",
        VpcCidrBlock {
            vpc: vpc.clone(),
            cidr: ipv4("10.1.0.0/16"),
        },
    );
    let mut subnets = |tier: &str, at: u8| -> Vec<Ref<Subnet>> {
        (0..2)
            .map(|zone| {
                let subnet = Subnet {
                    vpc: vpc.clone(),
                    cidr: ipv4(&format!("10.0.{}.0/24", at + zone)),
                    zone,
                    tier: tier.to_string(),
                };
                it.add(
                    &format!("network.{tier}.{}.subnet", ["a", "b"][zone as usize]),
                    subnet,
                )
            })
            .collect()
    };
    let public = subnets("public", 0);
    let private = subnets("private", 10);
    let gateway = it.add("network.internet_gateway", InternetGateway {});
    it.add(
        "network.internet_gateway_attachment",
        InternetGatewayAttachment {
            vpc: vpc.clone(),
            gateway: gateway.clone(),
        },
    );
    let table = it.add(
        "network.public.route_table",
        RouteTable { vpc: vpc.clone() },
    );
    it.after(
        "network.public.internet_route",
        &[
            "network.internet_gateway_attachment",
            "network.internet_gateway",
        ],
        Route {
            table: table.clone(),
            destination: cidr("0.0.0.0/0"),
            target: RouteTarget::InternetGateway(gateway),
        },
    );
    it.add(
        "network.public.a.route_table_association",
        RouteTableAssociation {
            table: table.clone(),
            subnet: public[0].clone(),
        },
    );
    let address = it.after(
        "network.private.a.elastic_ip",
        &["network.internet_gateway_attachment"],
        ElasticIp {},
    );
    let nat = it.after(
        "network.private.a.nat_gateway",
        &[
            "edge.ingress.internet.tcp_443",
            "free.egress.internet.tcp_443",
        ],
        NatGateway {
            subnet: public[0].clone(),
            address,
        },
    );
    let private_table = it.add(
        "network.private.route_table",
        RouteTable { vpc: vpc.clone() },
    );
    it.add(
        "network.private.internet_route",
        Route {
            table: private_table.clone(),
            destination: cidr("0.0.0.0/0"),
            target: RouteTarget::NatGateway(nat),
        },
    );
    let peering = it.add(
        "partner.peering",
        VpcPeeringConnection {
            requester: vpc.clone(),
            accepter: Accepter::External {
                vpc: Text::parameter("peer_vpc"),
                account: None,
                region: Some("eu-west-1".into()),
                cidr: ipv4("10.9.0.0/16"),
            },
        },
    );
    it.add(
        "partner.route",
        Route {
            table: private_table.clone(),
            destination: cidr("10.9.0.0/16"),
            target: RouteTarget::VpcPeering(peering),
        },
    );
    let acl = it.add("network.private.acl", NetworkAcl { vpc: vpc.clone() });
    let ports = |first, last| Value::Literal(PortRange { first, last });
    let entries = [
        (Traffic::Tcp(ports(1024, 65535)), "10.0.0.0/16"),
        (Traffic::Udp(ports(53, 53)), "10.0.0.0/16"),
        (
            Traffic::Icmp {
                kind: Some(8),
                code: None,
            },
            "10.0.0.0/16",
        ),
        (
            Traffic::Icmpv6 {
                kind: None,
                code: None,
            },
            "::/0",
        ),
        (Traffic::All, "0.0.0.0/0"),
    ];
    for (index, (traffic, block)) in (1_u16..).zip(entries) {
        it.add(
            &format!("network.private.acl.entry_{index}"),
            NetworkAclEntry {
                acl: acl.clone(),
                number: Value::Literal(index * 100),
                direction: if index == 5 {
                    Direction::Egress
                } else {
                    Direction::Ingress
                },
                allow: index != 5,
                traffic,
                cidr: cidr(block),
            },
        );
    }
    it.add(
        "network.private.a.acl_association",
        NetworkAclAssociation {
            acl,
            subnet: private[0].clone(),
        },
    );
    let groups = groups(it, &vpc);
    it.add(
        "network.endpoint.s3",
        VpcEndpoint {
            vpc: vpc.clone(),
            service: EndpointService::S3,
            kind: EndpointKind::Gateway {
                tables: vec![private_table],
            },
        },
    );
    it.add(
        "network.endpoint.logs",
        VpcEndpoint {
            vpc: vpc.clone(),
            service: EndpointService::Logs,
            kind: EndpointKind::Interface {
                subnets: private.clone(),
                groups: vec![groups[2].clone()],
            },
        },
    );
    let log_group = it.add(
        "network.flow_logs.log_group",
        LogGroup {
            name: "/shop/flow".into(),
            retention: Value::Literal(Days(30)),
        },
    );
    let write = Statement::allow(
        "WriteRecords",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        vec![log_group.attribute(Attribute::Arn)],
    );
    let role = it.add(
        "network.flow_logs.role",
        role("vpc-flow-logs.amazonaws.com", vec![write]),
    );
    it.add(
        "network.flow_logs",
        FlowLog {
            vpc: vpc.clone(),
            log_group,
            role,
        },
    );
    let [edge, api, store] = groups;
    Shared {
        vpc,
        public,
        private,
        edge,
        api,
        store,
    }
}

/// The edge opens connections to the API only, the API also to the internet, the store to nobody.
fn groups(it: &mut Builder, vpc: &Ref<Vpc>) -> [Ref<SecurityGroup>; 3] {
    let mut group = |name: &str, default_egress| {
        let group = SecurityGroup {
            vpc: vpc.clone(),
            description: format!("what {name} → may do"),
            group_name: None,
            default_egress,
        };
        it.add(&format!("{name}.security_group"), group)
    };
    let (edge, api, store, free) = (
        group("edge", false),
        group("api", false),
        group("store", false),
        group("free", true),
    );
    let mut rule = |name: &str, group: &Ref<SecurityGroup>, direction, peer, traffic| {
        let description = format!("rule {name}");
        let group = group.clone();
        it.add(
            name,
            SecurityGroupRule {
                group,
                direction,
                peer,
                traffic,
                description,
            },
        );
    };
    let internet = || RulePeer::Cidr(cidr("0.0.0.0/0"));
    let of = |it: &Ref<SecurityGroup>| RulePeer::Group(it.clone());
    use Direction::{Egress, Ingress};
    let tcp = Traffic::tcp_port;
    rule(
        "edge.ingress.internet.tcp_443",
        &edge,
        Ingress,
        internet(),
        tcp(443),
    );
    let office = RulePeer::Cidr(Value::Parameter("office".to_string()));
    rule(
        "edge.ingress.office.icmp",
        &edge,
        Ingress,
        office,
        Traffic::Icmp {
            kind: None,
            code: None,
        },
    );
    rule(
        "edge.egress.api.tcp_8080",
        &edge,
        Egress,
        of(&api),
        tcp(8080),
    );
    rule(
        "api.ingress.edge.tcp_8080",
        &api,
        Ingress,
        of(&edge),
        tcp(8080),
    );
    rule(
        "api.egress.internet.tcp_443",
        &api,
        Egress,
        internet(),
        tcp(443),
    );
    rule(
        "api.egress.store.tcp_5432",
        &api,
        Egress,
        of(&store),
        tcp(5432),
    );
    rule(
        "store.ingress.api.tcp_5432",
        &store,
        Ingress,
        of(&api),
        tcp(5432),
    );
    rule(
        "free.egress.internet.tcp_443",
        &free,
        Egress,
        internet(),
        tcp(443),
    );
    [edge, api, store]
}

fn role(service: &'static str, statements: Vec<Statement>) -> Role {
    Role {
        service,
        description: "a role".to_string(),
        managed_policies: Vec::new(),
        statements,
    }
}

fn data(it: &mut Builder, shared: &Shared) {
    let subnet_group = it.add(
        "database.subnet_group",
        DbSubnetGroup {
            description: "database".into(),
            subnets: shared.private.clone(),
        },
    );
    let parameter_group = it.add(
        "database.parameter_group",
        DbParameterGroup {
            description: "database".into(),
            family: string("postgres16"),
            parameters: vec![("rds.force_ssl".into(), "1".into())],
        },
    );
    let role = it.add(
        "database.monitoring_role",
        Role {
            managed_policies: vec!["service-role/AmazonRDSEnhancedMonitoringRole"],
            ..role("monitoring.rds.amazonaws.com", Vec::new())
        },
    );
    let instance = DbInstance {
        identifier: None,
        engine_version: Some(string("16.10")),
        class: string("db.t4g.medium"),
        database: Some(string("shop")),
        username: Some(string("shop_admin")),
        port: Some(Value::Literal(Port(5432))),
        replica_of: None,
        storage: Some(Value::Literal(Storage(100))),
        max_storage: Some(Value::Literal(Storage(500))),
        storage_type: "gp3",
        multi_az: Value::Literal(true),
        subnet_group: Some(subnet_group),
        groups: vec![shared.store.clone()],
        parameter_group: parameter_group.clone(),
        backup_retention: Some(Value::Literal(Days(14))),
        backup_window: Some(string("03:00-04:00")),
        maintenance_window: Some(string("sun:05:00-sun:06:00")),
        performance_insights: Some(Value::Literal(Days(7))),
        monitoring: Some((Value::Literal(Seconds(60)), role)),
        auto_minor_version_upgrade: Value::Literal(true),
        deletion_protection: Value::Literal(true),
        log_exports: vec!["postgresql", "upgrade"],
    };
    let primary = it.add("database.instance", instance.clone());
    it.add(
        "database.replica_1",
        DbInstance {
            engine_version: None,
            database: None,
            username: None,
            port: None,
            replica_of: Some(primary),
            storage: None,
            max_storage: None,
            multi_az: Value::Literal(false),
            subnet_group: None,
            backup_retention: None,
            backup_window: None,
            monitoring: None,
            ..instance
        },
    );
    let cache_subnets = it.add(
        "cache.subnet_group",
        CacheSubnetGroup {
            description: "cache".into(),
            subnets: shared.private.clone(),
        },
    );
    let cache_parameters = it.add(
        "cache.parameter_group",
        CacheParameterGroup {
            description: "cache".into(),
            family: string("redis7"),
            parameters: vec![("maxmemory-policy".into(), "allkeys-lru".into())],
        },
    );
    it.add(
        "cache.replication_group",
        ReplicationGroup {
            identifier: None,
            description: "cache".into(),
            engine_version: string("7.1"),
            node_type: string("cache.t4g.small"),
            shards: Value::Literal(Count(1)),
            replicas: Value::Literal(Count(1)),
            cluster_mode: Value::Literal(false),
            automatic_failover: Value::Literal(true),
            multi_az: Value::Literal(true),
            encryption_at_rest: Value::Literal(true),
            encryption_in_transit: Value::Literal(true),
            subnet_group: cache_subnets,
            groups: vec![shared.store.clone()],
            parameter_group: cache_parameters,
            snapshot_retention: Some(Value::Literal(Days(7))),
            snapshot_window: Some(string("02:00-03:00")),
            maintenance_window: Some(string("sun:06:00-sun:07:00")),
        },
    );
    let files = it.add(
        "files.file_system",
        FileSystem {
            backups: Value::Literal(true),
            infrequent_access_after: Some(Value::Literal(Days(30))),
            replicate_to: Some("eu-west-1".into()),
        },
    );
    it.add(
        "files.a.mount_target",
        MountTarget {
            file_system: files.clone(),
            subnet: shared.private[0].clone(),
            groups: vec![shared.store.clone()],
        },
    );
    it.add(
        "files.api.access_point",
        AccessPoint {
            file_system: files,
            path: string("/api"),
            user: Value::Literal(Count(1000)),
        },
    );
    buckets(it);
    it.add(
        "api_keys.secret",
        Secret {
            name: Some("shop/api-keys".into()),
            description: "keys of other services".into(),
            generate: Value::Literal(Count(32)),
            kms_key: None,
            replica_regions: vec!["eu-west-1".into()],
        },
    );
}

fn buckets(it: &mut Builder) {
    let plain = Bucket {
        name: None,
        kms_key: None,
        versioning: Value::Literal(false),
        lifecycle: Vec::new(),
        intelligent_tiering: None,
        replication: None,
        access_logs: None,
    };
    let logs = it.add("logs.bucket", plain.clone());
    let policy = |bucket: &Ref<Bucket>| {
        let arn = || bucket.attribute(Attribute::Arn);
        let condition = |operator, key, value: Text| Condition {
            operator,
            key,
            value,
        };
        let deliver = Statement {
            principal: Some(Principal::Service("logging.s3.amazonaws.com")),
            conditions: vec![condition(
                "StringEquals",
                "aws:SourceAccount",
                Text::pseudo(Pseudo::AccountId),
            )],
            ..Statement::allow("Deliver", &["s3:PutObject"], vec![arn().then("/*")])
        };
        let encrypted = Statement {
            allow: false,
            principal: Some(Principal::Everyone),
            conditions: vec![condition("Bool", "aws:SecureTransport", "false".into())],
            ..Statement::allow("EncryptedOnly", &["s3:*"], vec![arn(), arn().then("/*")])
        };
        BucketPolicy {
            bucket: bucket.clone(),
            statements: vec![deliver, encrypted],
        }
    };
    it.add("logs.bucket_policy", policy(&logs));
    let copy = Statement::allow(
        "Copy",
        &["s3:ReplicateObject", "s3:ReplicateDelete"],
        vec![
            Text::from("arn:")
                .then(Text::pseudo(Pseudo::Partition))
                .then(":s3:::shop-copy/*"),
        ],
    );
    let role = it.add(
        "assets.replication_role",
        role("s3.amazonaws.com", vec![copy]),
    );
    it.add(
        "assets.bucket",
        Bucket {
            name: Some(Text::from("shop-assets-").then(Text::pseudo(Pseudo::AccountId))),
            versioning: Value::Literal(true),
            lifecycle: vec![LifecycleRule {
                id: "age".into(),
                prefix: string(""),
                transitions: vec![(StorageClass::IntelligentTiering, Value::Literal(Days(30)))],
                expire_after: Some(Value::Literal(Days(400))),
                expire_old_versions_after: Some(Value::Literal(Days(30))),
                abort_uploads_after: Days(7),
            }],
            intelligent_tiering: Some(IntelligentTiering {
                archive_after: Value::Literal(Days(90)),
                deep_archive_after: Some(Value::Literal(Days(180))),
            }),
            replication: Some(Replication {
                destination: Text::from("arn:")
                    .then(Text::pseudo(Pseudo::Partition))
                    .then(":s3:::shop-copy"),
                role,
                time_control: Some(Count(15)),
            }),
            access_logs: Some((logs, "assets/".into())),
            ..plain
        },
    );
}

fn compute(it: &mut Builder, shared: &Shared) {
    let (target_group, alternate) = edge(it, shared);
    let profile_role = it.add(
        "cluster.instance_role",
        Role {
            managed_policies: vec!["service-role/AmazonEC2ContainerServiceforEC2Role"],
            ..role("ec2.amazonaws.com", Vec::new())
        },
    );
    let profile = it.add(
        "cluster.instance_profile",
        InstanceProfile { role: profile_role },
    );
    let cluster = it.add(
        "cluster.cluster",
        Cluster {
            name: None,
            container_insights: Value::Parameter("insights".into()),
        },
    );
    let template = it.add(
        "cluster.launch_template",
        LaunchTemplate {
            instance_type: "t3.large".into(),
            image_parameter: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
            groups: vec![shared.api.clone()],
            profile,
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
        CapacityProvider {
            group,
            target: Value::Literal(Percent(90.0)),
        },
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
        PrivateDnsNamespace {
            name: string("shop.local"),
            vpc: shared.vpc.clone(),
        },
    );
    let discovery = it.add(
        "api.discovery",
        DiscoveryService {
            namespace,
            name: string("api"),
            ttl: Seconds(10),
        },
    );
    let task_definition = task(it);
    let switch = Statement::allow(
        "Switch",
        &["elasticloadbalancing:ModifyRule"],
        vec!["*".into()],
    );
    let switch_role = it.add("api.switch_role", role("ecs.amazonaws.com", vec![switch]));
    let service = it.after(
        "api.service",
        &["cluster.capacity_providers", "cluster.cluster"],
        Service {
            name: None,
            cluster: cluster.clone(),
            task_definition: task_definition.clone(),
            desired_count: Value::Parameter("tasks".into()),
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
    let alternate = it.add(
        "edge.api.alternate_target_group",
        TargetGroup {
            stickiness: None,
            ..targets
        },
    );
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
        LogGroup {
            name: "/shop/api".into(),
            retention: Value::Literal(Days(30)),
        },
    );
    let secret = ResourceId::new(&["api_keys.secret"]);
    let read = Statement::allow(
        "ReadSecrets",
        &["secretsmanager:GetSecretValue"],
        vec![Text::attribute(secret.clone(), Attribute::Arn)],
    );
    let execution_role = it.add(
        "api.execution_role",
        role("ecs-tasks.amazonaws.com", vec![read]),
    );
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
    let Some(api) = it.0.get(&api).cloned() else {
        panic!("the task of the API comes first")
    };
    let task_definition = it.add(
        "worker.task_definition",
        TaskDefinition {
            family: "shop-worker".into(),
            fargate: false,
            container: Container {
                name: "worker".into(),
                port: None,
                ..api.container
            },
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
            desired_count: Value::Literal(Count(1)),
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
    it.add(
        "slow.alarm",
        alarm("shop-slow", AlarmSource::Metric(metric(Statistic::P99))),
    );
    it.add(
        "mean.alarm",
        alarm("shop-mean", AlarmSource::Metric(metric(Statistic::Average))),
    );
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
