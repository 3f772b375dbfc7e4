//! `archgen check` and `archgen reach` on Terraform modules.

use std::path::Path;

use serde_json::Value;

use super::{archgen, stderr, stdout};

const MAIN: &str = r#"variable "office" {
  type = string
}

module "network" {
  source = "./vpc"
  zones  = ["a", "b"]
}

resource "aws_security_group" "shell" {
  vpc_id = module.network.vpc_id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [var.office]
  }
}

resource "aws_instance" "bastion" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = module.network.public["b"]
  vpc_security_group_ids      = [aws_security_group.shell.id]
  associate_public_ip_address = true
}
"#;

const VPC: &str = r#"variable "zones" {
  type = list(string)
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "public" {
  for_each   = { for index, zone in var.zones : zone => index }
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(aws_vpc.this.cidr_block, 8, each.value)
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_default_route_table" "this" {
  default_route_table_id = aws_vpc.this.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.this.id
  }
}

output "vpc_id" {
  value = aws_vpc.this.id
}

output "public" {
  value = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}
"#;

/// The module in a folder of its own, and the folder's path.
fn module() -> (tempfile::TempDir, String) {
    let root = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(root.path().join("main.tf"), MAIN).expect("a file");
    std::fs::create_dir(root.path().join("vpc")).expect("a folder");
    std::fs::write(root.path().join("vpc/main.tf"), VPC).expect("a file");
    let path = root.path().to_str().expect("a path of ASCII").to_owned();
    (root, path)
}

#[test]
fn findings_stand_at_the_lines_of_the_module() {
    let (_root, path) = module();
    // A file stands for its module, and the module is checked once.
    let file = format!("{path}/main.tf");
    for targets in [vec![path.as_str()], vec![&file], vec![&path, &file]] {
        let output = archgen(&[vec!["check"], targets].concat());
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let text = stdout(&output);
        assert_eq!(text.matches("error[AG0311]").count(), 1, "{text}");
        assert!(text.contains("`aws_security_group.shell` opens port 22 (SSH)"), "{text}");
        assert!(text.contains("main.tf:12:3"), "{text}");
        assert!(text.contains("the variable `office` has no value"), "{text}");
        assert!(text.contains(": 1 error, 0 warnings, 1 part not read\n"), "{text}");
    }
}

#[test]
fn answers_follow_modules_instances_and_variables() {
    let (_root, path) = module();
    let to_bastion = ["reach", &path, "--from", "internet", "--to", "aws_instance.bastion"];
    let output = archgen(&[&to_bastion[..], &["--port", "22"]].concat());
    let text = stdout(&output);
    assert!(text.starts_with("yes: `internet` reaches `aws_instance.bastion` on tcp/22"), "{text}");
    assert!(text.contains("module.network.aws_subnet.public[\"b\"]"), "{text}");
    assert!(text.contains("aws_instance.bastion  10.0.1.0/24"), "{text}");
    assert!(stderr(&output).contains("1 part not read"), "{}", stderr(&output));

    let web = ["--port", "443", "--expect"];
    let with = |office: &str, expect: &str| {
        let office = format!("office={office}");
        let given = ["--param", office.as_str()];
        archgen(&[&to_bastion[..], &web[..], &[expect], &given[..]].concat()).status.code()
    };
    assert_eq!(with("0.0.0.0/0", "yes"), Some(0));
    assert_eq!(with("10.9.0.0/16", "no"), Some(0));
}

#[test]
fn files_of_assignments_give_variables_their_values() {
    let (root, path) = module();
    let answer = |more: &[&str]| {
        let to_bastion = ["reach", &path, "--from", "internet", "--to", "aws_instance.bastion"];
        let output = archgen(&[&to_bastion[..], &["--port", "443"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output).split(':').next().unwrap_or_default().to_owned()
    };
    assert_eq!(answer(&[]), "unknown");
    let write = |name: &str, text: &str| std::fs::write(root.path().join(name), text);
    write("terraform.tfvars", "office = \"10.9.0.0/16\"\n").expect("a file");
    assert_eq!(answer(&[]), "no");
    write("office.auto.tfvars.json", "{\"office\": \"0.0.0.0/0\"}").expect("a file");
    assert_eq!(answer(&[]), "yes");
    // What is given on the command line counts most.
    assert_eq!(answer(&["--param", "office=10.9.0.0/16"]), "no");
}

#[track_caller]
fn assert_refused(output: &std::process::Output, code: &str) {
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(output).contains(code), "{}", stderr(output));
}

#[test]
fn what_cannot_be_done_is_said() {
    let (root, path) = module();
    let output = archgen(&["check", &path, "--param", "ofice=10.9.0.0/16"]);
    assert_refused(&output, "AG0921");
    assert!(stderr(&output).contains("did you mean `office`?"), "{}", stderr(&output));

    let output = archgen(&["check", &path, "--env", "production"]);
    assert_refused(&output, "AG0932");

    let output = archgen(&["check", &format!("{path}/gone.tf")]);
    assert_refused(&output, "AG0907");

    std::fs::write(root.path().join("more.tf"), "resource \"aws_vpc\" {").expect("a file");
    let output = archgen(&["check", &path]);
    assert_refused(&output, "AG0933");
    assert!(stderr(&output).contains("more.tf:1:"), "{}", stderr(&output));
}

/// What is emitted for Terraform reaches what is emitted for CloudFormation, pair by pair.
#[test]
fn both_targets_are_one_network() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let out = root.path().to_str().expect("a path of ASCII");
    let emitted = archgen(&["emit", "prod-infra", "--target", "all", "--no-lock", "--out", out]);
    assert_eq!(emitted.status.code(), Some(0), "{}", stderr(&emitted));
    let relation = |path: &str| {
        let path = format!("{out}/prod-infra/production/{path}");
        assert!(Path::new(&path).exists(), "{path}");
        let output = archgen(&["reach", &path, "--all", "--format", "json"]);
        // Names are those of the target: what is left is compared, and how often it is there.
        let mut all: Vec<Value> = stdout(&output)
            .lines()
            .map(|it| serde_json::from_str(it).expect("each line is JSON"))
            .collect();
        for it in &mut all {
            let line = it.as_object_mut().expect("an object");
            line.retain(|name, _| {
                ["protocol", "ports", "family", "reachable"].contains(&name.as_str())
            });
        }
        let mut all: Vec<String> = all.iter().map(Value::to_string).collect();
        all.sort();
        all
    };
    let terraform = relation("terraform");
    assert!(terraform.len() > 100, "{}", terraform.len());
    assert_eq!(terraform, relation("cloudformation/template.json"));
}
