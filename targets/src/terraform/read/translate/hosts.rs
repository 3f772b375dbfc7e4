//! What stands in subnets: instances, services, functions, load balancers, what AWS runs.

use super::values::{blocks, first, inside, map, only, perhaps, worded};
use super::{Block, Made, Translator};
use crate::read::data::{Data, DataKind};

/// A value under a name, in a map of its own.
fn nested(name: &str, of: Data) -> Data {
    if of.is_absent() { of } else { map(of.loc, [(name, of)]) }
}

/// How instances name the template they are launched from.
fn launch(of: &Data) -> Data {
    let id = inside(of, "id");
    let id = if id.is_absent() { inside(of, "launch_template_id") } else { id };
    let name = inside(of, "name");
    let name = if name.is_absent() { inside(of, "launch_template_name") } else { name };
    if id.is_absent() && name.is_absent() && !matches!(of.kind, DataKind::Unknown(_)) {
        return Data::new(of.loc, DataKind::Absent);
    }
    let id = if matches!(of.kind, DataKind::Unknown(_)) { of.clone() } else { id };
    map(of.loc, [("LaunchTemplateId", id), ("LaunchTemplateName", name)])
}

/// A list with each block made anew.
fn each(of: &Data, make: impl Fn(&Data) -> Data) -> Data {
    let made = blocks(of).into_iter().map(|(it, maybe)| {
        let it = if matches!(it.kind, DataKind::Map(_)) { make(&it) } else { it };
        perhaps(it, maybe)
    });
    Data::new(of.loc, DataKind::List(made.collect()))
}

fn actions(of: &Data) -> Data {
    each(of, |it| {
        let forward = first(inside(it, "forward"));
        let groups = inside(&forward, "target_group");
        let groups = each(&groups, |it| map(it.loc, [("TargetGroupArn", inside(it, "arn"))]));
        map(
            it.loc,
            [
                ("Type", inside(it, "type")),
                ("TargetGroupArn", inside(it, "target_group_arn")),
                ("ForwardConfig", map(it.loc, [("TargetGroups", groups)])),
            ],
        )
    })
}

