//! The checks of load balancers, certificates, clusters and services: what is wrong, right and unknown.

use super::testing::{expect, findings, found};
use crate::codes::Code;
use crate::environment::Environment;

const NETWORK: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: PerZone }
"#;

/// A Fargate cluster with one service behind a load balancer, to which a test adds.
fn fargate(service: &str) -> String {
    format!(
        r#"{NETWORK}
ecs_cluster cluster {{ subnets: network.private, namespace: "shop.local" }}
alb edge {{ subnets: network.public, routes: ["/" => web] }}
ecs_service web {{ cluster: cluster, image: "nginx:1.27", port: 80, cpu: 256, memory: 512MB }}
{service}"#
    )
}

/// A service of the cluster with 256 CPU units and 512 MB.
fn service(fields: &str) -> String {
    fargate(&format!(
        r#"ecs_service api {{ cluster: cluster, image: "api:1", cpu: 256, memory: 512MB, {fields} }}"#
    ))
}

/// An EC2 cluster with these fields of `Ec2` and these declarations.
fn ec2(capacity: &str, services: &str) -> String {
    format!(
        r#"{NETWORK}
ecs_cluster cluster {{ subnets: network.private, capacity: Ec2 {{ {capacity} }} }}
{services}"#
    )
}

const T3: &str = r#"instance: "t3.large", instances: 2..=5"#;

#[test]
fn fargate_pairs() {
    let sized = |cpu: &str, memory: &str| {
        fargate(&format!(
            r#"ecs_service api {{ cluster: cluster, image: "api:1", cpu: {cpu}, memory: {memory} }}"#
        ))
    };
    expect(&sized("256", "8192MB"), &[(Code::AG0401, "8192MB")]);
    expect(&sized("300", "512MB"), &[(Code::AG0401, "300")]);
    expect(&sized("8192", "17GB"), &[(Code::AG0401, "17GB")]);
    expect(&sized("16vCPU", "120GB"), &[]);
    expect(&sized("8vCPU", "60GB"), &[]);
    expect(&sized("1vCPU", "2GB"), &[]);
    expect(&sized("256", "1536MB"), &[(Code::AG0401, "1536MB")]);
    expect(&sized("?", "8192MB"), &[]);
    expect(&sized("256", "?"), &[]);
    let text = findings(&sized("256", "8192MB"), Environment::Production)[0].0.plain();
    assert!(text.contains("with 256 CPU units it has 512MB, 1GB, 2GB"), "{text}");
    assert!(text.contains("the nearest is `2GB`, or take `cpu: 1024`"), "{text}");
}

#[test]
fn ranges_of_tasks() {
    let scaled = "scale_on: [Cpu > 70pct]";
    expect(&service(&format!("tasks: 5..=2, {scaled}")), &[(Code::AG0402, "5..=2")]);
    expect(&service("tasks: 0"), &[(Code::AG0402, "0")]);
    expect(&service(&format!("tasks: 2..=5, {scaled}")), &[]);
    expect(&service(&format!("tasks: ?..=5, {scaled}")), &[]);
    expect(&service(&format!("tasks: ?, {scaled}")), &[]);
}

