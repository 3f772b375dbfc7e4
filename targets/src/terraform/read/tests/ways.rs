//! Further blocks, endpoints, peerings, transit gateways, and what is not read.

use super::{lists, lists_nothing, reading, show, with};

#[test]
fn ipv6_and_further_blocks() {
    let it = reading(
        r#"
resource "aws_vpc" "v" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }
resource "aws_vpc_ipv6_cidr_block_association" "w" {
  vpc_id                           = aws_vpc.w.id
  assign_generated_ipv6_cidr_block = true
}
resource "aws_vpc_ipv4_cidr_block_association" "w" {
  vpc_id     = aws_vpc.w.id
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "v" {
  vpc_id            = aws_vpc.v.id
  cidr_block        = "10.0.0.0/24"
  ipv6_cidr_block   = cidrsubnet(aws_vpc.v.ipv6_cidr_block, 8, 3)
  availability_zone = data.aws_availability_zones.all.names[1]
}
resource "aws_subnet" "w" {
  vpc_id          = aws_vpc_ipv4_cidr_block_association.w.vpc_id
  cidr_block      = "10.2.0.0/24"
  ipv6_cidr_block = cidrsubnet(aws_vpc_ipv6_cidr_block_association.w.ipv6_cidr_block, 8, 4)
}
data "aws_availability_zones" "all" {}
"#,
    );
    lists_nothing(&it);
    assert!(show(&it, "aws_vpc.v.ipv6").contains("block: Amazon"));
    assert!(show(&it, "aws_vpc_ipv6_cidr_block_association.w").contains("block: Amazon"));
    assert!(show(&it, "aws_vpc_ipv4_cidr_block_association.w").contains("10.2.0.0/16"));
    assert!(show(&it, "aws_subnet.v").contains("ipv6: Some(Nth(3)), zone: 1"));
    assert!(show(&it, "aws_subnet.w").contains("→aws_vpc.w"));
    assert!(show(&it, "aws_subnet.w").contains("ipv6: Some(Nth(4))"));
}

#[test]
fn endpoints_peerings_and_prefix_lists() {
    let it = with(
        r#"
data "aws_region" "here" {}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.v.id
  service_name = "com.amazonaws.${data.aws_region.here.region}.s3"
}
resource "aws_vpc_endpoint_route_table_association" "s3" {
  vpc_endpoint_id = aws_vpc_endpoint.s3.id
  route_table_id  = aws_route_table.t.id
}
resource "aws_vpc_endpoint" "logs" {
  vpc_id              = aws_vpc.v.id
  service_name        = "com.amazonaws.eu-central-1.logs"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [aws_subnet.a.id]
  security_group_ids  = [aws_security_group.g.id]
}
resource "aws_vpc_endpoint" "own" {
  vpc_id             = aws_vpc.v.id
  service_name       = "com.amazonaws.eu-central-1.logs"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [aws_subnet.a.id]
  security_group_ids = [aws_security_group.g.id]
}
resource "aws_vpc" "w" { cidr_block = "10.1.0.0/16" }
resource "aws_vpc_peering_connection" "yes" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
  auto_accept = true
}
resource "aws_vpc_peering_connection" "open" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
}
resource "aws_vpc_peering_connection" "later" {
  vpc_id      = aws_vpc.v.id
  peer_vpc_id = aws_vpc.w.id
}
resource "aws_vpc_peering_connection_accepter" "later" {
  vpc_peering_connection_id = aws_vpc_peering_connection.later.id
  auto_accept               = true
}
resource "aws_route" "open" {
  route_table_id            = aws_route_table.t.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.open.id
}
resource "aws_route" "later" {
  route_table_id             = aws_route_table.t.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.p.id
  vpc_peering_connection_id  = aws_vpc_peering_connection.later.id
}
resource "aws_ec2_managed_prefix_list" "p" {
  name           = "peers"
  address_family = "IPv4"
  max_entries    = 5
  entry { cidr = "10.1.0.0/16" }
}
resource "aws_ec2_managed_prefix_list_entry" "p" {
  prefix_list_id = aws_ec2_managed_prefix_list.p.id
  cidr           = "10.3.0.0/16"
}
"#,
    );
    assert!(show(&it, "aws_vpc_endpoint.s3").contains("Gateway { tables: [→aws_route_table.t] }"));
    assert!(show(&it, "aws_vpc_endpoint.logs").contains("groups: [→aws_security_group.g]"));
    // Without private names it is only an interface.
    assert!(super::place(&it, "aws_vpc_endpoint.own").starts_with("aws_subnet.a |"));
    assert!(show(&it, "aws_route.open").contains("target: Unknown"));
    assert!(show(&it, "aws_route.later").contains("VpcPeering(→aws_vpc_peering_connection.later)"));
    assert!(show(&it, "aws_ec2_managed_prefix_list.p").contains("10.3.0.0/16"));
    lists(&it, "aws_vpc_peering_connection.open count: it may not exist: nothing here is known");
}

