//! What stands in subnets.

use super::{lists, lists_nothing, place, show, with};

#[test]
fn instances_and_interfaces() {
    let it = with(
        r#"
resource "aws_instance" "plain" { subnet_id = aws_subnet.a.id }
resource "aws_instance" "hidden" {
  subnet_id                   = aws_subnet.a.id
  vpc_security_group_ids      = [aws_security_group.g.id]
  associate_public_ip_address = false
}
resource "aws_network_interface" "e" {
  subnet_id       = aws_subnet.b.id
  security_groups = [aws_security_group.g.id]
}
resource "aws_instance" "given" {
  network_interface {
    network_interface_id = aws_network_interface.e.id
    device_index         = 0
  }
}
resource "aws_eip" "e" { network_interface = aws_network_interface.e.id }
resource "aws_network_interface_sg_attachment" "s" {
  security_group_id    = aws_security_group.more.id
  network_interface_id = aws_network_interface.e.id
}
resource "aws_security_group" "more" { vpc_id = aws_vpc.v.id }
resource "aws_launch_template" "t" {
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_autoscaling_group" "s" {
  vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]
  launch_template {
    id      = aws_launch_template.t.id
    version = "$Latest"
  }
}
resource "aws_launch_template" "u" {
  network_interfaces {
    associate_public_ip_address = true
    security_groups             = [aws_security_group.more.id]
  }
}
resource "aws_autoscaling_group" "m" {
  vpc_zone_identifier = [aws_subnet.b.id]
  mixed_instances_policy {
    launch_template {
      launch_template_specification { launch_template_id = aws_launch_template.u.id }
    }
  }
}
"#,
    );
    lists_nothing(&it);
    let g = "aws_security_group.g";
    for (id, expected) in [
        (
            "aws_instance.plain",
            "aws_subnet.a | aws_vpc.v.DefaultSecurityGroup | public:yes ports:".to_string(),
        ),
        ("aws_instance.hidden", format!("aws_subnet.a | {g} | public:no ports:")),
        (
            "aws_network_interface.e",
            format!("aws_subnet.b | {g} aws_security_group.more | public:yes ports:"),
        ),
        (
            "aws_instance.given",
            format!("aws_subnet.b | {g} aws_security_group.more | public:yes ports:"),
        ),
        ("aws_autoscaling_group.s", format!("aws_subnet.a aws_subnet.b | {g} | public:? ports:")),
        (
            "aws_autoscaling_group.m",
            "aws_subnet.b | aws_security_group.more | public:yes ports:".to_string(),
        ),
    ] {
        assert_eq!(place(&it, id), expected, "{id}");
    }
    assert_eq!(super::standing(&it, "aws_instance.plain").type_name, "aws_instance");
}

#[test]
fn load_balancers_and_what_they_send_on() {
    let it = with(
        r#"
resource "aws_lb" "l" {
  subnets         = [aws_subnet.a.id, aws_subnet.b.id]
  security_groups = [aws_security_group.g.id]
}
resource "aws_lb_target_group" "t" {
  port        = 8080
  protocol    = "HTTP"
  vpc_id      = aws_vpc.v.id
  target_type = "ip"
}
resource "aws_lb_listener" "h" {
  load_balancer_arn = aws_lb.l.arn
  port              = 443
  protocol          = "HTTPS"
  default_action {
    type = "forward"
    forward {
      target_group { arn = aws_lb_target_group.t.arn }
    }
  }
}
resource "aws_lb_listener_rule" "r" {
  listener_arn = aws_lb_listener.h.arn
  action {
    type             = "forward"
    target_group_arn = aws_alb_target_group.i.arn
  }
  condition {
    path_pattern { values = ["/x"] }
  }
}
resource "aws_alb_target_group" "i" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.v.id
}
resource "aws_lb_target_group_attachment" "i" {
  target_group_arn = aws_alb_target_group.i.arn
  target_id        = aws_instance.i.id
  port             = 81
}
resource "aws_instance" "i" {
  subnet_id              = aws_subnet.b.id
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_ecs_task_definition" "d" {
  family                = "d"
  container_definitions = jsonencode([{ name = "web", image = var.open, portMappings = [{ containerPort = 8080 }] }])
}
resource "aws_ecs_service" "s" {
  task_definition = aws_ecs_task_definition.d.arn
  network_configuration {
    subnets          = [aws_subnet.b.id]
    security_groups  = [aws_security_group.g.id]
    assign_public_ip = false
  }
  load_balancer {
    target_group_arn = aws_lb_target_group.t.arn
    container_name   = "web"
    container_port   = 8080
  }
}
resource "aws_lb" "n" {
  load_balancer_type = "network"
  internal           = true
  subnet_mapping { subnet_id = aws_subnet.b.id }
}
resource "aws_elb" "c" {
  subnets         = [aws_subnet.b.id]
  security_groups = [aws_security_group.g.id]
  internal        = true
  instances       = [aws_instance.i.id]
  listener {
    lb_port           = 80
    lb_protocol       = "http"
    instance_port     = 8000
    instance_protocol = "http"
  }
}
"#,
    );
    lists_nothing(&it);
    let g = "aws_security_group.g";
    for (id, expected) in [
        ("aws_lb.l", format!("aws_subnet.a aws_subnet.b | {g} | public:yes ports:443")),
        ("aws_lb.n", "aws_subnet.b |  | public:no ports:".to_string()),
        ("aws_elb.c", format!("aws_subnet.b | {g} | public:no ports:80")),
        ("aws_ecs_service.s", format!("aws_subnet.b | {g} | public:no ports:8080")),
    ] {
        assert_eq!(place(&it, id), expected, "{id}");
    }
    let mut forwards: Vec<String> = it
        .graph
        .forwards
        .iter()
        .map(|it| {
            let port = |it: Option<&archgen_core::types::Port>| {
                it.map_or("?".to_string(), |it| it.to_string())
            };
            let (from, to) = (port(it.listener_port.literal()), port(it.target_port.literal()));
            format!("{} {from} -> {} {to}", it.load_balancer, it.target)
        })
        .collect();
    forwards.sort();
    assert_eq!(
        forwards,
        [
            "aws_elb.c 80 -> aws_instance.i 8000",
            "aws_lb.l 443 -> aws_ecs_service.s 8080",
            "aws_lb.l 443 -> aws_instance.i 81",
        ]
    );
}

