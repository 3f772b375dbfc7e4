//! Terraform modules that are not what was checked.

use archgen::validate::emitted;
use archgen::{Checked, Files, Target, terraform};
use serde_json::{Value, json};

use super::{GUARDED, INFRA, PEERED, one};

/// A change to a module, and what must be named because of it.
struct Tampering {
    what: &'static str,
    /// The architecture, in the first of its environments.
    of: &'static str,
    change: fn(&mut Module),
    named: &'static [&'static str],
}

const INGRESS: &str = "aws_vpc_security_group_ingress_rule";
const EGRESS: &str = "aws_vpc_security_group_egress_rule";

const TAMPERINGS: &[Tampering] = &[
    Tampering {
        what: "a port",
        of: INFRA,
        change: |it| *it.at(INGRESS, "redis_ingress_backend_tcp_6379", "to_port") = 6380.into(),
        named: &[
            "security group `RedisSecurityGroup` of `redis`",
            "checked: in: tcp/6379 `BackendSecurityGroup`",
            "written: in: tcp/6379-6380 `BackendSecurityGroup`",
        ],
    },
    Tampering {
        what: "a port on both sides, so that more gets through",
        of: INFRA,
        change: |it| {
            *it.at(INGRESS, "redis_ingress_backend_tcp_6379", "to_port") = 6380.into();
            *it.at(EGRESS, "backend_egress_redis_tcp_6379", "to_port") = 6380.into();
        },
        named: &[
            "from `backend` to `redis` over IPv4",
            "checked: tcp/6379 gets through",
            "written: tcp/6379-6380 gets through",
        ],
    },
    Tampering {
        what: "the block of a VPC",
        of: INFRA,
        change: |it| *it.at("aws_vpc", "network", "cidr_block") = "10.0.0.0/15".into(),
        named: &["VPC `NetworkVpc` of `network`", "has 10.0.0.0/16", "has 10.0.0.0/15"],
    },
    Tampering {
        what: "a rule about another group",
        of: INFRA,
        change: |it| {
            *it.at(INGRESS, "redis_ingress_backend_tcp_6379", "referenced_security_group_id") =
                "${aws_security_group.frontend.id}".into();
        },
        named: &["written: in: tcp/6379 `FrontendSecurityGroup`"],
    },
    Tampering {
        what: "an extra rule",
        of: INFRA,
        change: |it| {
            let all = it.blocks(INGRESS);
            all["extra"] = json!({
                "security_group_id": "${aws_security_group.redis.id}",
                "ip_protocol": "-1",
                "cidr_ipv4": "0.0.0.0/0",
            });
        },
        named: &["RedisSecurityGroup", "written: in: all traffic 0.0.0.0/0"],
    },
    Tampering {
        what: "rules in a group, which fight with those beside it",
        of: INFRA,
        change: |it| {
            let group = &mut it.blocks("aws_security_group")["redis"];
            group["egress"] = json!([{
                "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"],
            }]);
        },
        named: &["RedisSecurityGroup", "written: out: all traffic 0.0.0.0/0"],
    },
    Tampering {
        what: "an internet gateway that is not attached",
        of: INFRA,
        change: |it| it.drop("aws_internet_gateway_attachment", "network"),
        named: &["checked: has the internet gateway `NetworkInternetGateway`"],
    },
    Tampering {
        what: "a service that moves to other subnets",
        of: INFRA,
        change: |it| {
            let network = it.at("aws_ecs_service", "redis", "network_configuration");
            let network = if network.is_array() { &mut network[0] } else { network };
            assert!(!network["subnets"].is_null());
            network["subnets"] = json!([
                "${aws_subnet.network_public[\"a\"].id}",
                "${aws_subnet.network_public[\"b\"].id}"
            ]);
        },
        named: &[
            "interfaces `RedisService` of `redis`",
            "checked: stand in NetworkPrivateASubnet, NetworkPrivateBSubnet",
        ],
    },
    Tampering {
        what: "a load balancer on the internet no more",
        of: INFRA,
        change: |it| *it.at("aws_lb", "edge", "internal") = true.into(),
        named: &["interfaces `EdgeLoadBalancer`", "from `internet` to `edge` over IPv4"],
    },
    Tampering {
        what: "a network ACL whose action is flipped",
        of: GUARDED,
        change: |it| {
            let entry =
                it.at("aws_network_acl_rule", "around_stores_ingress_100_entry", "rule_action");
            *entry = "deny".into();
        },
        named: &["network ACL `AroundStoresNetworkAcl`", "in: 100 allows", "in: 100 denies"],
    },
    Tampering {
        what: "a network ACL for the other direction",
        of: GUARDED,
        change: |it| {
            *it.at("aws_network_acl_rule", "around_stores_ingress_100_entry", "egress") =
                true.into();
        },
        named: &["network ACL `AroundStoresNetworkAcl`", "in: 100 allows", "out: 100 allows"],
    },
    Tampering {
        what: "a route to a peering for other addresses",
        of: PEERED,
        change: |it| {
            let route = "inside_shop_database_10_90_0_0_16";
            *it.at("aws_route", route, "destination_cidr_block") = "10.91.0.0/16".into();
        },
        named: &["written: sends 10.91.0.0/16 to `InsidePeering`"],
    },
];

