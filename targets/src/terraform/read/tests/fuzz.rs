//! Nothing panics, whatever the text is.

use std::path::Path;

use proptest::prelude::*;

use super::super::{Options, Source, read};

const NATIVE: &str = r#"
variable "p" { default = "x" }
variable "l" { type = list(string) }
variable "o" {
  type = object({ a = optional(string, "b"), c = map(number) })
  default = { c = {} }
}
locals {
  zones = slice(data.aws_availability_zones.all.names, 0, 2)
  map   = { for at, it in local.zones : it => cidrsubnet("10.0.0.0/16", 8, at) if at < 5 }
  loop  = local.other
  other = local.loop
}
data "aws_availability_zones" "all" {}
module "m" {
  count  = 2
  source = "./m"
  p      = module.m[0].o
}
resource "aws_vpc" "v" { cidr_block = cidrsubnets("10.0.0.0/8", 8, 8)[0] }
resource "aws_subnet" "s" {
  for_each          = local.map
  vpc_id            = aws_vpc.v.id
  cidr_block        = each.value
  availability_zone = each.key
  ipv6_cidr_block   = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 1)
}
resource "aws_security_group" "g" {
  count  = var.p == "y" ? 1 : 0
  vpc_id = aws_vpc.v.id
  dynamic "ingress" {
    for_each = toset(var.l)
    iterator = it
    content {
      protocol    = "tcp"
      from_port   = 1 + 2 % 3 / 1
      to_port     = tonumber(it.value)
      cidr_blocks = concat(var.l, ["${var.p}/24"], try(var.o.a, []), [format("%s-%03d", "a", 1)])
    }
  }
}
resource "aws_default_route_table" "t" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route = [{ cidr_block = "0.0.0.0/0", gateway_id = aws_vpc.v.id }]
}
resource "aws_instance" "i" {
  subnet_id              = element(values(aws_subnet.s)[*].id, 1)
  vpc_security_group_ids = compact([one(aws_security_group.g[*].id), lookup(var.o.c, "x", null)])
  user_data              = <<-EOT
    %{ for it in var.l ~}
    ${it} $${no} %{ if true }a%{ else }b%{ endif }
    %{ endfor ~}
  EOT
}
resource "aws_route" "r" {
  for_each       = toset(var.l)
  route_table_id = each.value
}
resource "aws_lb" "b" {
  subnets  = split(",", join(",", [for it in aws_subnet.s : it.id]))
  internal = !false && -1 < 2 || null == 1
}
output "o" { value = merge({ a = 1 }, { (var.p) = flatten([[1], var.l]) }) }
"#;

/// Words that mean something somewhere.
const WORDS: &[&str] = &[
    "aws_vpc.v",
    "aws_vpc.v.id",
    "aws_subnet.s",
    "aws_subnet.s[\"a\"]",
    "aws_security_group.g[0].id",
    "module.m",
    "module.m[0].o",
    "local.loop",
    "local.map",
    "var.l",
    "var.o",
    "null",
    "[]",
    "{}",
    "-1",
    "999999999999999999999",
    "1e309",
    "\"\"",
    "true",
    "each.value",
    "count.index",
    "self",
    "10.0.0.0/8",
    "\"::/0\"",
    "range(0, 9)",
    "[for a in range(9) : [for b in range(9) : a]]",
    "setproduct(range(9), range(9))",
    "var.l ? 1 : 2",
    "(",
    ")",
    "}",
    "=",
    "\"",
    "${",
    "%{",
    "<<EOT\n",
    "\n",
    "é😀",
    "\u{0}",
    "*",
    "...",
    "[*]",
];

fn survives(path: &str, text: &str) {
    let load = |at: &Path| match at.to_str() {
        Some("m") => Ok(vec![(at.join("main.tf"), NATIVE.to_string())]),
        Some(_) | None => Err("there is no such folder".to_string()),
    };
    let options = Options { load: &load, ..Options::default() };
    let source = Source { path: Path::new(path), text };
    if let Ok(it) = read(&[source], &options) {
        archgen_core::network::Model::new(&it.graph);
    }
}