#[test]
fn ranges_of_instances() {
    let reversed = ec2(r#"instance: "t3.large", instances: 5..=2"#, "");
    expect(&reversed, &[(Code::AG0402, "5..=2")]);
    expect(&ec2(T3, ""), &[]);
    expect(&ec2(r#"instance: "t3.large", instances: ?"#, ""), &[]);
}

#[test]
fn scaling_needs_a_range_and_a_range_scaling() {
    expect(&service("tasks: 2..=10"), &[(Code::AG0404, "2..=10")]);
    expect(&service("tasks: 2, scale_on: [Cpu > 70pct]"), &[(Code::AG0404, "scale_on")]);
    expect(&service("tasks: 2..=10, scale_on: ?"), &[]);
    expect(
        &service("tasks: 2..=10, scale_on: [Cpu > 70pct, Memory > 80pct, Cpu > 60pct]"),
        &[(Code::AG0404, "Cpu > 60pct")],
    );
    expect(&service("tasks: 2..=10, scale_on: [Cpu > 0pct]"), &[(Code::AG0404, "0pct")]);
}

#[test]
fn requests_and_response_times_need_a_load_balancer() {
    let scaled =
        "port: 8080, tasks: 2..=10, scale_on: [RequestsPerTarget > 1000, ResponseTime > 2s]";
    expect(
        &service(scaled),
        &[(Code::AG0404, "RequestsPerTarget > 1000"), (Code::AG0404, "ResponseTime > 2s")],
    );
    let routed = service(scaled).replace("\"/\" => web", "\"/\" => web, \"/api/*\" => api");
    expect(&routed, &[]);
    expect(&service(scaled).replace("\"/\" => web", "\"/\" => ?"), &[]);
    let switched = routed.replace("port: 8080", "port: 8080, deployment: BlueGreen");
    assert_eq!(found(&switched).len(), 2);
}

#[test]
fn blue_green_switches_one_rule() {
    let api = service("port: 8080, deployment: BlueGreen");
    expect(&api, &[(Code::AG0403, "BlueGreen")]);
    expect(&api.replace("\"/\" => web", "\"/\" => web, \"/api/*\" => api"), &[]);
    expect(&api.replace("\"/\" => web", "\"/\" => web, ?"), &[]);
    expect(
        &api.replace("\"/\" => web", "\"/v1/*\" => api, \"/api/*\" => api"),
        &[(Code::AG0403, "\"/api/*\" => api")],
    );
    expect(&service("port: 8080, deployment: ?"), &[]);
}

#[test]
fn a_health_check_needs_somebody_who_asks() {
    expect(&service(r#"port: 80, health_check: { path: "/" }"#), &[(Code::AG0403, "health_check")]);
}

#[test]
fn discovery_needs_a_namespace_and_a_port() {
    expect(&service(r#"port: 80, discovery_name: "api""#), &[]);
    expect(&service(r#"discovery_name: "api""#), &[(Code::AG0403, r#""api""#)]);
    let without =
        service(r#"port: 80, discovery_name: "api""#).replace(r#", namespace: "shop.local""#, "");
    expect(&without, &[(Code::AG0403, r#""api""#)]);
    let host = service("environment: { WEB: web.host }");
    expect(&host, &[]);
    let host = host.replace(r#", namespace: "shop.local""#, "");
    expect(&host, &[(Code::AG0403, "web.host")]);
    expect(&without.replace("cluster: cluster", "cluster: ?"), &[]);
}

#[test]
fn a_shell_needs_a_file_system_to_write() {
    expect(&service("exec: true, read_only_root: true"), &[(Code::AG0403, "true")]);
    expect(&service("exec: true"), &[]);
    expect(&service("exec: ?, read_only_root: true"), &[]);
}

#[test]
fn images_are_built_for_the_instances() {
    let api = |fields: &str| {
        format!(
            r#"ecs_service api {{ cluster: cluster, image: "a:1", cpu: 256, memory: 512MB {fields} }}"#
        )
    };
    let graviton = r#"instance: "t4g.large", instances: 2..=5"#;
    expect(&ec2(graviton, &api("")), &[(Code::AG0403, "api")]);
    expect(&ec2(graviton, &api(", architecture: Arm64")), &[]);
    expect(&ec2(T3, &api(", architecture: Arm64")), &[(Code::AG0403, "Arm64")]);
    expect(&ec2(T3, &api(", architecture: ?")), &[]);
}

#[test]
fn health_checks_keep_to_the_limits() {
    let checked = |fields: &str| {
        service(&format!("port: 80, health_check: {{ {fields} }}"))
            .replace("\"/\" => web", "\"/\" => web, \"/api/*\" => api")
    };
    expect(&checked("interval: 301s"), &[(Code::AG0407, "301s")]);
    expect(&checked("interval: 10s, timeout: 10s"), &[(Code::AG0407, "10s")]);
    expect(&checked("timeout: 1s"), &[(Code::AG0407, "1s")]);
    expect(&checked("healthy: 1, unhealthy: 11"), &[(Code::AG0407, "1"), (Code::AG0407, "11")]);
    expect(&checked(r#"path: "health""#), &[(Code::AG0407, r#""health""#)]);
    expect(&checked(r#"matcher: "200-""#), &[(Code::AG0407, r#""200-""#)]);
    expect(&checked(r#"path: "/health", matcher: "200,202-299", interval: ?"#), &[]);
}

#[test]
fn container_checks_keep_to_the_limits() {
    let checked = |fields: &str| {
        service(&format!(r#"container_health_check: {{ command: "true", {fields} }}"#))
    };
    expect(
        &checked("interval: 4s, timeout: 61s, retries: 0, start_period: 301s"),
        &[(Code::AG0407, "4s"), (Code::AG0407, "61s"), (Code::AG0407, "0"), (Code::AG0407, "301s")],
    );
    expect(&checked("interval: 5s, timeout: 60s, retries: 10, start_period: 0s"), &[]);
    expect(&checked("interval: ?, timeout: ?"), &[]);
}

#[test]
fn a_full_cluster_has_no_room_for_a_deployment() {
    let full = r#"instance: "t3.large", instances: 2..=5, target: 100pct"#;
    let api = r#"ecs_service api { cluster: cluster, image: "a:1", cpu: 256, memory: 512MB }"#;
    expect(&ec2(full, api), &[(Code::AG0408, "100pct")]);
    expect(&ec2(full, ""), &[]);
    // A service that is stopped before it is started again needs no room.
    let one = r#"instance: "t3.large", instances: ?..=1, target: 100pct"#;
    let host = r#"ecs_service api { cluster: cluster, image: "a:1", cpu: 256, memory: 512MB, volumes: ["/data" => HostVolume] }"#;
    expect(&ec2(one, host), &[]);
    expect(&ec2(&full.replace("100pct", "80pct"), api), &[]);
    expect(&ec2(&full.replace("100pct", "?"), api), &[]);
}

#[test]
fn host_volumes_stay_behind() {
    let redis = |tasks: &str| {
        format!(
            r#"ecs_service redis {{ cluster: cluster, image: "redis:7", cpu: 256, memory: 512MB,
               volumes: ["/data" => HostVolume], {tasks} }}"#
        )
    };
    let at = [(Code::AG0409, "HostVolume")];
    expect(&fargate(&redis("tasks: 1")), &at);
    expect(&ec2(T3, &redis("tasks: 1")), &at);
    expect(&ec2(T3, &redis("tasks: 1..=10, scale_on: [Cpu > 70pct]")), &at);
    let one = r#"instance: "t3.large", instances: ?..=1"#;
    expect(&ec2(one, &redis("tasks: 1")), &[]);
    expect(&ec2(one, &redis("tasks: ?")), &[]);
    expect(&ec2(r#"instance: "t3.large", instances: ?"#, &redis("tasks: 1")), &[]);
}

#[test]
fn tasks_fit_on_their_instances() {
    let api = |cpu: &str, memory: &str, tasks: &str| {
        format!(
            r#"ecs_service api {{ cluster: cluster, image: "a:1", cpu: {cpu}, memory: {memory}, tasks: {tasks} }}"#
        )
    };
    expect(&ec2(T3, &api("64", "512MB", "1")), &[(Code::AG0410, "64")]);
    expect(&ec2(T3, &api("4096", "512MB", "1")), &[(Code::AG0410, "4096")]);
    expect(&ec2(T3, &api("256", "8GB", "1")), &[(Code::AG0410, "8GB")]);
    // Five t3.large have 10 interfaces for tasks, 10240 CPU units and 40960 MB.
    expect(&ec2(T3, &api("256", "512MB", "11")), &[(Code::AG0410, "5")]);
    expect(&ec2(T3, &api("1024", "512MB", "10")), &[]);
    expect(&ec2(T3, &api("2048", "512MB", "6")), &[(Code::AG0410, "5")]);
    expect(&ec2(T3, &api("256", "7GB", "6")), &[(Code::AG0410, "5")]);
    expect(&ec2(T3, &api("?", "?", "?")), &[]);
    let m5 = r#"instance: "m5.large", instances: 2..=5, trunking: true"#;
    expect(&ec2(m5, &api("256", "512MB", "11")), &[]);
    expect(&ec2(&m5.replace("true", "false"), &api("256", "512MB", "11")), &[(Code::AG0410, "5")]);
    expect(&ec2(r#"instance: ?, instances: 2..=5"#, &api("256", "512MB", "11")), &[]);
}

#[test]
fn every_zone_has_an_instance() {
    let one = ec2(r#"instance: "t3.large", instances: 1..=5"#, "");
    expect(&one, &[(Code::AG0804, "1")]);
    assert!(findings(&one, Environment::Development).is_empty());
    expect(&ec2(T3, ""), &[]);
    expect(&ec2(r#"instance: "t3.large", instances: ?..=5"#, ""), &[]);
}

#[test]
fn load_balancers_span_two_zones() {
    let single = fargate("").replace("zones: 2", "zones: 1");
    expect(&single, &[(Code::AG0208, "network.public")]);
}

#[test]
fn load_balancers_for_the_internet_stand_in_a_public_tier() {
    let edge = fargate("").replace("network.public", "network.private");
    expect(&edge, &[(Code::AG0406, "network.private")]);
    expect(&edge.replace("routes:", "scheme: Internal, routes:"), &[]);
    expect(&edge.replace("routes:", "scheme: ?, routes:"), &[]);
}

/// The load balancer with these routes and further fields.
fn routed(routes: &str, fields: &str) -> String {
    fargate(
        r#"ecs_service job { cluster: cluster, image: "a:1", cpu: 256, memory: 512MB }
ecs_service api { cluster: cluster, image: "a:1", port: 8080, cpu: 256, memory: 512MB }"#,
    )
    .replace(r#"["/" => web]"#, &format!("[{routes}] {fields}"))
}

#[test]
fn routes_are_patterns_that_lead_to_services() {
    expect(&routed(r#""/" => web, "/api/*" => api, "admin.example.com" => api"#, ""), &[]);
    expect(&routed(r#""api" => api"#, ""), &[(Code::AG0406, r#""api""#)]);
    expect(&routed(r#""/a b" => api"#, ""), &[(Code::AG0406, r#""/a b""#)]);
    expect(&routed("", ""), &[(Code::AG0406, "[]")]);
    expect(&routed(r#""/api/*" => api, "/api/*" => web"#, ""), &[(Code::AG0406, r#""/api/*""#)]);
    expect(&routed(r#""/a-b" => api, "/a_b" => api"#, ""), &[(Code::AG0406, r#""/a_b""#)]);
    expect(&routed(r#""/job" => job"#, ""), &[(Code::AG0406, "job")]);
    expect(&routed(r#"? => api, "/x" => ?"#, ""), &[]);
}

#[test]
fn a_service_in_another_vpc_cannot_be_routed_to() {
    let source = format!(
        r#"{}
vpc other {{ cidr: "10.1.0.0/16", zones: 2, subnets: {{ private: /24 }} }}
ecs_service far {{ cluster: cluster, image: "a:1", port: 80, cpu: 256, memory: 512MB, subnets: other.private }}"#,
        routed(r#""/" => web, "/far/*" => far"#, "")
    );
    expect(&source, &[(Code::AG0406, "far")]);
    expect(&source.replace("subnets: other.private", "subnets: ?"), &[]);
}

#[test]
fn limits_of_load_balancers() {
    let with = |fields: &str| routed(r#""/" => web"#, &format!(", {fields}"));
    expect(&with("idle_timeout: 4001s"), &[(Code::AG0406, "4001s")]);
    expect(&with("stickiness: 200h"), &[(Code::AG0406, "200h")]);
    expect(&with(r#"tls_policy: "TLS13""#), &[(Code::AG0406, r#""TLS13""#)]);
    expect(&with("idle_timeout: 4000s, stickiness: ?"), &[]);
    let many: Vec<String> = (0..101).map(|it| format!("\"/v{it:04}/*\" => api")).collect();
    let codes = found(&routed(&many.join(", "), ""));
    assert!(codes.contains(&(Code::AG0406, "routes".to_string())), "{codes:?}");
}

#[test]
fn priorities_are_unique() {
    let with = |priorities: &str| {
        routed(
            r#""/" => web, "/api/*" => api, "/app/*" => web"#,
            &format!(", priorities: [{priorities}]"),
        )
    };
    expect(&with(""), &[]);
    expect(&with(r#""/api/*" => 10, "/app/*" => 10"#), &[(Code::AG0405, "10")]);
    expect(&with(r#""/api/*" => 10, "/app/*" => 11"#), &[]);
    expect(&with(r#""/api/*" => 10, "/app/*" => ?"#), &[]);
    expect(&with(r#""/api/*" => 50001"#), &[(Code::AG0406, "50001")]);
    expect(&with(r#""/" => 10"#), &[(Code::AG0406, r#""/""#)]);
    expect(&with(r#""/apt/*" => 10"#), &[(Code::AG0406, r#""/apt/*""#)]);
}

#[test]
fn routes_of_one_length_can_collide() {
    let many: Vec<String> = (0..60).map(|it| format!("\"/v{it:02}/*\" => api")).collect();
    let codes = found(&routed(&many.join(", "), ""));
    assert!(!codes.is_empty() && codes.iter().all(|(it, _)| *it == Code::AG0405), "{codes:?}");
}

#[test]
fn physical_names_follow_the_rules() {
    let named = |field: &str, name: &str| service(&format!("port: 80, {field}: \"{name}\""));
    expect(&named("service_name", "shop api"), &[(Code::AG0107, "\"shop api\"")]);
    expect(&named("service_name", "kinexus-api"), &[]);
    expect(&named("log_group", "/ecs/shop:api"), &[(Code::AG0107, "\"/ecs/shop:api\"")]);
    expect(&named("log_group", "aws/api"), &[(Code::AG0107, "\"aws/api\"")]);
    expect(&named("log_group", "/ecs/kinexus-api"), &[]);
    expect(&named("discovery_name", "api_1"), &[(Code::AG0107, "\"api_1\"")]);
    let alb = |name: &str| routed(r#""/" => web"#, &format!(", load_balancer_name: \"{name}\""));
    expect(&alb("internal-shop"), &[(Code::AG0107, "\"internal-shop\"")]);
    expect(&alb("shop-"), &[(Code::AG0107, "\"shop-\"")]);
    expect(&alb(&"a".repeat(33)), &[(Code::AG0107, format!("\"{}\"", "a".repeat(33)).as_str())]);
    expect(&alb("shop-production"), &[]);
    let cluster = |fields: &str| fargate("").replace(r#"namespace: "shop.local""#, fields);
    expect(&cluster(r#"cluster_name: """#), &[(Code::AG0107, "\"\"")]);
    expect(&cluster(r#"namespace: "local""#), &[(Code::AG0107, "\"local\"")]);
    expect(&cluster(r#"namespace: ?, cluster_name: ?"#), &[]);
}

#[test]
fn certificates_are_for_domain_names() {
    let certificate = |domain: &str| format!(r#"certificate tls {{ domain: {domain} }}"#);
    expect(&certificate(r#""shop example.com""#), &[(Code::AG0107, r#""shop example.com""#)]);
    expect(&certificate(r#""*.example.com", alternative_names: ["example.com"]"#), &[]);
    expect(&certificate("?"), &[]);
}

#[test]
fn logs_are_kept_for_a_time_that_aws_takes() {
    expect(&service("log_retention: 8days"), &[(Code::AG0501, "8days")]);
    expect(&service("log_retention: 7days"), &[]);
    let cluster = fargate("").replace("namespace:", "log_retention: 31days, namespace:");
    expect(&cluster, &[(Code::AG0501, "31days")]);
}

#[test]
fn variables_and_volumes_are_given_once() {
    let twice = format!(
        "{}\nsecret api_keys {{ description: \"keys\" }}",
        service(r#"environment: { API_KEYS: "none" }, secrets: [api_keys]"#)
    );
    expect(&twice, &[(Code::AG0006, "api_keys")]);
    expect(&twice.replace("[api_keys]", "[\"KEYS\" => api_keys]"), &[]);
    expect(&twice.replace("[api_keys]", "[? => api_keys]"), &[]);
    let files = format!(
        "{}\nefs files {{ subnets: network.private }}",
        service(r#"volumes: ["/data" => files, "/data/" => files]"#)
    );
    expect(&files, &[(Code::AG0006, "\"/data/\"")]);
    let relative = files.replace(r#"["/data" => files, "#, "[").replace("/data/", "data");
    expect(&relative, &[(Code::AG0107, "\"data\"")]);
}

#[test]
fn an_rds_instance_has_no_aurora_endpoint() {
    let text = "kinexus-prod.cluster-xxx.us-east-1.rds.amazonaws.com";
    let api = service(&format!("environment: {{ DB_HOST: \"{text}\" }}"));
    expect(&api, &[]);
    let database = format!(
        r#"{api}
rds_postgres database {{ subnets: network.private, version: "16.6", class: "db.t4g.medium",
    storage: 100GB..=1000GB, multi_az: true, backups: 7days }}"#
    );
    assert!(found(&database).contains(&(Code::AG0510, format!("\"{text}\""))));
    let right = database.replace(&format!("\"{text}\""), "database.endpoint");
    assert!(!found(&right).iter().any(|(it, _)| *it == Code::AG0510));
    let unknown = database.replace(&format!("\"{text}\""), "?");
    assert!(!found(&unknown).iter().any(|(it, _)| *it == Code::AG0510));
}

#[test]
fn an_exclusive_service_has_one_task() {
    expect(&service("exclusive: true, tasks: 2"), &[(Code::AG0411, "2")]);
    expect(&service("exclusive: true, tasks: 1"), &[]);
    expect(&service("exclusive: true, tasks: ?"), &[]);
}
