//! VPCs, routes, filters: what the provider and AWS do where a module says nothing, and what is unknown.

use archgen_core::value::Value;

use super::{group, lists, lists_nothing, rules, show, with};

#[test]
fn a_new_group_lets_nothing_out_unless_it_is_told_to() {
    let it = with(
        r#"
resource "aws_security_group" "out" {
  vpc_id = aws_vpc.v.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"#,
    );
    lists_nothing(&it);
    assert_eq!(group(&it, "aws_security_group.g").default_egress, Value::Literal(false));
    assert_eq!(group(&it, "aws_security_group.out").default_egress, Value::Literal(false));
    assert_eq!(
        rules(&it.graph, "aws_security_group.out"),
        ["out Cidr(Literal(Cidr(0.0.0.0/0))) all traffic"]
    );
}

#[test]
fn rules_in_groups_name_many_sides() {
    let it = with(
        r#"
resource "aws_security_group" "r" {
  vpc_id = aws_vpc.v.id
  ingress = [{
    protocol         = "tcp"
    from_port        = 1
    to_port          = 2
    cidr_blocks      = ["10.0.0.0/8", "10.1.0.0/16"]
    ipv6_cidr_blocks = ["::/0"]
    prefix_list_ids  = ["pl-1"]
    security_groups  = [aws_security_group.g.id]
    self             = true
    description      = ""
  }]
  egress {
    protocol        = "icmp"
    from_port       = 8
    to_port         = -1
    security_groups = var.open == "x" ? [aws_security_group.g.id] : []
  }
  egress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = [var.open]
  }
  egress {
    protocol    = "udp"
    from_port   = 54
    to_port     = 54
    cidr_blocks = var.open
  }
}
"#,
    );
    assert_eq!(
        rules(&it.graph, "aws_security_group.r"),
        [
            "in Cidr(Literal(Cidr(10.0.0.0/8))) tcp/1-2",
            "in Cidr(Literal(Cidr(10.1.0.0/16))) tcp/1-2",
            "in Cidr(Literal(Cidr(::/0))) tcp/1-2",
            "in Group(→aws_security_group.g) tcp/1-2",
            "in Group(→aws_security_group.r) tcp/1-2",
            "in PrefixList(→pl-1) tcp/1-2",
            "out Cidr(Unknown) icmp/8",
            "out Cidr(Unknown) udp/53",
            "out Cidr(Unknown) udp/54",
        ]
    );
    lists(&it, "aws_security_group.r cidr_blocks: the variable `open` has no value");
    lists(&it, "aws_security_group.r prefix_list_ids: `pl-1` is not in the template");
}

#[test]
fn rules_that_are_resources() {
    let it = with(
        r#"
resource "aws_security_group_rule" "many" {
  type              = "ingress"
  security_group_id = aws_security_group.g.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["10.0.0.0/8", "10.1.0.0/16"]
}
resource "aws_security_group_rule" "self" {
  type              = "egress"
  security_group_id = aws_security_group.g.id
  protocol          = "all"
  from_port         = 0
  to_port           = 0
  self              = true
}
resource "aws_security_group_rule" "of" {
  type                     = "ingress"
  security_group_id        = aws_security_group.g.id
  protocol                 = "tcp"
  from_port                = 80
  to_port                  = 80
  source_security_group_id = aws_vpc.v.default_security_group_id
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id            = aws_security_group.g.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  referenced_security_group_id = aws_security_group.g.id
}
resource "aws_vpc_security_group_ingress_rule" "all" {
  security_group_id = aws_security_group.g.id
  ip_protocol       = "-1"
  cidr_ipv6         = "::/0"
}
"#,
    );
    lists_nothing(&it);
    assert_eq!(
        rules(&it.graph, "aws_security_group.g"),
        [
            "in Cidr(Literal(Cidr(10.0.0.0/8))) tcp/22",
            "in Cidr(Literal(Cidr(10.1.0.0/16))) tcp/22",
            "in Cidr(Literal(Cidr(::/0))) all traffic",
            "in Group(→aws_vpc.v.DefaultSecurityGroup) tcp/80",
            "out Group(→aws_security_group.g) all traffic",
            "out Group(→aws_security_group.g) tcp/5432",
        ]
    );
    assert!(show(&it, "aws_vpc_security_group_egress_rule.out").starts_with("SecurityGroupRule("));
}