/// The files of a module.
struct Module(Vec<(String, Value)>);

impl Module {
    fn of(checked: &Checked) -> Module {
        let files = terraform::files(checked).into_iter();
        let json = files.filter(|(name, _)| name.ends_with(".tf.json"));
        let parsed = json
            .map(|(name, text)| (name, serde_json::from_slice(&text).expect("the file is JSON")));
        Module(parsed.collect())
    }

    fn files(self) -> Files {
        let text = |it: &Value| serde_json::to_vec_pretty(it).expect("it is JSON");
        self.0.iter().map(|(name, it)| (name.clone(), text(it))).collect()
    }

    /// The resources of a type, which are in one file.
    #[track_caller]
    fn blocks(&mut self, kind: &str) -> &mut Value {
        let mut files = self.0.iter_mut().map(|it| &mut it.1["resource"]);
        let of = files.find(|it| it.get(kind).is_some());
        &mut of.unwrap_or_else(|| panic!("no {kind}"))[kind]
    }

    /// An argument of a resource.
    #[track_caller]
    fn at(&mut self, kind: &str, name: &str, argument: &str) -> &mut Value {
        let it = &mut self.blocks(kind)[name][argument];
        assert!(!it.is_null(), "no {kind}.{name}.{argument}");
        it
    }

    #[track_caller]
    fn drop(&mut self, kind: &str, name: &str) {
        let all = self.blocks(kind).as_object_mut().expect("resources");
        assert!(all.remove(name).is_some(), "no {kind}.{name}");
    }
}

#[test]
fn what_is_tampered_with_is_found_and_named() {
    for it in TAMPERINGS {
        let checked = one(it.of);
        let mut module = Module::of(&checked);
        (it.change)(&mut module);
        let found = emitted(&checked, Target::Terraform, &module.files());
        let found = found.expect_err(it.what).details();
        for word in it.named {
            assert!(found.contains(word), "{}: no {word:?} in\n{found}", it.what);
        }
    }
}

#[test]
fn every_rule_route_and_association_counts() {
    let kinds = [
        INGRESS,
        EGRESS,
        "aws_route",
        "aws_route_table_association",
        "aws_network_acl_rule",
        "aws_network_acl_association",
        "aws_internet_gateway_attachment",
        "aws_vpc_endpoint",
        "aws_subnet",
        "aws_vpc",
        "aws_vpc_peering_connection",
        "aws_nat_gateway",
    ];
    let mut dropped = 0;
    for of in [INFRA, GUARDED, PEERED] {
        let checked = one(of);
        for (file, it) in &Module::of(&checked).0 {
            for (kind, blocks) in it["resource"].as_object().into_iter().flatten() {
                let names = blocks.as_object().expect("resources").keys();
                for name in names.filter(|_| kinds.contains(&kind.as_str())) {
                    let mut module = Module::of(&checked);
                    module.drop(kind, name);
                    assert!(
                        emitted(&checked, Target::Terraform, &module.files()).is_err(),
                        "nobody misses {kind}.{name} of {of:?} in {file}"
                    );
                    dropped += 1;
                }
            }
        }
    }
    assert!(dropped > 100, "{dropped}");
}

/// Instances of a repeated block count each.
#[test]
fn every_instance_counts() {
    let checked = one(INFRA);
    let mut dropped = 0;
    for (_, it) in &Module::of(&checked).0 {
        for (kind, blocks) in it["resource"].as_object().into_iter().flatten() {
            for (name, block) in blocks.as_object().expect("resources") {
                let Some(over) = block["for_each"].as_object() else { continue };
                for key in over.keys().filter(|_| kind == "aws_subnet" || kind == "aws_route") {
                    let mut module = Module::of(&checked);
                    let over = module.at(kind, name, "for_each");
                    over.as_object_mut().expect("a map").remove(key);
                    let files = module.files();
                    assert!(
                        emitted(&checked, Target::Terraform, &files).is_err(),
                        "nobody misses {kind}.{name}[{key:?}]"
                    );
                    dropped += 1;
                }
            }
        }
    }
    assert!(dropped >= 4, "{dropped}");
}

#[test]
fn what_is_no_module_is_a_mismatch() {
    let checked = one(INFRA);
    for text in ["{", "[]", "{\"resource\": 1}", "{\"resource\": {\"aws_vpc\": 1}}"] {
        let files = Files::from([("network.tf.json".to_string(), text.as_bytes().to_vec())]);
        let found = emitted(&checked, Target::Terraform, &files).expect_err(text);
        assert!(found.to_string().starts_with("archgen has a bug"), "{found}");
    }
}
