//! What the report looks like, of an architecture and of its template after something was changed in it.

use std::path::Path;

use archgen::prelude::*;
use serde_json::Value;

use super::text::table;
use super::*;

#[architecture(environments = [Production])]
fn seats(env: Environment) -> Architecture {
    let network = vpc! {
        cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /22 }, nat: Single,
    };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! {
        cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 80, cpu: 256, memory: 512MB,
    };
    let domain = certificate! { domain: "*.example.com" };
    let edge = alb! { subnets: network.public, certificate: domain, routes: ["/" => api] };
    let clients = tenant_pool! {
        tenants: ["acme", "globex", "initech"],
        at_most: 40,
        service: api,
        balancer: edge,
        route_by: "{tenant}.example.com",
        isolation: { compute: Silo, network: PerTenant, secrets: PerTenant, keys: PerTenant, logs: PerTenant },
        overrides: { initech: { compute: Pool, network: Shared } },
    };
}

fn checked() -> archgen::Checked {
    archgen::check(&seats(Environment::Production)).expect("it is right")
}

fn of_graph() -> PoolReport {
    let checked = checked();
    prove(&Facts::of(checked.graph()), Some(&Model::new(checked.graph()))).remove(0)
}

/// What is proved of the template after a change.
fn of_template(change: impl Fn(&mut Value)) -> PoolReport {
    let checked = checked();
    let files = cloudformation::files(&checked, cloudformation::Format::Json);
    let text = files.into_values().next().expect("a template");
    let mut template: Value = serde_json::from_slice(&text).expect("it is JSON");
    change(&mut template["Resources"]);
    let text = template.to_string();
    let source = Source { path: Path::new("template.json"), text: &text };
    let mut read = tenants(&[source], &archgen::cloudformation::read::Options::default())
        .expect("it can be read");
    read.owned_as_in(checked.graph());
    prove(&read.facts, Some(&Model::new(&read.graph))).remove(0)
}

/// The code and culprit of the only thing that is broken after a change.
#[track_caller]
fn culprit(change: impl Fn(&mut Value)) -> String {
    let report = of_template(change);
    let [broken] = report.broken.as_slice() else { panic!("{:#?}", report.broken) };
    let name = broken.culprit.as_ref().map(|it| it.resource.as_str()).unwrap_or_default();
    format!("{} {name}", broken.code)
}

#[test]
fn a_template_proves_what_its_graph_does() {
    let (graph, template) = (of_graph(), of_template(|_| {}));
    assert_eq!(template.broken, [], "{:#?}", template.broken);
    assert_eq!(template.unknown, []);
    assert_eq!(table(&graph), table(&template));
}

#[test]
fn what_is_changed_in_a_template_is_found() {
    assert_eq!(
        culprit(|it| {
            let group = it["ClientsGlobexService"]["Properties"]["NetworkConfiguration"]
                ["AwsvpcConfiguration"]["SecurityGroups"][0]
                .clone();
            it["ClientsAcmeService"]["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]
                ["SecurityGroups"]
                .as_array_mut()
                .expect("groups")
                .push(group);
        }),
        "AG0605 ClientsAcmeService"
    );
    assert_eq!(
        culprit(|it| {
            it["Added"] = serde_json::json!({
                "Type": "AWS::EC2::SecurityGroupIngress",
                "Properties": {
                    "GroupId": { "Fn::GetAtt": ["ClientsAcmeSecurityGroup", "GroupId"] },
                    "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8",
                },
            });
            it["AddedToo"] = serde_json::json!({
                "Type": "AWS::EC2::SecurityGroupEgress",
                "Properties": {
                    "GroupId": { "Fn::GetAtt": ["ClientsGlobexSecurityGroup", "GroupId"] },
                    "IpProtocol": "-1", "CidrIp": "0.0.0.0/0",
                },
            });
        }),
        "AG0601 Added"
    );
    assert_eq!(
        culprit(|it| {
            it["ClientsAcmeTaskRole"]["Properties"]["Policies"] = serde_json::json!([{
                "PolicyName": "permissions",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{
                        "Sid": "Wide", "Effect": "Allow", "Action": ["logs:*"], "Resource": "*",
                    }],
                },
            }]);
        }),
        "AG0602 ClientsAcmeTaskRole"
    );
    assert_eq!(
        culprit(|it| {
            let own = &it["ClientsAcmeLogGroup"]["Properties"]["KmsKeyId"];
            it["ClientsGlobexLogGroup"]["Properties"]["KmsKeyId"] = own.clone();
        }),
        "AG0603 ClientsGlobexLogGroup"
    );
    assert_eq!(
        culprit(|it| {
            it["ClientsAcmeService"]["Properties"]["TaskDefinition"] =
                serde_json::json!({ "Ref": "ClientsGlobexTaskDefinition" });
        }),
        "AG0605 ClientsAcmeService"
    );
    assert_eq!(
        culprit(|it| {
            let conditions = &it["EdgeClientsAcmeRule"]["Properties"]["Conditions"];
            it["EdgeClientsGlobexRule"]["Properties"]["Conditions"] = conditions.clone();
        })
        .split(' ')
        .next(),
        Some("AG0604")
    );
}

#[test]
fn the_report_is_written_in_every_format() {
    let report = of_graph();
    let checked = archgen::check(&seats(Environment::Production)).expect("it is right");
    let rooms = rooms(&checked, &checked.graph().tenancies["clients"]);
    let subject = "`seats` in production";
    let text = human(subject, &report, &rooms, None, Paint { on: false });
    assert!(text.starts_with("pool `clients` of `seats` in production: 3 tenants, 2 classes, everything that is promised holds\n"), "{text}");
    for line in [
        "  1  `acme` and 1 like it: compute silo; its own network, secrets, keys, logs; routed\n",
        "  classes  pairs  compute  database  network  secrets  keys   logs   identity  routing\n",
        "  1 × 1    1      holds    -         holds    holds    holds  holds  holds     holds\n",
        "  1 × 2    2      holds    -         holds    holds    holds  holds  holds     holds\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let room = "rules of the load balancer `edge`: 3 of 100, 97 left; not enough for 101 tenants\n";
    assert!(text.contains(room), "{text}");
    let template = "resources of the template, before there are several stacks: ";
    assert!(text.contains(template), "{text}");
    let markdown = markdown(subject, &report, &rooms, None);
    assert!(markdown.contains("| classes | pairs | compute |"), "{markdown}");
    let two = pair(&report, &["acme".to_string(), "initech".to_string()]).expect("two tenants");
    let line: Value =
        serde_json::from_str(&json("seats", "production", &report, &rooms, two.as_ref()))
            .expect("it is JSON");
    assert_eq!(line["holds"], true);
    assert_eq!(line["classes"][0]["tenants"], serde_json::json!(["acme", "globex"]));
    assert_eq!(line["pair"]["cells"][0]["layer"], "compute");
    assert_eq!(line["pair"]["cells"].as_array().map(Vec::len), Some(8));
    assert!(pair(&report, &["acme".to_string(), "nobody".to_string()]).is_err());
    assert!(pair(&report, &["acme".to_string()]).is_err());
}