#[test]
fn what_aws_runs() {
    let it = with(
        r#"
locals {
  place = { subnet_ids = [aws_subnet.b.id], security_group_ids = [aws_security_group.g.id] }
}
resource "aws_db_subnet_group" "d" { subnet_ids = [aws_subnet.b.id] }
resource "aws_db_instance" "d" {
  engine                 = "postgres"
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_rds_cluster" "c" {
  engine                 = "aurora-mysql"
  db_subnet_group_name   = aws_db_subnet_group.d.name
  vpc_security_group_ids = [aws_security_group.g.id]
}
resource "aws_rds_cluster_instance" "c" {
  cluster_identifier = aws_rds_cluster.c.id
  engine             = aws_rds_cluster.c.engine
}
resource "aws_elasticache_subnet_group" "e" {
  name       = "cache"
  subnet_ids = [aws_subnet.b.id]
}
resource "aws_elasticache_replication_group" "e" {
  subnet_group_name  = "cache"
  security_group_ids = [aws_security_group.g.id]
  port               = 6380
}
resource "aws_elasticache_cluster" "m" {
  engine             = "memcached"
  subnet_group_name  = aws_elasticache_subnet_group.e.name
  security_group_ids = [aws_security_group.g.id]
}
resource "aws_elasticache_serverless_cache" "s" {
  engine             = "valkey"
  subnet_ids         = [aws_subnet.b.id]
  security_group_ids = [aws_security_group.g.id]
}
resource "aws_efs_mount_target" "f" {
  subnet_id       = aws_subnet.b.id
  security_groups = [aws_security_group.g.id]
}
resource "aws_lambda_function" "l" {
  vpc_config {
    subnet_ids         = local.place.subnet_ids
    security_group_ids = local.place.security_group_ids
  }
}
resource "aws_lambda_function" "out" { function_name = "x" }
resource "aws_opensearch_domain" "o" {
  vpc_options {
    subnet_ids         = [aws_subnet.b.id]
    security_group_ids = [aws_security_group.g.id]
  }
}
resource "aws_msk_cluster" "k" {
  broker_node_group_info {
    client_subnets  = [aws_subnet.b.id]
    security_groups = [aws_security_group.g.id]
  }
}
resource "aws_eks_cluster" "k" {
  name = "k"
  vpc_config {
    subnet_ids             = [aws_subnet.b.id]
    endpoint_public_access = false
  }
}
resource "aws_eks_node_group" "k" {
  cluster_name = aws_eks_cluster.k.name
  subnet_ids   = [aws_subnet.b.id]
}
resource "aws_vpc_security_group_ingress_rule" "k" {
  security_group_id            = aws_security_group.g.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = aws_db_instance.d.port
  referenced_security_group_id = aws_eks_cluster.k.vpc_config[0].cluster_security_group_id
}
"#,
    );
    let g = "aws_security_group.g";
    let own = "aws_eks_cluster.k.ClusterSecurityGroupId";
    for (id, expected) in [
        ("aws_db_instance.d", format!("aws_subnet.b | {g} | public:no ports:5432")),
        ("aws_rds_cluster.c", format!("aws_subnet.b | {g} | public:no ports:3306")),
        ("aws_rds_cluster_instance.c", format!("aws_subnet.b | {g} | public:no ports:3306")),
        (
            "aws_elasticache_replication_group.e",
            format!("aws_subnet.b | {g} | public:no ports:6380"),
        ),
        ("aws_elasticache_cluster.m", format!("aws_subnet.b | {g} | public:no ports:11211")),
        (
            "aws_elasticache_serverless_cache.s",
            format!("aws_subnet.b | {g} | public:no ports:6379,6380"),
        ),
        ("aws_efs_mount_target.f", format!("aws_subnet.b | {g} | public:no ports:2049")),
        ("aws_lambda_function.l", format!("aws_subnet.b | {g} | public:no ports:")),
        ("aws_opensearch_domain.o", format!("aws_subnet.b | {g} | public:no ports:443")),
        ("aws_msk_cluster.k", format!("aws_subnet.b | {g} | public:no ports:")),
        ("aws_eks_cluster.k", format!("aws_subnet.b | {own} | public:no ports:443")),
        ("aws_eks_node_group.k", format!("aws_subnet.b | {own} | public:no ports:")),
    ] {
        assert_eq!(place(&it, id), expected, "{id}");
    }
    assert!(!it.graph.interfaces.keys().any(|it| it.as_str() == "aws_lambda_function.out"));
    assert!(show(&it, "aws_vpc_security_group_ingress_rule.k").contains(own));
    lists(&it, "aws_vpc_security_group_ingress_rule.k");
}
