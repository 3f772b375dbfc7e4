//! Both syntaxes, expansion, called modules, override files, parameters, names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archgen_core::resource::ResourceId;

use super::super::{Error, FolderFiles, Options, Source, read};
use super::{lists, lists_nothing, reading, reading_with, rules, show, with};

#[test]
fn both_syntaxes_are_the_same() {
    let native = reading(
        r#"
variable "names" { default = ["a", "b"] }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  for_each   = toset(var.names)
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, index(var.names, each.key))
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
  dynamic "ingress" {
    for_each = [443, 8443]
    iterator = it
    content {
      protocol    = "tcp"
      from_port   = it.value
      to_port     = it.value
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
"#,
    );
    let json = r#"{
  "//": "a comment",
  "variable": {"names": {"default": ["a", "b"]}},
  "resource": {
    "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16", "//": "another"}},
    "aws_subnet": {"s": [{
      "for_each": "${toset(var.names)}",
      "vpc_id": "${aws_vpc.v.id}",
      "cidr_block": "${cidrsubnet(\"10.0.0.0/16\", 8, index(var.names, each.key))}"
    }]},
    "aws_security_group": {"g": {
      "vpc_id": "${aws_vpc.v.id}",
      "ingress": {"protocol": "tcp", "from_port": 80, "to_port": 80, "cidr_blocks": ["0.0.0.0/0"]},
      "dynamic": {"ingress": {
        "for_each": [443, 8443],
        "iterator": "it",
        "content": {"protocol": "tcp", "from_port": "${it.value}", "to_port": "${it.value}", "cidr_blocks": ["0.0.0.0/0"]}
      }}
    }}
  }
}"#;
    let source = Source { path: Path::new("main.tf.json"), text: json };
    let json = read(&[source], &Options::default()).unwrap_or_else(|it| panic!("{it}"));
    lists_nothing(&native);
    lists_nothing(&json);
    assert_eq!(native.graph.resources.len(), 7);
    let kinds = |it: &super::Reading| {
        let all = it.graph.resources.iter();
        all.map(|it| format!("{} {:?}", it.0, it.1.kind)).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&native), kinds(&json));
    assert_eq!(native.parameters[0].name, "names");
    assert_eq!(
        rules(&json.graph, "aws_security_group.g"),
        [
            "in Cidr(Literal(Cidr(0.0.0.0/0))) tcp/443",
            "in Cidr(Literal(Cidr(0.0.0.0/0))) tcp/80",
            "in Cidr(Literal(Cidr(0.0.0.0/0))) tcp/8443",
        ]
    );
}

#[test]
fn places_are_those_of_the_values() {
    let it = reading("resource \"aws_vpc\" \"v\" {\n  cidr_block = var.x\n}\nvariable \"x\" {}\n");
    assert_eq!(
        it.unread[0].to_string(),
        "main.tf:2:16: `aws_vpc.v`: `cidr_block` is not read: the variable `x` has no value"
    );
    let text = "{\"resource\": {\"aws_vpc\": {\"v\": {\n \"cidr_block\": \"${1}\"}}}}";
    let source = Source { path: Path::new("main.tf.json"), text };
    let it = read(&[source], &Options::default()).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(
        it.unread[0].to_string(),
        "main.tf.json:2:16: `aws_vpc.v`: `cidr_block` is not read: `1` is not a CIDR block"
    );
}

#[test]
fn what_is_no_terraform_is_an_error() {
    for (path, text, start) in [
        ("main.tf", "resource \"a\" {", "main.tf:1:15:"),
        ("main.tf.json", "{\"a\": ", "main.tf.json:"),
        ("main.tf.json", "7", "main.tf.json:1:1: a configuration is an object"),
    ] {
        let source = Source { path: Path::new(path), text };
        match read(&[source], &Options::default()) {
            Ok(it) => panic!("{it:?}"),
            Err(error) => {
                assert!(error.to_string().starts_with(start), "{error} does not start {start}");
            }
        }
    }
}

