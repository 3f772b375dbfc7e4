//! Edits of an emitted template, as a text that nobody but CloudFormation understands.

use std::path::Path;

use archgen::Checked;
use archgen::cloudformation::{self, Format, read};
use archgen::core::isolation::{self, PoolReport};
use archgen::core::network::Model;
use archgen::core::tenant_fields::Layer;
use serde_json::{Value, json};

use super::{Edit, Random};

/// What is emitted of a platform.
pub struct Emitted {
    checked: Checked,
    template: Value,
}

impl Emitted {
    pub fn new(checked: &Checked) -> Emitted {
        let files = cloudformation::files(checked, Format::Json);
        let text = &files["template.json"];
        let template = match serde_json::from_slice(text) {
            Ok(it) => it,
            Err(error) => panic!("{error}"),
        };
        let it = Emitted { checked: checked.clone(), template };
        let (_, before) = it.prove(|_| Edit::harmless(String::new()));
        assert!(before.iter().all(|it| it.broken.is_empty()), "{:#?}", before[0].broken);
        it
    }

    /// Edits a copy, reads it back, and proves it.
    pub fn prove(&self, edit: impl FnOnce(&mut Value) -> Edit) -> (Edit, Vec<PoolReport>) {
        let mut template = self.template.clone();
        let edit = edit(&mut template["Resources"]);
        let text = template.to_string();
        let source = read::Source { path: Path::new("template.json"), text: &text };
        let mut tenants = match read::tenants(&[source], &read::Options::default()) {
            Ok(it) => it,
            Err(error) => panic!("{error}"),
        };
        tenants.owned_as_in(self.checked.graph());
        let reports = isolation::prove(&tenants.facts, Some(&Model::new(&tenants.graph)));
        (edit, reports)
    }
}

/// `SeatsAcmeTaskRole`.
fn own(tenant: &str, what: &str) -> String {
    format!("Seats{}{what}", capital(tenant))
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

/// The properties of a resource, which is there.
fn of<'a>(resources: &'a mut Value, id: &str) -> &'a mut Value {
    assert!(resources[id].is_object(), "no resource `{id}`");
    &mut resources[id]["Properties"]
}

fn push(list: &mut Value, it: Value) {
    match list {
        Value::Array(all) => all.push(it),
        Value::Null => *list = json!([it]),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            panic!("no list: {list}")
        }
    }
}

fn statement(resources: &mut Value, role: &str, it: Value) {
    let policies = &mut of(resources, role)["Policies"];
    if policies.is_null() {
        *policies = json!([{
            "PolicyName": "fault",
            "PolicyDocument": { "Version": "2012-10-17", "Statement": [] },
        }]);
    }
    push(&mut policies[0]["PolicyDocument"]["Statement"], it);
}

fn allow(action: &str, on: Value) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": on })
}

