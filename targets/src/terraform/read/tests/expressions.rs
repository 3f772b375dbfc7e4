//! Expressions and functions, each by what Terraform's pages say it gives.

use std::path::Path;

use super::super::syntax::Expr;
use super::super::world::{Names, World};
use super::super::{Options, Source, hcl};
use crate::read::data::{Data, DataKind};

const MODULE: &str = r#"
variable "none" { type = string }
variable "text" { default = "web" }
variable "flag" {}
variable "ports" {
  type    = list(number)
  default = ["80", 443]
}
variable "shape" {
  type = object({ name = string, size = optional(number, 3), note = optional(string) })
  default = { name = "x" }
}
locals {
  zones  = ["a", "b", "c"]
  by     = { one = 1, two = 2 }
  loop   = local.pool
  pool   = local.loop
  nested = { list = [{ id = "p" }, { id = "q" }] }
}
data "aws_availability_zones" "all" {}
data "aws_region" "here" {}
data "aws_vpc" "given" { id = "vpc-1" }
data "aws_vpc" "found" { default = true }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "n" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
}
resource "aws_subnet" "e" {
  for_each   = { x = 4, y = 5 }
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, each.value)
}
resource "aws_subnet" "maybe" {
  count      = var.flag ? 1 : 0
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.200.0/24"
}
"#;

/// A value in a few words; what is not known is in angle brackets.
fn text(it: &Data) -> String {
    match &it.kind {
        DataKind::Absent => "null".to_string(),
        DataKind::Bool(it) => it.to_string(),
        DataKind::Number(it) => it.clone(),
        DataKind::Text(it) => format!("{it:?}"),
        DataKind::Composed(parts) => parts.iter().map(text).collect::<Vec<_>>().join("~"),
        DataKind::List(items) => {
            format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(", "))
        }
        DataKind::Map(entries) => {
            let all: Vec<String> =
                entries.iter().map(|it| format!("{} = {}", it.0, text(&it.1))).collect();
            format!("{{{}}}", all.join(", "))
        }
        DataKind::Reference(it) => it.to_string().replace('`', ""),
        DataKind::Zone(it) => format!("zone {it}"),
        DataKind::Zones => "zones".to_string(),
        DataKind::Part(it) => format!("part {} of {}", it.index, it.bits),
        DataKind::Either(_, yes, no) => format!("({} | {})", text(yes), text(no)),
        DataKind::Unknown(_) if super::super::evaluate::is_refused(it) => "refused".to_string(),
        DataKind::Unknown(it) => match &it.source {
            Some(it) => format!("<{it}>"),
            None => "<?>".to_string(),
        },
    }
}

fn value(expression: &str) -> String {
    let options = Options::default();
    let source = Source { path: Path::new("main.tf"), text: MODULE };
    let world = World::read(&[source], &options).unwrap_or_else(|it| panic!("{it}"));
    let root = world.module(0).unwrap_or_else(|| panic!("no module"));
    let it: Expr = hcl::expression(archgen_core::Loc::new("t", 1, 1, 1), expression)
        .unwrap_or_else(|why| panic!("{expression}: {why}"));
    text(&world.value(&root, &Names::new(), &it))
}

#[track_caller]
fn gives(table: &[(&str, &str)]) {
    for (expression, expected) in table {
        assert_eq!(value(expression), *expected, "{expression}");
    }
}