#[test]
fn instances_that_are_not_known_are_listed_and_what_rests_on_them_is_unknown() {
    let it = with(
        r#"
resource "aws_subnet" "some" {
  for_each   = toset(split(",", var.open))
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.9.0/24"
}
resource "aws_vpc_security_group_ingress_rule" "some" {
  for_each          = toset(split(",", var.open))
  security_group_id = aws_security_group.g.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.value
}
resource "aws_security_group" "other" {
  count  = var.open == "x" ? 1 : 0
  vpc_id = aws_vpc.v.id
}
resource "aws_instance" "i" {
  subnet_id              = aws_subnet.some["a"].id
  vpc_security_group_ids = concat([aws_security_group.g.id], aws_security_group.other[*].id)
}
"#,
    );
    lists(&it, "aws_subnet.some for_each: which there are is not known");
    lists(&it, "aws_instance.i subnet_id: which `aws_subnet.some` there are is not known");
    lists(&it, "aws_instance.i vpc_security_group_ids: the variable `open` has no value");
    lists(&it, "aws_security_group.other[0] count: it may not exist");
    assert_eq!(rules(&it.graph, "aws_security_group.g"), ["in Cidr(Unknown) tcp/22"]);
    assert_eq!(super::place(&it, "aws_instance.i"), "? | ? | public:? ports:");
}

#[test]
fn a_count_of_two_conditions() {
    let it =
        with("resource \"aws_security_group\" \"n\" {\n count = 2\n vpc_id = aws_vpc.v.id\n}\n");
    assert!(show(&it, "aws_security_group.n[1]").starts_with("SecurityGroup("));
    assert_eq!(show(&it, "aws_security_group.n[2]"), "missing");
    let it =
        with("resource \"aws_security_group\" \"n\" {\n count = 0\n vpc_id = aws_vpc.v.id\n}\n");
    assert_eq!(show(&it, "aws_security_group.n[0]"), "missing");
    lists_nothing(&it);
}

fn folder(path: &Path) -> Result<FolderFiles, String> {
    let text = match path.to_str() {
        Some("modules/net") => {
            r#"
variable "cidr" {
  type     = string
  default  = "10.9.0.0/16"
  nullable = false
}
variable "zones" { default = 2 }
resource "aws_vpc" "this" { cidr_block = var.cidr }
resource "aws_subnet" "this" {
  count      = var.zones
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr, 8, count.index)
}
output "vpc" { value = aws_vpc.this }
output "subnets" { value = aws_subnet.this[*].id }
"#
        }
        Some("modules/loop") => "module \"again\" { source = \"../loop\" }",
        _ => return Err("there is no such folder".to_string()),
    };
    Ok(vec![(path.join("main.tf"), text.to_string())])
}

#[test]
fn modules_by_local_path() {
    let options = Options { load: &folder, ..Options::default() };
    let text = r#"
module "net" {
  source = "./modules/net"
  cidr   = null
}
module "more" {
  for_each = { x = "10.1.0.0/16", y = "10.2.0.0/16" }
  source   = "./modules/net"
  cidr     = each.value
  zones    = 1
}
module "gone" { source = "./modules/gone" }
module "far" {
  source = "terraform-aws-modules/vpc/aws"
  group  = aws_security_group.g.id
}
module "loop" { source = "./modules/loop" }
resource "aws_security_group" "g" { vpc_id = module.net.vpc.id }
resource "aws_security_group" "x" { vpc_id = module.more["x"].vpc.id }
resource "aws_security_group" "f" { vpc_id = module.far.vpc_id }
resource "aws_lb" "l" {
  subnets         = concat(module.net.subnets, module.more["y"].subnets)
  security_groups = [aws_security_group.g.id]
  internal        = true
}
"#;
    let it = reading_with(text, &options);
    assert!(show(&it, "module.net.aws_vpc.this").contains("10.9.0.0/16"));
    assert!(show(&it, "module.more[\"y\"].aws_subnet.this[0]").contains("10.2.0.0/24"));
    assert!(show(&it, "aws_security_group.g").contains("→module.net.aws_vpc.this"));
    assert!(show(&it, "aws_security_group.x").contains("→module.more[\"x\"].aws_vpc.this"));
    assert!(show(&it, "aws_security_group.f").contains("→module.far.vpc_id"));
    lists(&it, "module.gone source: `modules/gone` cannot be read: there is no such folder");
    lists(&it, "module.far source: `terraform-aws-modules/vpc/aws` is not a local path");
    lists(&it, "module.loop.module.again source: `../loop` calls itself");
    // What it is given it may change.
    assert_eq!(
        rules(&it.graph, "aws_security_group.g"),
        ["in Cidr(Unknown) unknown traffic", "out Cidr(Unknown) unknown traffic"]
    );
    assert_eq!(
        super::place(&it, "aws_lb.l"),
        "module.net.aws_subnet.this[0] module.net.aws_subnet.this[1] \
         module.more[\"y\"].aws_subnet.this[0] | aws_security_group.g | public:no ports:"
    );
}

