//! CloudFormation templates that are not what was checked.

use archgen::cloudformation::{Format, files, template};
use archgen::validate::emitted;
use archgen::{Checked, Files, Target};
use serde_json::{Value, json};

use super::{GUARDED, INFRA, PEERED, one};

/// A change to a template, and what must be named because of it.
struct Tampering {
    what: &'static str,
    /// The architecture, in the first of its environments.
    of: &'static str,
    change: fn(&mut Value),
    named: &'static [&'static str],
}

const TAMPERINGS: &[Tampering] = &[
    Tampering {
        what: "a port",
        of: INFRA,
        change: |it| *at(it, "RedisIngressBackendTcp6379", "ToPort") = 6380.into(),
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
            *at(it, "RedisIngressBackendTcp6379", "ToPort") = 6380.into();
            *at(it, "BackendEgressRedisTcp6379", "ToPort") = 6380.into();
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
        change: |it| *at(it, "NetworkVpc", "CidrBlock") = "10.0.0.0/15".into(),
        named: &["VPC `NetworkVpc` of `network`", "has 10.0.0.0/16", "has 10.0.0.0/15"],
    },
    Tampering {
        what: "the block of a subnet",
        of: INFRA,
        change: |it| *at(it, "NetworkPrivateBSubnet", "CidrBlock") = "10.0.5.0/24".into(),
        named: &["subnet `NetworkPrivateBSubnet`", "has 10.0.4.0/24", "has 10.0.5.0/24"],
    },
    Tampering {
        what: "a dropped rule",
        of: INFRA,
        change: |it| drop_resource(it, "RedisIngressBackendTcp6379"),
        named: &["RedisSecurityGroup", "checked: in: tcp/6379", "written: nothing gets through"],
    },
    Tampering {
        what: "a dropped rule of an endpoint",
        of: INFRA,
        change: |it| drop_resource(it, "NetworkEndpointsIngressRedisTcp443"),
        named: &["from `redis` to `network.ecr_api` over IPv4"],
    },
    Tampering {
        what: "a rule about another group",
        of: INFRA,
        change: |it| {
            *at(it, "RedisIngressBackendTcp6379", "SourceSecurityGroupId") =
                json!({ "Fn::GetAtt": ["FrontendSecurityGroup", "GroupId"] });
        },
        named: &["written: in: tcp/6379 `FrontendSecurityGroup`"],
    },
    Tampering {
        what: "an extra rule",
        of: INFRA,
        change: |it| {
            it["Resources"]["Extra"] = json!({
                "Type": "AWS::EC2::SecurityGroupIngress",
                "Properties": {
                    "GroupId": { "Fn::GetAtt": ["RedisSecurityGroup", "GroupId"] },
                    "IpProtocol": "-1", "CidrIp": "0.0.0.0/0",
                },
            });
        },
        named: &["RedisSecurityGroup", "written: in: all traffic 0.0.0.0/0"],
    },
    Tampering {
        what: "a group that loses the rule that nothing goes out",
        of: INFRA,
        change: |it| {
            let group = it["Resources"]["VectorsSecurityGroup"]["Properties"].as_object_mut();
            group.expect("properties").remove("SecurityGroupEgress");
        },
        named: &["VectorsSecurityGroup", "written: out: all traffic 0.0.0.0/0"],
    },
    Tampering {
        what: "a swapped table",
        of: INFRA,
        change: |it| {
            *at(it, "NetworkPrivateARouteTableAssociation", "RouteTableId") =
                json!({ "Ref": "NetworkPublicRouteTable" });
        },
        named: &[
            "checked: uses the route table `NetworkPrivateARouteTable`",
            "written: uses the route table `NetworkPublicRouteTable`",
        ],
    },
    Tampering {
        what: "tables swapped between zones, which change who reaches nobody",
        of: INFRA,
        change: |it| {
            let (a, b) =
                ("NetworkPrivateARouteTableAssociation", "NetworkPrivateBRouteTableAssociation");
            let table = at(it, a, "RouteTableId").clone();
            let other = std::mem::replace(at(it, b, "RouteTableId"), table);
            *at(it, a, "RouteTableId") = other;
        },
        named: &["subnet `NetworkPrivateASubnet`", "subnet `NetworkPrivateBSubnet`"],
    },
    Tampering {
        what: "a removed route",
        of: INFRA,
        change: |it| drop_resource(it, "NetworkPublicDefaultRoute"),
        named: &[
            "checked: sends 0.0.0.0/0 to `NetworkInternetGateway`",
            "from `internet` to `edge` over IPv4",
        ],
    },
    Tampering {
        what: "an internet gateway that is not attached",
        of: INFRA,
        change: |it| drop_resource(it, "NetworkInternetGatewayAttachment"),
        named: &["checked: has the internet gateway `NetworkInternetGateway`"],
    },
    Tampering {
        what: "a NAT gateway in a private subnet",
        of: INFRA,
        change: |it| {
            *at(it, "NetworkNatAGateway", "SubnetId") = json!({ "Ref": "NetworkPrivateASubnet" });
        },
        named: &["NAT gateway `NetworkNatAGateway`", "written: stands in `NetworkPrivateASubnet`"],
    },
    Tampering {
        what: "a gateway endpoint without a table",
        of: INFRA,
        change: |it| {
            *at(it, "NetworkEndpointS3", "RouteTableIds") =
                json!([{ "Ref": "NetworkPublicRouteTable" }]);
        },
        named: &["VPC endpoint `NetworkEndpointS3`"],
    },
    Tampering {
        what: "a service that moves to other subnets",
        of: INFRA,
        change: |it| {
            *network(it, "RedisService", "Subnets") = json!([
                { "Ref": "NetworkPublicASubnet" }, { "Ref": "NetworkPublicBSubnet" }
            ]);
        },
        named: &[
            "interfaces `RedisService` of `redis`",
            "checked: stand in NetworkPrivateASubnet, NetworkPrivateBSubnet",
        ],
    },
    Tampering {
        what: "a subnet that moves to another VPC",
        of: PEERED,
        change: |it| {
            *at(it, "ShopBatchASubnet", "VpcId") = json!({ "Ref": "ToolsVpc" });
        },
        named: &["subnet `ShopBatchASubnet`", "of `ToolsVpc`"],
    },
    Tampering {
        what: "a route to a peering that is gone",
        of: PEERED,
        change: |it| drop_resource(it, "InsideShopDatabase10900016Route"),
        named: &["route table `ShopDatabaseRouteTable`", "checked: sends 10.90.0.0/16"],
    },
    Tampering {
        what: "a route to a peering for other addresses",
        of: PEERED,
        change: |it| {
            *at(it, "InsideShopDatabase10900016Route", "DestinationCidrBlock") =
                "10.91.0.0/16".into();
        },
        named: &["written: sends 10.91.0.0/16 to `InsidePeering`"],
    },
    Tampering {
        what: "a group that is attached twice",
        of: INFRA,
        change: |it| {
            let groups = network(it, "RedisService", "SecurityGroups");
            let group = groups[0].clone();
            groups.as_array_mut().expect("a list").push(group);
        },
        named: &["written: have the groups RedisSecurityGroup, RedisSecurityGroup"],
    },
    Tampering {
        what: "a group of somebody else",
        of: INFRA,
        change: |it| {
            *network(it, "FrontendService", "SecurityGroups") =
                json!([{ "Fn::GetAtt": ["BackendSecurityGroup", "GroupId"] }]);
        },
        named: &["from `frontend` to `redis` over IPv4", "interfaces `FrontendService`"],
    },
    Tampering {
        what: "a load balancer on the internet no more",
        of: INFRA,
        change: |it| *at(it, "EdgeLoadBalancer", "Scheme") = "internal".into(),
        named: &["interfaces `EdgeLoadBalancer`", "from `internet` to `edge` over IPv4"],
    },
    Tampering {
        what: "a network ACL whose action is flipped",
        of: GUARDED,
        change: |it| *at(it, "AroundStoresIngress100Entry", "RuleAction") = "deny".into(),
        named: &["network ACL `AroundStoresNetworkAcl`", "in: 100 allows", "in: 100 denies"],
    },
    Tampering {
        what: "a network ACL whose entries come in another order",
        of: GUARDED,
        change: |it| *at(it, "AroundStoresIngress90Entry", "RuleNumber") = 120.into(),
        named: &["in: 90 denies", "in: 120 denies"],
    },
    Tampering {
        what: "a network ACL that a subnet does not have",
        of: GUARDED,
        change: |it| drop_resource(it, "AroundStoresANetworkAclAssociation"),
        named: &["checked: has the network ACL `AroundStoresNetworkAcl`"],
    },
];