impl Translator<'_, '_> {
    pub(super) fn host(&mut self, block: &Block<'_, '_>, mut made: Made) {
        let loc = block.loc();
        match block.kind() {
            "aws_instance" | "aws_spot_instance_request" => instance(block, &mut made),
            "aws_network_interface" => {
                for (at, (it, maybe)) in block.blocks("attachment").into_iter().enumerate() {
                    let name = format!("{}.attachment.{at}", block.name);
                    let mut own = self.empty(block, &name, "AWS::EC2::NetworkInterfaceAttachment");
                    own.maybe = own.maybe.or(maybe);
                    own.set("InstanceId", inside(&it, "instance"));
                    own.set("NetworkInterfaceId", block.whole());
                    own.set("DeviceIndex", inside(&it, "device_index"));
                    self.add(own);
                }
                let list = block.get("ipv6_address_list");
                if made.get("Ipv6Addresses").is_absent() {
                    made.set("Ipv6Addresses", list);
                }
            }
            "aws_launch_template" => {
                let interfaces = block.get("network_interfaces");
                let data = map(
                    loc,
                    [
                        ("SecurityGroupIds", block.get("vpc_security_group_ids")),
                        ("SecurityGroups", block.get("security_group_names")),
                        ("NetworkInterfaces", each(&interfaces, interface)),
                    ],
                );
                made.set("LaunchTemplateData", data);
            }
            "aws_autoscaling_group" => {
                let direct = block.one("launch_template");
                made.set("LaunchTemplate", launch(&direct));
                let mixed = first(inside(&block.one("mixed_instances_policy"), "launch_template"));
                let mixed = first(inside(&mixed, "launch_template_specification"));
                if !mixed.is_absent() {
                    let it = nested("LaunchTemplateSpecification", launch(&mixed));
                    made.set("MixedInstancesPolicy", nested("LaunchTemplate", it));
                }
                for (it, maybe) in block.blocks("traffic_source") {
                    let what = match inside(&it, "type").as_text() {
                        Some("elb") => "LoadBalancerNames",
                        Some(_) | None => "TargetGroupARNs",
                    };
                    made.append(what, perhaps(inside(&it, "identifier"), maybe));
                }
            }
            "aws_lb" | "aws_alb" | "aws_elb" => balancer(block, &mut made),
            "aws_lb_listener" | "aws_alb_listener" => {
                made.set("DefaultActions", actions(&block.get("default_action")));
            }
            "aws_lb_listener_rule" | "aws_alb_listener_rule" => {
                made.set("Actions", actions(&block.get("action")));
            }
            "aws_lb_target_group" | "aws_alb_target_group" => {
                let keeps = block.get("preserve_client_ip");
                if !keeps.is_absent() {
                    let key = Data::text(loc, "preserve_client_ip.enabled");
                    let it = map(keeps.loc, [("Key", key), ("Value", keeps)]);
                    made.set("TargetGroupAttributes", only(it));
                }
            }
            "aws_ecs_service" => {
                let place = block.one("network_configuration");
                if !place.is_absent() {
                    let public = worded(inside(&place, "assign_public_ip"), "ENABLED", "DISABLED");
                    let own = map(
                        place.loc,
                        [
                            ("Subnets", inside(&place, "subnets")),
                            ("SecurityGroups", inside(&place, "security_groups")),
                            ("AssignPublicIp", public),
                        ],
                    );
                    made.set("NetworkConfiguration", nested("AwsvpcConfiguration", own));
                }
                let balanced = each(&block.get("load_balancer"), |it| {
                    let more = first(inside(it, "advanced_configuration"));
                    let other = inside(&more, "alternate_target_group_arn");
                    map(
                        it.loc,
                        [
                            ("TargetGroupArn", inside(it, "target_group_arn")),
                            ("LoadBalancerName", inside(it, "elb_name")),
                            ("ContainerPort", inside(it, "container_port")),
                            ("AdvancedConfiguration", nested("AlternateTargetGroupArn", other)),
                        ],
                    )
                });
                made.set("LoadBalancers", balanced);
            }
            "aws_ecs_task_definition" => task_definition(block, &mut made),
            "aws_lambda_function" => {
                let place = block.one("vpc_config");
                if !place.is_absent() {
                    let own = map(
                        place.loc,
                        [
                            ("SubnetIds", inside(&place, "subnet_ids")),
                            ("SecurityGroupIds", inside(&place, "security_group_ids")),
                            (
                                "Ipv6AllowedForDualStack",
                                inside(&place, "ipv6_allowed_for_dual_stack"),
                            ),
                        ],
                    );
                    made.set("VpcConfig", own);
                }
            }
            "aws_eks_cluster" => {
                let place = block.one("vpc_config");
                let own = map(
                    place.loc,
                    [
                        ("SubnetIds", inside(&place, "subnet_ids")),
                        ("SecurityGroupIds", inside(&place, "security_group_ids")),
                        ("EndpointPublicAccess", inside(&place, "endpoint_public_access")),
                    ],
                );
                made.set("ResourcesVpcConfig", own);
            }
            "aws_eks_node_group" => {
                let template = block.one("launch_template");
                if !template.is_absent() {
                    let (id, name) = (inside(&template, "id"), inside(&template, "name"));
                    made.set("LaunchTemplate", map(template.loc, [("Id", id), ("Name", name)]));
                }
                made.set("RemoteAccess", block.one("remote_access"));
            }
            // Off unless it is asked for:
            // https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance
            "aws_db_instance"
            | "aws_rds_cluster_instance"
            | "aws_neptune_cluster_instance"
            | "aws_mq_broker"
                if made.get("PubliclyAccessible").is_absent() =>
            {
                made.set("PubliclyAccessible", Data::new(loc, DataKind::Bool(false)));
            }
            "aws_elasticache_cluster" => {
                // A member of a replication group stands where the group does.
                let group = block.get("replication_group_id");
                if !group.is_absent() {
                    return;
                }
            }
            "aws_fsx_lustre_file_system" => file_system(&mut made, "LUSTRE"),
            "aws_fsx_windows_file_system" => file_system(&mut made, "WINDOWS"),
            "aws_fsx_openzfs_file_system" => file_system(&mut made, "OPENZFS"),
            "aws_fsx_ontap_file_system" => file_system(&mut made, "ONTAP"),
            "aws_opensearch_domain" | "aws_elasticsearch_domain" => {
                let place = block.one("vpc_options");
                if !place.is_absent() {
                    let own = map(
                        place.loc,
                        [
                            ("SubnetIds", inside(&place, "subnet_ids")),
                            ("SecurityGroupIds", inside(&place, "security_group_ids")),
                        ],
                    );
                    made.set("VPCOptions", own);
                }
            }
            "aws_msk_cluster" => {
                let place = block.one("broker_node_group_info");
                let ways = first(inside(&place, "connectivity_info"));
                let access = first(inside(&ways, "public_access"));
                let access = nested("Type", inside(&access, "type"));
                let own = map(
                    place.loc,
                    [
                        ("ClientSubnets", inside(&place, "client_subnets")),
                        ("SecurityGroups", inside(&place, "security_groups")),
                        (
                            "ConnectivityInfo",
                            map(
                                place.loc,
                                [
                                    ("NetworkType", inside(&ways, "network_type")),
                                    ("PublicAccess", access),
                                ],
                            ),
                        ),
                    ],
                );
                made.set("BrokerNodeGroupInfo", own);
            }
            _ => {}
        }
        self.add(made);
    }
}