#[test]
fn rules_in_a_group_and_apart_fight() {
    let it = with(
        r#"
resource "aws_security_group" "r" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 1
    to_port     = 1
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_vpc_security_group_ingress_rule" "x" {
  security_group_id = aws_security_group.r.id
  ip_protocol       = "tcp"
  from_port         = 2
  to_port           = 2
  cidr_ipv4         = "10.0.0.0/8"
}
"#,
    );
    lists(
        &it,
        "aws_vpc_security_group_ingress_rule.x count: it may not exist: its group has rules",
    );
    assert_eq!(
        rules(&it.graph, "aws_security_group.r"),
        ["in Cidr(Literal(Cidr(10.0.0.0/8))) tcp/1", "in Cidr(Unknown) tcp/2"]
    );
}

#[test]
fn what_came_with_a_vpc_is_adopted() {
    let it = with(
        r#"
resource "aws_default_security_group" "d" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol  = -1
    self      = true
    from_port = 0
    to_port   = 0
  }
}
resource "aws_default_route_table" "d" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
}
resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }
resource "aws_default_network_acl" "d" {
  default_network_acl_id = aws_vpc.v.default_network_acl_id
  ingress {
    protocol   = "tcp"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 443
    to_port    = 443
  }
}
resource "aws_route_table" "own" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.own.id
}
resource "aws_instance" "i" { subnet_id = aws_subnet.a.id }
resource "aws_vpc_security_group_ingress_rule" "x" {
  security_group_id = aws_vpc.v.default_security_group_id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}
"#,
    );
    assert_eq!(group(&it, "aws_default_security_group.d").default_egress, Value::Literal(false));
    assert_eq!(
        super::place(&it, "aws_instance.i"),
        "aws_subnet.a | aws_default_security_group.d | public:yes ports:"
    );
    assert!(
        show(&it, "aws_vpc_security_group_ingress_rule.x")
            .contains("→aws_default_security_group.d")
    );
    assert!(show(&it, "aws_subnet.a.RouteTableId").contains("→aws_default_route_table.d"));
    assert_eq!(show(&it, "aws_subnet.b.RouteTableId"), "missing");
    for subnet in ["a", "b"] {
        let of = show(&it, &format!("aws_subnet.{subnet}.NetworkAclId"));
        assert!(of.contains("→aws_default_network_acl.d"), "{of}");
    }
    assert!(
        show(&it, "aws_default_route_table.d.route.0")
            .contains("InternetGateway(→aws_internet_gateway.i)")
    );
    assert!(show(&it, "aws_internet_gateway.i.attachment").contains("→aws_vpc.v"));
    assert!(show(&it, "aws_default_network_acl.d.ingress.0").contains("Tcp(Literal("));
}

#[test]
fn the_main_table_is_that_of_subnets_without_one() {
    let base = r#"
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_main_route_table_association" "m" {
  vpc_id         = aws_vpc.v.id
  route_table_id = aws_route_table.t.id
}
"#;
    let it = with(base);
    lists_nothing(&it);
    assert!(show(&it, "aws_subnet.a.RouteTableId").contains("→aws_route_table.t"));
    let it = with(
        r#"
resource "aws_route" "r" {
  route_table_id         = aws_vpc.v.main_route_table_id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.i.id
}
resource "aws_internet_gateway" "i" {}
resource "aws_internet_gateway_attachment" "i" {
  vpc_id              = aws_vpc.v.id
  internet_gateway_id = aws_internet_gateway.i.id
}
"#,
    );
    lists_nothing(&it);
    assert!(show(&it, "aws_route.r").contains("→aws_vpc.v.MainRouteTable"));
    assert!(show(&it, "aws_subnet.b.RouteTableId").contains("→aws_vpc.v.MainRouteTable"));
    // An association of which the subnet is not known may be of any.
    let it = with(&format!(
        "{base}resource \"aws_route_table_association\" \"x\" {{\n for_each = toset([var.open])\n subnet_id = each.value\n route_table_id = aws_route_table.t.id\n}}\n"
    ));
    assert!(!show(&it, "aws_subnet.a.RouteTableId").contains("→aws_route_table.t,"));
}