/// The same in JSON, as far as a text that need not be well formed can be.
fn in_json(expression: &str) -> String {
    let text = serde_json::Value::String(format!("${{{expression}}}"));
    let body = format!(
        r#""vpc_id": {text}, "cidr_block": {text}, "for_each": {text}, "ingress": [{text}, {{"protocol": {text}}}], "dynamic": {{"egress": {{"for_each": {text}, "content": {{"from_port": {text}}}}}}}"#
    );
    let block = |kind: &str| format!(r#""{kind}": {{"x": {{{body}}}}}"#);
    format!(
        r#"{{"variable": {{"l": {{}}}}, "locals": {{"map": {text}}}, "resource": {{{}, {}, {}}}}}"#,
        block("aws_subnet"),
        block("aws_security_group"),
        block("aws_network_acl"),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_replaced(changes in prop::collection::vec((any::<prop::sample::Index>(), 0..WORDS.len()), 1..4)) {
        // Whole values, so that most of the modules are still well formed.
        let mut parts: Vec<&str> = NATIVE.split_inclusive([' ', ',', '[', '(']).collect();
        for (at, word) in changes {
            let at = at.index(parts.len());
            parts[at] = WORDS[word];
        }
        survives("main.tf", &parts.concat());
    }

    #[test]
    fn expressions_put_together(words in prop::collection::vec(0..WORDS.len(), 1..6)) {
        let all: Vec<&str> = words.into_iter().map(|it| WORDS[it]).collect();
        survives("main.tf.json", &in_json(&all.join(" ")));
        survives("main.tf.json", &in_json(&all.join(".")));
        survives("main.tf.json", &in_json(&format!("cidrsubnet({})", all.join(", "))));
        survives("main.tf.json", &in_json(&format!("{}[{}]", all[0], all.join(" == "))));
    }

    #[test]
    fn characters_replaced(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..8), cut in any::<prop::sample::Index>()) {
        let mut all: Vec<char> = NATIVE.chars().collect();
        for (at, it) in changes {
            let at = at.index(all.len());
            all[at] = it;
        }
        let text: String = all.iter().collect();
        survives("main.tf", &text);
        let short: String = all[..cut.index(all.len())].iter().collect();
        survives("main.tf", &short);
    }

    #[test]
    fn anything(text in ".{0,200}") {
        survives("main.tf", &text);
        survives("main.tf.json", &text);
    }
}

#[test]
fn every_line_may_be_missing() {
    let lines: Vec<&str> = NATIVE.lines().collect();
    for missing in 0..lines.len() {
        let mut left = lines.clone();
        left.remove(missing);
        survives("main.tf", &left.join("\n"));
    }
}

#[test]
fn deep_and_wide_values_end() {
    for text in [
        format!("locals {{ a = {}1{} }}", "(".repeat(5000), ")".repeat(5000)),
        format!("locals {{ a = {}true }}", "!".repeat(5000)),
        format!("locals {{ a = {} }}", "true ? 1 : ".repeat(3000) + "2"),
        format!("locals {{ a = [{}] }}", "1 + ".repeat(3000) + "2"),
        "resource \"aws_vpc\" \"v\" {\n count = 2000\n cidr_block = join(\",\", range(1000))\n}".to_string(),
        "locals { a = [for a in range(1000) : [for b in range(1000) : a]] }\nresource \"aws_vpc\" \"v\" { cidr_block = local.a }".to_string(),
        "resource \"aws_vpc\" \"v\" { cidr_block = setproduct(range(500), range(500)) }".to_string(),
        "variable \"x\" {}\nlocals {\n a = var.x ? 1 : 2\n".to_string()
            + &(0..40).map(|it| format!(" b{it} = [local.b{}, local.b{}]\n", it + 1, it + 1)).collect::<String>()
            + " b40 = local.a\n}\nresource \"aws_vpc\" \"v\" { cidr_block = local.b0 }\n",
        "variable \"x\" {}\nresource \"aws_vpc\" \"v\" { cidr_block = \"".to_string()
            + &(0..30).map(|it| format!("${{var.x == {it} ? 1 : 2}}")).collect::<String>()
            + "\" }\n",
    ] {
        survives("main.tf", &text);
    }
}