#[test]
fn override_files_change_arguments_and_blocks() {
    let files = [
        (
            "main.tf",
            r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"#,
        ),
        (
            "z_override.tf.json",
            r#"{"resource": {"aws_vpc": {"v": {"cidr_block": "10.1.0.0/16"}}, "aws_security_group": {"g": {"ingress": [{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}]}}}}"#,
        ),
        ("notes.md", "# nothing"),
    ];
    let files: Vec<(PathBuf, &str)> = files.iter().map(|it| (PathBuf::from(it.0), it.1)).collect();
    let sources: Vec<Source<'_>> =
        files.iter().map(|it| Source { path: &it.0, text: it.1 }).collect();
    let it = read(&sources, &Options::default()).unwrap_or_else(|it| panic!("{it}"));
    assert!(show(&it, "aws_vpc.v").contains("10.1.0.0/16"));
    assert_eq!(
        rules(&it.graph, "aws_security_group.g"),
        ["in Cidr(Literal(Cidr(0.0.0.0/0))) tcp/443"]
    );
}

#[test]
fn what_is_declared_twice_is_listed() {
    let it = reading(
        "resource \"aws_vpc\" \"v\" { cidr_block = \"10.0.0.0/16\" }\nresource \"aws_vpc\" \"v\" {}\nunheard {}\n",
    );
    lists(&it, " resource: it is declared twice");
    lists(&it, " unheard: the block is not one that is known here");
}

#[test]
fn parameters() {
    let text = r#"
variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}
variable "ports" {
  type    = list(number)
  default = []
}
variable "count_of" {
  type    = number
  default = 0
}
resource "aws_vpc" "v" { cidr_block = var.cidr }
resource "aws_security_group" "g" {
  count  = var.count_of
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = var.ports
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = [var.cidr]
    }
  }
}
"#;
    let given = |all: &[(&str, &str)]| -> BTreeMap<String, String> {
        all.iter().map(|it| (it.0.to_string(), it.1.to_string())).collect()
    };
    let parameters = given(&[("cidr", "10.5.0.0/16"), ("ports", "[22, 80]"), ("count_of", "1")]);
    let it = reading_with(text, &Options { parameters, ..Options::default() });
    assert!(show(&it, "aws_vpc.v").contains("10.5.0.0/16"));
    assert_eq!(rules(&it.graph, "aws_security_group.g[0]").len(), 2);
    assert_eq!(it.parameters[2].kind, "list(number)");
    assert_eq!(it.parameters[0].value.as_deref(), Some("10.5.0.0/16"));
    // Without defaults nothing is known of them.
    let it = reading_with(text, &Options { defaults: false, ..Options::default() });
    lists(&it, "aws_vpc.v cidr_block: the variable `cidr` has no value");
    let source = Source { path: Path::new("main.tf"), text };
    let parameters = given(&[("cider", "x")]);
    let error = read(&[source], &Options { parameters, ..Options::default() });
    assert!(matches!(error, Err(Error::NoSuchParameter { .. })), "{error:?}");
    let parameters = given(&[("count_of", "x")]);
    let error = read(&[source], &Options { parameters, ..Options::default() });
    assert!(matches!(error, Err(Error::ParameterValue { .. })), "{error:?}");
}

#[test]
fn resources_have_the_names_they_are_given() {
    let names = BTreeMap::from([
        ("aws_vpc.v".to_string(), ResourceId::new(&["network", "vpc"])),
        ("aws_subnet.s[\"a\"]".to_string(), ResourceId::new(&["network", "a", "subnet"])),
    ]);
    let text = r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  for_each   = { a = "10.0.0.0/24" }
  vpc_id     = aws_vpc.v.id
  cidr_block = each.value
}
resource "aws_subnet" "t" {
  vpc_id     = aws_vpc.v.id
  cidr_block = var.x
}
variable "x" {}
"#;
    let it = reading_with(text, &Options { names, ..Options::default() });
    assert!(show(&it, "network.a.subnet").contains("→network.vpc"));
    lists(&it, "aws_subnet.t cidr_block:");
}