/// A property of a resource.
#[track_caller]
fn at<'a>(template: &'a mut Value, resource: &str, property: &str) -> &'a mut Value {
    let it = &mut template["Resources"][resource]["Properties"][property];
    assert!(!it.is_null(), "no {resource}.{property}");
    it
}

/// A property of the network of a service.
fn network<'a>(template: &'a mut Value, service: &str, property: &str) -> &'a mut Value {
    let it = at(template, service, "NetworkConfiguration");
    let it = &mut it["AwsvpcConfiguration"][property];
    assert!(!it.is_null(), "no {property} of {service}");
    it
}

#[track_caller]
fn drop_resource(template: &mut Value, name: &str) {
    let resources = template["Resources"].as_object_mut().expect("resources");
    assert!(resources.remove(name).is_some(), "no {name}");
}

fn tampered(checked: &Checked, change: impl Fn(&mut Value)) -> Files {
    let mut all = files(checked, Format::Json);
    for bytes in all.values_mut() {
        let mut template: Value = serde_json::from_slice(bytes).expect("it is JSON");
        change(&mut template);
        *bytes = serde_json::to_vec_pretty(&template).expect("it is JSON");
    }
    all
}

#[test]
fn what_is_tampered_with_is_found_and_named() {
    for it in TAMPERINGS {
        let checked = one(it.of);
        let found = emitted(&checked, Target::CloudFormation, &tampered(&checked, it.change));
        let found = found.expect_err(it.what).details();
        for word in it.named {
            assert!(found.contains(word), "{}: no {word:?} in\n{found}", it.what);
        }
    }
}

#[test]
fn every_rule_route_and_association_counts() {
    let kinds = [
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::Route",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::VPCEndpoint",
        "AWS::EC2::Subnet",
        "AWS::EC2::VPC",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::NatGateway",
    ];
    for of in [INFRA, GUARDED, PEERED] {
        let checked = one(of);
        let template: Value = serde_json::from_str(&template(&checked).json()).expect("JSON");
        let resources = template["Resources"].as_object().expect("resources");
        for (name, it) in resources {
            if it["Type"].as_str().is_some_and(|it| kinds.contains(&it)) {
                let files = tampered(&checked, |it| drop_resource(it, name));
                assert!(
                    emitted(&checked, Target::CloudFormation, &files).is_err(),
                    "nobody misses {name} of {of:?}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_template_is_a_mismatch() {
    let checked = one(INFRA);
    for text in ["", "{", "[]", "{\"Resources\": 1}"] {
        let files = Files::from([("template.json".to_string(), text.as_bytes().to_vec())]);
        let found = emitted(&checked, Target::CloudFormation, &files).expect_err(text);
        assert!(found.to_string().starts_with("archgen has a bug"), "{found}");
    }
}