#[test]
fn routes_in_tables_and_apart() {
    let it = with(
        r#"
resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }
resource "aws_eip" "e" { domain = "vpc" }
resource "aws_nat_gateway" "n" {
  subnet_id     = aws_subnet.a.id
  allocation_id = aws_eip.e.id
  depends_on    = [aws_internet_gateway.i]
}
resource "aws_egress_only_internet_gateway" "o" { vpc_id = aws_vpc.v.id }
resource "aws_vpn_gateway" "w" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "t" {
  vpc_id           = aws_vpc.v.id
  propagating_vgws = [aws_vpn_gateway.w.id]
  route = [
    { cidr_block = "10.0.0.0/16", gateway_id = "local", nat_gateway_id = "" },
    { cidr_block = "0.0.0.0/0", ipv6_cidr_block = "", nat_gateway_id = aws_nat_gateway.n.id, gateway_id = null },
  ]
}
resource "aws_route" "six" {
  route_table_id              = aws_route_table.t.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.o.id
}
resource "aws_route" "odd" {
  route_table_id         = var.open
  destination_cidr_block = "192.0.2.0/24"
  carrier_gateway_id     = "cagw-1"
}
resource "aws_route" "any" {
  for_each               = toset([var.open])
  route_table_id         = each.value
  destination_cidr_block = "198.51.100.0/24"
  gateway_id             = aws_internet_gateway.i.id
}
resource "aws_route_table" "u" {
  vpc_id = aws_vpc.v.id
  dynamic "route" {
    for_each = toset(split(",", var.open))
    content {
      cidr_block = route.value
      gateway_id = aws_internet_gateway.i.id
    }
  }
}
"#,
    );
    assert_eq!(show(&it, "aws_route_table.t.route.0"), "missing");
    assert!(show(&it, "aws_route_table.t.route.1").contains("NatGateway(→aws_nat_gateway.n)"));
    assert!(show(&it, "aws_route.six").contains("EgressOnlyInternetGateway(→aws_egress"));
    assert!(show(&it, "aws_nat_gateway.n").contains("Some(→aws_eip.e)"));
    assert!(show(&it, "aws_vpn_gateway.w.attachment").starts_with("VpnGatewayAttachment"));
    assert!(show(&it, "aws_route.any.aws_route_table.t").contains("target: Unknown"));
    assert!(show(&it, "aws_route.any.aws_route_table.u").contains("target: Unknown"));
    assert!(show(&it, "aws_route_table.u.route.0").contains("target: Unknown"));
    lists(&it, "aws_route.odd carrier_gateway_id: routes to it are not read");
}

#[test]
fn network_acls() {
    let it = with(
        r#"
resource "aws_network_acl" "n" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = [aws_subnet.a.id]
  ingress {
    protocol   = "icmp"
    rule_no    = 100
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    icmp_type  = 8
    icmp_code  = -1
    from_port  = 0
    to_port    = 0
  }
  egress {
    protocol   = "-1"
    rule_no    = 100
    action     = "deny"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}
resource "aws_network_acl_rule" "r" {
  network_acl_id = aws_network_acl.n.id
  rule_number    = 200
  egress         = true
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
  from_port      = 1024
  to_port        = 65535
}
resource "aws_network_acl_association" "b" {
  network_acl_id = aws_network_acl.n.id
  subnet_id      = aws_subnet.b.id
}
"#,
    );
    lists_nothing(&it);
    assert!(
        show(&it, "aws_network_acl.n.ingress.0").contains("Icmp { kind: Some(8), code: None }")
    );
    assert!(show(&it, "aws_network_acl.n.egress.1").contains("allow: false, traffic: All"));
    assert!(show(&it, "aws_network_acl_rule.r").contains("direction: Egress, allow: true"));
    assert!(show(&it, "aws_network_acl.n.subnet.0").contains("→aws_subnet.a"));
    assert!(show(&it, "aws_network_acl_association.b").contains("→aws_subnet.b"));
}