/// One fault.
pub fn fault(all: &mut Value, random: &mut Random) -> Edit {
    let (a, b) = random.two();
    let task = own(a, "TaskDefinition");
    let container = "ContainerDefinitions";
    match random.below(15) {
        0 => {
            all["Fault"] = json!({
                "Type": "AWS::EC2::SecurityGroupIngress",
                "Properties": {
                    "GroupId": { "Fn::GetAtt": [own(b, "SecurityGroup"), "GroupId"] },
                    "SourceSecurityGroupId": { "Fn::GetAtt": [own(a, "SecurityGroup"), "GroupId"] },
                    "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                },
            });
            Edit::fault(format!("rule: {a} into {b}"), "Fault", &[Layer::Network])
        }
        1 => {
            let group = own(b, "SecurityGroup");
            let open = random.pick(&["0.0.0.0/0", "10.0.0.0/8"]);
            let rule = json!({
                "CidrIp": open, "IpProtocol": "tcp", "FromPort": 1, "ToPort": 65535,
                "Description": "a fault",
            });
            push(&mut of(all, &group)["SecurityGroupIngress"], rule);
            let mut edit =
                Edit::fault(format!("inline rule: {open} into {b}"), &group, &[Layer::Network]);
            // What is said within a group may be called as a part of it.
            edit.culprits.push(format!("{group}.Ingress[0]"));
            edit
        }
        2 => {
            let role = own(a, *random.pick(&["TaskRole", "ExecutionRole"]));
            let secret = json!({ "Ref": own(b, "StripeSecret") });
            statement(all, &role, allow("secretsmanager:GetSecretValue", secret));
            Edit::fault(format!("statement: {role} reads that of {b}"), &role, &[Layer::Identity])
        }
        3 => {
            let role = own(a, "ExecutionRole");
            let to = *random.pick(&["*", "arn:aws:secretsmanager:*:*:secret:*"]);
            let action = *random.pick(&["secretsmanager:*", "secretsmanager:Get*", "*"]);
            statement(all, &role, allow(action, json!(to)));
            Edit::fault(format!("wildcard: {role} may {action} on {to}"), &role, &[Layer::Identity])
        }
        4 => {
            let role = own(a, "TaskRole");
            let on = json!({ "Fn::GetAtt": [own(b, "LogGroup"), "Arn"] });
            statement(all, &role, allow("logs:GetLogEvents", on));
            Edit::fault(format!("logs: {role} reads those of {b}"), &role, &[Layer::Identity])
        }
        5 => {
            let role = own(a, "TaskRole");
            let on = json!({ "Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*" });
            statement(all, &role, allow("kms:Decrypt", on));
            Edit::fault(format!("keys: {role} decrypts everything"), &role, &[Layer::Identity])
        }
        6 => {
            let secret =
                json!({ "Name": "SHARED", "ValueFrom": { "Ref": own(b, "StripeSecret") } });
            push(&mut of(all, &task)[container][0]["Secrets"], secret);
            Edit::fault(format!("secret: {a} is given that of {b}"), &task, &[Layer::Secrets])
        }
        7 => {
            of(all, &task)[container][0]["LogConfiguration"]["Options"]["awslogs-group"] =
                json!({ "Ref": own(b, "LogGroup") });
            Edit::fault(format!("logs: {a} writes to those of {b}"), &task, &[Layer::Logs])
        }
        8 => {
            let secret = own(a, "StripeSecret");
            of(all, &secret)["KmsKeyId"] = json!({ "Fn::GetAtt": [own(b, "KeyKmsKey"), "Arn"] });
            Edit::fault(format!("key: of {b} on {secret}"), &secret, &[Layer::Keys])
        }
        9 => {
            let rule = format!("EdgeSeats{}Rule", capital(a));
            let host = match random.below(3) {
                0 => format!("{b}.example.com"),
                1 => "*.example.com".to_string(),
                _ => format!("{}*", &b[..1]),
            };
            let it = of(all, &rule);
            it["Priority"] = json!(1);
            it["Conditions"] =
                json!([{ "Field": "host-header", "HostHeaderConfig": { "Values": [host] } }]);
            Edit::fault(format!("host: {rule} is for {host}"), &rule, &[Layer::Routing])
        }
        10 => {
            let rule = format!("EdgeSeats{}Rule", capital(a));
            let targets = json!({ "Ref": format!("EdgeSeats{}TargetGroup", capital(b)) });
            of(all, &rule)["Actions"] = json!([{ "Type": "forward", "TargetGroupArn": targets }]);
            let layers = [Layer::Routing, Layer::Compute];
            Edit::fault(format!("targets: {rule} leads to {b}"), &rule, &layers)
        }
        11 => {
            let service = own(b, "Service");
            let group = json!({ "Fn::GetAtt": [own(a, "SecurityGroup"), "GroupId"] });
            let network = &mut of(all, &service)["NetworkConfiguration"]["AwsvpcConfiguration"];
            push(&mut network["SecurityGroups"], group);
            let layers = [Layer::Compute, Layer::Network];
            Edit::fault(format!("group: of {a} on {service}"), &service, &layers)
        }
        12 => {
            let key = own(b, "KeyKmsKey");
            let it = json!({
                "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": "*",
                "Principal": { "AWS": { "Fn::GetAtt": [own(a, "TaskRole"), "Arn"] } },
            });
            push(&mut of(all, &key)["KeyPolicy"]["Statement"], it);
            Edit::fault(format!("key policy: {key} admits {a}"), &key, &[Layer::Identity])
        }
        13 => {
            let service = own(a, "Service");
            of(all, &service)["TaskDefinition"] = json!({ "Ref": own(b, "TaskDefinition") });
            let layers = [Layer::Compute, Layer::Secrets, Layer::Logs, Layer::Identity];
            Edit::fault(format!("tasks: {service} runs those of {b}"), &service, &layers)
        }
        _ => {
            of(all, &task)["TaskRoleArn"] = json!({ "Fn::GetAtt": [own(b, "TaskRole"), "Arn"] });
            let layers = [Layer::Identity, Layer::Compute];
            Edit::fault(format!("role: {task} has that of {b}"), &task, &layers)
        }
    }
}

/// One edit that lets nobody at anything.
pub fn harmless(all: &mut Value, random: &mut Random) -> Edit {
    let (a, b) = random.two();
    match random.below(11) {
        0 => {
            all["Half"] = json!({
                "Type": "AWS::EC2::SecurityGroupIngress",
                "Properties": {
                    "GroupId": { "Fn::GetAtt": [own(b, "SecurityGroup"), "GroupId"] },
                    "SourceSecurityGroupId": { "Fn::GetAtt": [own(a, "SecurityGroup"), "GroupId"] },
                    "IpProtocol": "tcp", "FromPort": 9000, "ToPort": 9000,
                },
            });
            Edit::harmless(format!("half a path: {a} into {b}"))
        }
        1 => {
            let role = own(a, "ExecutionRole");
            let deny = json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "*" });
            statement(all, &role, deny);
            Edit::harmless(format!("deny: {role}"))
        }
        2 => {
            let role = own(a, "TaskRole");
            let on = json!({ "Ref": own(a, "StripeSecret") });
            statement(all, &role, allow("secretsmanager:*", on));
            Edit::harmless(format!("own secret: {role}"))
        }
        3 => {
            let (one, other) =
                (format!("EdgeSeats{}Rule", capital(a)), format!("EdgeSeats{}Rule", capital(b)));
            let first = of(all, &one)["Priority"].take();
            let second = of(all, &other)["Priority"].take();
            of(all, &one)["Priority"] = second;
            of(all, &other)["Priority"] = first;
            Edit::harmless(format!("priorities: of {a} and {b} swapped"))
        }
        4 => {
            let service = own(a, "Service");
            of(all, &service)["DesiredCount"] = json!(3);
            Edit::harmless(format!("size: {service}"))
        }
        5 => {
            let logs = own(a, "LogGroup");
            of(all, &logs)["RetentionInDays"] = json!(365);
            Edit::harmless(format!("retention: {logs}"))
        }
        6 => {
            let task = own(a, "TaskDefinition");
            let it = json!({ "Name": "AGAIN", "ValueFrom": { "Ref": own(a, "StripeSecret") } });
            push(&mut of(all, &task)["ContainerDefinitions"][0]["Secrets"], it);
            Edit::harmless(format!("own variable: {task}"))
        }
        7 => {
            let role = own(a, "TaskRole");
            statement(all, &role, allow("cloudwatch:PutMetricData", json!("*")));
            Edit::harmless(format!("metrics: {role}"))
        }
        8 => {
            let secret = own(a, "StripeSecret");
            let it = of(all, &secret);
            it["Description"] = json!("other words");
            push(&mut it["Tags"], json!({ "Key": "owner", "Value": b }));
            Edit::harmless(format!("tag: {secret}"))
        }
        9 => {
            let rule = format!("EdgeSeats{}Rule", capital(a));
            let hosts = &mut of(all, &rule)["Conditions"][0]["HostHeaderConfig"]["Values"];
            push(hosts, json!(format!("{a}-eu.example.com")));
            Edit::harmless(format!("second host: {rule}"))
        }
        _ => {
            all["Topic"] = json!({ "Type": "AWS::SNS::Topic", "Properties": {} });
            let role = own(a, "TaskRole");
            statement(all, &role, allow("sns:Publish", json!({ "Ref": "Topic" })));
            Edit::harmless(format!("shared topic: {role}"))
        }
    }
}