#[test]
fn literals_operators_and_templates() {
    gives(&[
        ("null", "null"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 / 2", "3.5"),
        ("7 % 4", "3"),
        ("-(2)", "-2"),
        ("!true", "false"),
        ("1 == 1.0", "true"),
        ("1 == \"1\"", "false"),
        ("\"a\" != \"b\"", "true"),
        ("2 >= 2 && 1 < 0 || 3 > 2", "true"),
        ("false && var.none", "false"),
        ("true || var.none", "true"),
        ("var.none == \"x\"", "<?>"),
        ("var.none ? 1 : 2", "(1 | 2)"),
        ("var.none ? 1 : 1", "1"),
        ("(var.none ? 1 : 2) + 1", "(2 | 3)"),
        ("true ? 1 : var.none", "1"),
        ("1 + \"x\"", "refused"),
        ("1 + var.none", "<?>"),
        ("\"a-${var.text}-${1 + 1}\"", "\"a-web-2\""),
        ("\"${var.ports}\"", "[80, 443]"),
        ("\"a ${var.none}\"", "\"a \"~<var.none>"),
        ("\"$${no} %%{no}\"", "\"${no} %{no}\""),
        ("\"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\""),
        ("\"%{ for it in local.zones }${it},%{ endfor }\"", "\"a,b,c,\""),
        ("\"a  ${~ \"b\" ~}  c\"", "\"abc\""),
        ("<<-EOT\n    one\n      two\n    EOT\n", "\"one\\n  two\\n\""),
        ("{ a = 1, \"b\" = 2, (var.text) = 3 }", "{a = 1, b = 2, web = 3}"),
        ("{ (var.none) = 3 }", "<?>"),
    ]);
}

#[test]
fn references() {
    gives(&[
        ("var.text", "\"web\""),
        ("var.ports", "[80, 443]"),
        ("var.none", "<var.none>"),
        ("var.shape", "{name = \"x\", size = 3, note = null}"),
        ("var.other", "refused"),
        ("local.zones[1]", "\"b\""),
        ("local.zones[3]", "refused"),
        ("local.by.two", "2"),
        ("local.by[\"one\"]", "1"),
        ("local.by.three", "refused"),
        ("local.nested.list[*].id", "[\"p\", \"q\"]"),
        ("local.nested.list.*.id[1]", "\"q\""),
        ("local.loop", "<?>"),
        ("aws_vpc.v", "aws_vpc.v"),
        ("aws_vpc.v.id", "aws_vpc.v"),
        ("aws_vpc.v.cidr_block", "\"10.0.0.0/16\""),
        ("aws_vpc.v.default_security_group_id", "aws_vpc.v.DefaultSecurityGroup"),
        ("aws_vpc.v.main_route_table_id", "aws_vpc.v.MainRouteTable"),
        ("cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 3)", "part 3 of 64"),
        ("aws_subnet.n", "[aws_subnet.n[0], aws_subnet.n[1]]"),
        ("aws_subnet.n[*].id", "[aws_subnet.n[0], aws_subnet.n[1]]"),
        ("aws_subnet.n[1].cidr_block", "\"10.0.1.0/24\""),
        ("aws_subnet.n[2].id", "refused"),
        ("aws_subnet.e[\"x\"].cidr_block", "\"10.0.4.0/24\""),
        ("[for it in aws_subnet.e : it.id]", "[aws_subnet.e[\"x\"], aws_subnet.e[\"y\"]]"),
        ("values(aws_subnet.e)[*].vpc_id", "[aws_vpc.v, aws_vpc.v]"),
        ("length(aws_subnet.n)", "2"),
        ("aws_subnet.maybe[0].id", "(aws_subnet.maybe[0] | refused)"),
        ("length(aws_subnet.maybe)", "(1 | 0)"),
        ("one(aws_subnet.maybe[*].id)", "(aws_subnet.maybe[0] | null)"),
        ("try(aws_subnet.maybe[0].id, \"none\")", "(aws_subnet.maybe[0] | \"none\")"),
        ("aws_subnet.other.id", "refused"),
        ("data.aws_availability_zones.all.names", "zones"),
        ("data.aws_availability_zones.all.names[2]", "zone 2"),
        ("data.aws_region.here.name", "<AWS::Region>"),
        ("data.aws_vpc.given.id", "\"vpc-1\""),
        ("data.aws_vpc.found.id", "<data.aws_vpc.found.id>"),
        ("data.aws_vpc.found.other[0].x", "<data.aws_vpc.found.other[0].x>"),
        ("path.module", "<path.module>"),
        ("terraform.workspace", "<terraform.workspace>"),
        ("each.key", "refused"),
    ]);
}

#[test]
fn loops() {
    gives(&[
        ("[for it in local.zones : upper(it)]", "[\"A\", \"B\", \"C\"]"),
        ("[for at, it in local.zones : \"${at}${it}\" if at > 0]", "[\"1b\", \"2c\"]"),
        ("{ for it in local.zones : it => 1 if it != \"b\" }", "{a = 1, c = 1}"),
        ("{ for key, it in local.by : it => key }", "{1 = \"one\", 2 = \"two\"}"),
        (
            "{ for it in [\"a1\", \"a2\", \"b1\"] : substr(it, 0, 1) => it... }",
            "{a = [\"a1\", \"a2\"], b = [\"b1\"]}",
        ),
        ("{ for it in [1, 1] : it => it }", "refused"),
        ("[for it in [1, 2] : it if var.none == \"x\"]", "[(1 | null), (2 | null)]"),
        ("[for it in var.none : it]", "<?>"),
        ("null[*]", "[]"),
        ("1[*]", "[1]"),
    ]);
}

#[test]
fn functions_of_addresses() {
    gives(&[
        ("cidrsubnet(\"172.16.0.0/12\", 4, 2)", "\"172.18.0.0/16\""),
        ("cidrsubnet(\"10.1.2.0/24\", 4, 15)", "\"10.1.2.240/28\""),
        ("cidrsubnet(\"fd00:fd12:3456:7890::/56\", 16, 162)", "\"fd00:fd12:3456:7800:a200::/72\""),
        ("cidrsubnet(\"10.0.0.0/16\", 8, 256)", "refused"),
        ("cidrsubnet(\"10.0.0.0/16\", 17, 0)", "refused"),
        ("cidrsubnet(\"10.0.0.0/16\", 8, -1)", "refused"),
        ("cidrsubnet(\"nonsense\", 8, 1)", "refused"),
        ("cidrsubnet(var.none, 8, 1)", "<?>"),
        (
            "cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4)",
            "[\"10.1.0.0/20\", \"10.1.16.0/20\", \"10.1.32.0/24\", \"10.1.48.0/20\"]",
        ),
        (
            "cidrsubnets(\"10.0.0.0/16\", [for it in range(2) : 8]...)",
            "[\"10.0.0.0/24\", \"10.0.1.0/24\"]",
        ),
        ("cidrsubnets(\"10.0.0.0/24\", 1, 1, 1)", "refused"),
        ("cidrhost(\"10.12.112.0/20\", 16)", "\"10.12.112.16\""),
        ("cidrhost(\"10.12.112.0/20\", -1)", "\"10.12.127.255\""),
        ("cidrhost(\"10.12.112.0/20\", 5000)", "refused"),
        ("cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\""),
    ]);
}

#[test]
fn functions_of_collections() {
    gives(&[
        ("length([1, 2])", "2"),
        ("length({ a = 1 })", "1"),
        ("length(\"four\")", "4"),
        ("element([\"a\", \"b\"], 3)", "\"b\""),
        ("element([\"a\", \"b\"], -1)", "\"b\""),
        ("element([], 0)", "refused"),
        ("element(data.aws_availability_zones.all.names, 1)", "zone 1"),
        ("element(data.aws_availability_zones.all.names, 4)", "<?>"),
        ("lookup({ a = 1 }, \"a\", 2)", "1"),
        ("lookup({ a = 1 }, \"b\", 2)", "2"),
        ("lookup({ a = 1 }, \"b\")", "refused"),
        ("concat([1], [2, 3])", "[1, 2, 3]"),
        ("concat([1], var.none ? [2] : [])", "([1, 2] | [1])"),
        ("concat([1], var.none)", "<?>"),
        ("merge({ a = 1 }, { a = 2, b = 3 }, null)", "{a = 2, b = 3}"),
        ("flatten([[1, [2]], [], 3])", "[1, 2, 3]"),
        ("toset([\"b\", \"a\", \"b\"])", "[\"b\", \"a\"]"),
        ("tolist([1])", "[1]"),
        ("tomap({ a = 1 })", "{a = 1}"),
        ("keys({ b = 1, a = 2 })", "[\"a\", \"b\"]"),
        ("values({ b = 1, a = 2 })", "[2, 1]"),
        ("zipmap([\"a\", \"b\"], [1, 2])", "{a = 1, b = 2}"),
        ("slice([\"a\", \"b\", \"c\"], 1, 3)", "[\"b\", \"c\"]"),
        ("slice([1], 0, 3)", "refused"),
        ("slice(data.aws_availability_zones.all.names, 0, 2)", "[zone 0, zone 1]"),
        ("range(3)", "[0, 1, 2]"),
        ("range(1, 4)", "[1, 2, 3]"),
        ("range(4, 0, -2)", "[4, 2]"),
        ("range(2000)", "refused"),
        ("coalesce(null, \"\", \"a\")", "\"a\""),
        ("coalesce(var.none, \"a\")", "<?>"),
        ("coalescelist([], [1])", "[1]"),
        ("compact([\"a\", \"\", null, \"b\"])", "[\"a\", \"b\"]"),
        ("distinct([1, 1, 2])", "[1, 2]"),
        ("contains([\"a\"], \"a\")", "true"),
        ("contains([\"a\"], \"b\")", "false"),
        ("contains([\"a\", var.none], \"a\")", "true"),
        ("contains([var.none], \"b\")", "<?>"),
        ("index([\"a\", \"b\"], \"b\")", "1"),
        ("reverse([1, 2])", "[2, 1]"),
        ("sort([\"b\", \"a\"])", "[\"a\", \"b\"]"),
        ("chunklist([1, 2, 3], 2)", "[[1, 2], [3]]"),
        ("setunion([\"a\"], [\"b\", \"a\"])", "[\"a\", \"b\"]"),
        ("setintersection([\"a\", \"b\"], [\"b\"])", "[\"b\"]"),
        ("setsubtract([\"a\", \"b\"], [\"b\"])", "[\"a\"]"),
        ("setproduct([1, 2], [3])", "[[1, 3], [2, 3]]"),
        ("one([])", "null"),
        ("one([1])", "1"),
        ("one([1, 2])", "refused"),
        ("alltrue([true, false])", "false"),
        ("anytrue([false, true])", "true"),
        ("sum([1, 2.5])", "3.5"),
    ]);
}

#[test]
fn functions_of_text_and_numbers() {
    gives(&[
        ("lower(\"AB\")", "\"ab\""),
        ("upper(\"ab\")", "\"AB\""),
        ("title(\"ab cd\")", "\"Ab Cd\""),
        ("trimspace(\" a \")", "\"a\""),
        ("trim(\"?!a?!\", \"!?\")", "\"a\""),
        ("trimprefix(\"ab\", \"a\")", "\"b\""),
        ("trimsuffix(\"ab\", \"b\")", "\"a\""),
        ("startswith(\"ab\", \"a\")", "true"),
        ("endswith(\"ab\", \"a\")", "false"),
        ("replace(\"1 + 2\", \"+\", \"-\")", "\"1 - 2\""),
        ("replace(\"a1\", \"/[a-z]/\", \"\")", "<?>"),
        ("substr(\"hello\", 1, 3)", "\"ell\""),
        ("substr(\"hello\", -2, -1)", "\"lo\""),
        ("join(\",\", [\"a\", 1])", "\"a,1\""),
        ("split(\",\", \"a,b\")", "[\"a\", \"b\"]"),
        ("split(\",\", join(\",\", aws_subnet.n[*].id))", "[aws_subnet.n[0], aws_subnet.n[1]]"),
        ("format(\"%s-%02d-%%-%v\", \"a\", 7, true)", "\"a-07-%-true\""),
        ("format(\"%s.x\", var.none)", "<var.none>~\".x\""),
        ("formatlist(\"%s-%s\", \"a\", [1, 2])", "[\"a-1\", \"a-2\"]"),
        ("jsonencode({ a = [1, \"x\", null] })", "\"{\\\"a\\\":[1,\\\"x\\\",null]}\""),
        ("jsonencode([var.none])", "<?>"),
        ("jsondecode(\"{\\\"a\\\": 1}\").a", "1"),
        ("min(3, 1)", "1"),
        ("max(3, 1)", "3"),
        ("ceil(1.2)", "2"),
        ("floor(-1.2)", "-2"),
        ("abs(-2)", "2"),
        ("pow(2, 10)", "1024"),
        ("log(8, 2)", "3"),
        ("parseint(\"ff\", 16)", "255"),
        ("tostring(1)", "\"1\""),
        ("tonumber(\"1\")", "1"),
        ("tonumber(\"x\")", "refused"),
        ("tobool(\"true\")", "true"),
        ("try(local.by.three, local.by.two)", "2"),
        ("try(tonumber(\"x\"), null)", "null"),
        ("try(var.none, 1)", "<var.none>"),
        ("can(local.by.three)", "false"),
        ("can(local.by.two)", "true"),
        ("sensitive(1)", "1"),
        ("file(\"x\")", "<file(x)>"),
        ("unheard(1)", "<?>"),
    ]);
}