fn file_system(made: &mut Made, kind: &str) {
    made.set("FileSystemType", Data::text(made.loc, kind));
}

/// An interface that a launch template asks for.
fn interface(it: &Data) -> Data {
    map(
        it.loc,
        [
            ("SubnetId", inside(it, "subnet_id")),
            ("Groups", inside(it, "security_groups")),
            ("AssociatePublicIpAddress", inside(it, "associate_public_ip_address")),
            ("Ipv6AddressCount", inside(it, "ipv6_address_count")),
            ("Ipv6Addresses", inside(it, "ipv6_addresses")),
            ("NetworkInterfaceId", inside(it, "network_interface_id")),
        ],
    )
}

fn instance(block: &Block<'_, '_>, made: &mut Made) {
    let loc = block.loc();
    made.set("LaunchTemplate", launch(&block.one("launch_template")));
    let given = block.get("network_interface");
    let primary = block.get("primary_network_interface");
    let given = if blocks(&given).is_empty() { primary } else { given };
    if !blocks(&given).is_empty() {
        let own = each(&given, |it| {
            map(it.loc, [("NetworkInterfaceId", inside(it, "network_interface_id"))])
        });
        made.set("NetworkInterfaces", own);
        return;
    }
    let public = block.get("associate_public_ip_address");
    if public.is_absent() {
        return;
    }
    let template = made.get("LaunchTemplate");
    let groups = [made.get("SecurityGroupIds"), made.get("SecurityGroups")];
    let groups = groups.into_iter().find(|it| !it.is_absent());
    let groups = match groups {
        None if !template.is_absent() => {
            Data::unknown(loc, "its launch template may say its groups")
        }
        Some(it) => it,
        None => Data::new(loc, DataKind::Absent),
    };
    let own = map(
        public.loc,
        [
            ("SubnetId", made.get("SubnetId")),
            ("GroupSet", groups),
            ("AssociatePublicIpAddress", public.clone()),
            ("Ipv6Addresses", made.get("Ipv6Addresses")),
            ("Ipv6AddressCount", made.get("Ipv6AddressCount")),
        ],
    );
    made.set("NetworkInterfaces", only(own));
}

fn balancer(block: &Block<'_, '_>, made: &mut Made) {
    let internal = block.get("internal");
    made.set("Scheme", worded(internal, "internal", "internet-facing"));
    let mapped = block.get("subnet_mapping");
    if !blocks(&mapped).is_empty() {
        let own = each(&mapped, |it| map(it.loc, [("SubnetId", inside(it, "subnet_id"))]));
        made.set("SubnetMappings", own);
    }
    if block.kind() == "aws_elb" {
        let listeners = each(&block.get("listener"), |it| {
            map(
                it.loc,
                [
                    ("LoadBalancerPort", inside(it, "lb_port")),
                    ("InstancePort", inside(it, "instance_port")),
                ],
            )
        });
        made.set("Listeners", listeners);
    }
}

/// The ports of the containers, which stand in a JSON text.
fn task_definition(block: &Block<'_, '_>, made: &mut Made) {
    let platform = block.one("runtime_platform");
    let system = inside(&platform, "operating_system_family");
    made.set("RuntimePlatform", nested("OperatingSystemFamily", system));
    let written = block.get("container_definitions");
    let containers = match written.as_text().map(serde_json::from_str) {
        Some(Ok(it)) => super::super::functions::decoded(written.loc, it),
        Some(Err(_)) => Data::unknown(written.loc, "it is not JSON"),
        None => written,
    };
    let own = each(&containers, |it| {
        let ports = each(&inside(it, "portMappings"), |it| {
            map(
                it.loc,
                [
                    ("ContainerPort", inside(it, "containerPort")),
                    ("Protocol", inside(it, "protocol")),
                ],
            )
        });
        map(it.loc, [("PortMappings", ports)])
    });
    made.set("ContainerDefinitions", own);
}