#[test]
fn transit_gateways() {
    let it = with(
        r#"
resource "aws_ec2_transit_gateway" "t" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}
resource "aws_ec2_transit_gateway_vpc_attachment" "a" {
  transit_gateway_id                              = aws_ec2_transit_gateway.t.id
  vpc_id                                          = aws_vpc.v.id
  subnet_ids                                      = [aws_subnet.a.id]
  ipv6_support                                    = "enable"
  transit_gateway_default_route_table_association = false
}
resource "aws_ec2_transit_gateway_route_table" "r" {
  transit_gateway_id = aws_ec2_transit_gateway.t.id
}
resource "aws_ec2_transit_gateway_route_table_association" "a" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.r.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "a" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.a.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.r.id
}
resource "aws_ec2_transit_gateway_route" "drop" {
  destination_cidr_block         = "10.9.0.0/16"
  blackhole                      = true
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.r.id
}
"#,
    );
    lists_nothing(&it);
    let attachment = show(&it, "aws_ec2_transit_gateway_vpc_attachment.a");
    assert!(attachment.contains("ipv6: Literal(true)"), "{attachment}");
    assert!(show(&it, "aws_ec2_transit_gateway_route.drop").contains("target: None"));
    assert!(show(&it, "aws_ec2_transit_gateway.t").contains("default_association: Literal(false)"));
    let kinds = ["association", "propagation"];
    for kind in kinds {
        let it = show(&it, &format!("aws_ec2_transit_gateway_route_table_{kind}.a"));
        assert!(it.contains("→aws_ec2_transit_gateway_route_table.r"), "{it}");
    }
}

#[test]
fn what_is_not_read_is_listed() {
    let it = with(
        r#"
resource "aws_networkfirewall_firewall" "f" { vpc_id = aws_vpc.v.id }
resource "aws_workspaces_directory" "w" { subnet_ids = [aws_subnet.a.id] }
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_flow_log" "f" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "odd" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.5.0/24"
  unheard    = 1
  tags       = { Name = "x" }
  lifecycle { ignore_changes = [tags] }
}
resource "aws_route_table_association" "edge" {
  gateway_id     = aws_internet_gateway.i.id
  route_table_id = aws_route_table.t.id
}
resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_default_subnet" "d" { availability_zone = "eu-central-1a" }
"#,
    );
    lists(&it, "aws_networkfirewall_firewall.f aws_networkfirewall_firewall: the type is not read");
    lists(&it, "aws_workspaces_directory.w aws_workspaces_directory: the type is not read");
    lists(&it, "aws_subnet.odd unheard: the argument is not read");
    lists(&it, "aws_route_table_association.edge gateway_id: routes for what comes in");
    lists(&it, "aws_default_subnet.d cidr_block: a default subnet was there before");
    let all = super::listed(&it);
    assert!(!all.iter().any(|it| it.contains("aws_s3") || it.contains("aws_flow")), "{all:#?}");
}
