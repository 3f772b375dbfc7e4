//! What stands in subnets, and what load balancers send on.

use archgen_core::resource::interfaces::InterfaceKind;
use archgen_core::types::Port;
use archgen_core::value::Value;

use super::{group, listed, lists, place, show, standing, with};

#[test]
fn endpoints() {
    let it = with(
        r"
  S3: {Type: 'AWS::EC2::VPCEndpoint', Properties: {VpcId: !Ref V, ServiceName: !Sub 'com.amazonaws.${AWS::Region}.s3', RouteTableIds: [!Ref T]}}
  T: {Type: 'AWS::EC2::RouteTable', Properties: {VpcId: !Ref V}}
  Logs: {Type: 'AWS::EC2::VPCEndpoint', Properties: {VpcId: !Ref V, VpcEndpointType: Interface, PrivateDnsEnabled: true, ServiceName: !Join ['', [com.amazonaws., !Ref 'AWS::Region', .logs]], SubnetIds: [!Ref A], SecurityGroupIds: [!Ref G]}}
  Other: {Type: 'AWS::EC2::VPCEndpoint', Properties: {VpcId: !Ref V, VpcEndpointType: Interface, ServiceName: com.amazonaws.vpce.us-east-1.vpce-svc-1, SubnetIds: [!Ref A]}}
  Gwlb: {Type: 'AWS::EC2::VPCEndpoint', Properties: {VpcId: !Ref V, VpcEndpointType: GatewayLoadBalancer, ServiceName: x, SubnetIds: [!Ref A]}}
",
    );
    assert!(show(&it, "S3").contains("service: S3, kind: Gateway { tables: [→T] }"));
    assert!(
        show(&it, "Logs")
            .contains("service: Logs, kind: Interface { subnets: [→A], groups: [→G] }")
    );
    assert_eq!(it.graph.interfaces.len(), 1);
    assert_eq!(standing(&it, "Other").kind, InterfaceKind::VpcEndpoint);
    assert_eq!(place(&it, "Other"), "Some([→A]) Some([→V.DefaultSecurityGroup]) public:no ports:");
    lists(&it, "Other ServiceName: which service");
    lists(&it, "Gwlb VpcEndpointType: endpoints of type `GatewayLoadBalancer`");
}

#[test]
fn instances_and_their_interfaces() {
    let it = with(
        r"
  Plain: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref G], Ipv6AddressCount: 1}}
  Inline: {Type: 'AWS::EC2::Instance', Properties: {NetworkInterfaces: [{DeviceIndex: 0, SubnetId: !Ref A, GroupSet: [!Ref G], AssociatePublicIpAddress: false}, {DeviceIndex: 1, NetworkInterfaceId: !Ref Eni}]}}
  Eni: {Type: 'AWS::EC2::NetworkInterface', Properties: {SubnetId: !Ref B, GroupSet: [!Ref G]}}
  Eip: {Type: 'AWS::EC2::EIP', Properties: {Domain: vpc}}
  On: {Type: 'AWS::EC2::EIPAssociation', Properties: {AllocationId: !GetAtt Eip.AllocationId, NetworkInterfaceId: !Ref Eni}}
  Late: {Type: 'AWS::EC2::NetworkInterfaceAttachment', Properties: {InstanceId: !Ref Plain, NetworkInterfaceId: !Ref Eni, DeviceIndex: '2'}}
  Lt: {Type: 'AWS::EC2::LaunchTemplate', Properties: {LaunchTemplateData: {NetworkInterfaces: [{AssociatePublicIpAddress: true, Groups: [!Ref G]}]}}}
  Asg: {Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: {VPCZoneIdentifier: [!Join [',', [!Ref A, !Ref B]]], LaunchTemplate: {LaunchTemplateId: !Ref Lt, Version: 1}}}
  Lc: {Type: 'AWS::AutoScaling::LaunchConfiguration', Properties: {SecurityGroups: [!Ref G], AssociatePublicIpAddress: false}}
  Old: {Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: {VPCZoneIdentifier: !Ref Subnets, LaunchConfigurationName: !Ref Lc}}
  Nowhere: {Type: 'AWS::EC2::Instance', Properties: {}}
",
    );
    assert_eq!(place(&it, "Plain"), "Some([→A]) Some([→G]) public:yes ports:");
    assert_eq!(standing(&it, "Plain").ipv6, Value::Literal(true));
    assert_eq!(place(&it, "Inline"), "Some([→A]) Some([→G]) public:no ports:");
    assert_eq!(place(&it, "Inline.eth1"), "Some([→B]) Some([→G]) public:yes ports:");
    assert_eq!(standing(&it, "Inline.eth1").declaration, "Inline");
    assert_eq!(standing(&it, "Plain.eth2").declaration, "Plain");
    assert_eq!(place(&it, "Asg"), "Some([→A, →B]) Some([→G]) public:yes ports:");
    assert_eq!(place(&it, "Old"), "None Some([→G]) public:no ports:");
    assert_eq!(place(&it, "Nowhere"), "None None public:? ports:");
    lists(&it, "Old VPCZoneIdentifier: the parameter `Subnets` has no value");
}

#[test]
fn load_balancers_and_targets() {
    let it = with(
        r"
  Alb: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {Subnets: [!Ref A, !Ref B], SecurityGroups: [!Ref G]}}
  L: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {LoadBalancerArn: !Ref Alb, Port: 443, Protocol: HTTPS, DefaultActions: [{Type: fixed-response}]}}
  Rule: {Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: {ListenerArn: !Ref L, Actions: [{Type: forward, ForwardConfig: {TargetGroups: [{TargetGroupArn: !Ref Tg, Weight: 1}]}}]}}
  Tg: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {Port: 80, Protocol: HTTP, TargetType: ip, VpcId: !Ref V}}
  Task: {Type: 'AWS::ECS::TaskDefinition', Properties: {ContainerDefinitions: [{PortMappings: [{ContainerPort: 8080}, {ContainerPort: 9090, Protocol: udp}]}]}}
  Svc: {Type: 'AWS::ECS::Service', Properties: {TaskDefinition: !Ref Task, LoadBalancers: [{ContainerPort: 8080, TargetGroupArn: !Ref Tg}], NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!Ref B], SecurityGroups: [!Ref G]}}}}
  Bridge: {Type: 'AWS::ECS::Service', Properties: {TaskDefinition: !Ref Task}}
  Nlb: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {Type: network, Scheme: internal, SubnetMappings: [{SubnetId: !Ref B}]}}
  NL: {Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: {LoadBalancerArn: !Ref Nlb, Port: 22, Protocol: TCP, DefaultActions: [{Type: forward, TargetGroupArn: !Ref NTg}]}}
  NTg: {Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {Port: 22, Protocol: TCP, VpcId: !Ref V, Targets: [{Id: !Ref I}, {Id: 10.0.0.9}]}}
  I: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref B}}
  Classic: {Type: 'AWS::ElasticLoadBalancing::LoadBalancer', Properties: {Subnets: [!Ref A], Scheme: internal, Instances: [!Ref I], Listeners: [{LoadBalancerPort: '80', InstancePort: '8000', Protocol: HTTP}]}}
  Gw: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {Type: gateway, Subnets: [!Ref A]}}
",
    );
    assert_eq!(place(&it, "Alb"), "Some([→A, →B]) Some([→G]) public:yes ports:443");
    assert_eq!(place(&it, "Nlb"), "Some([→B]) Some([]) public:no ports:22");
    assert_eq!(place(&it, "Svc"), "Some([→B]) Some([→G]) public:no ports:8080");
    assert_eq!(
        place(&it, "Classic"),
        "Some([→A]) Some([→V.DefaultSecurityGroup]) public:no ports:80"
    );
    let forwards: Vec<String> = it
        .graph
        .forwards
        .iter()
        .map(|it| {
            let port = |it: &Value<Port>| it.literal().map_or(0, |it| it.0);
            format!(
                "{}:{} {}:{} {:?}",
                it.load_balancer,
                port(&it.listener_port),
                it.target,
                port(&it.target_port),
                it.keeps_client_address
            )
        })
        .collect();
    assert_eq!(
        forwards,
        [
            "Classic:80 I:8000 Literal(false)",
            "Nlb:22 I:22 Literal(true)",
            "Alb:443 Svc:8080 Literal(false)"
        ]
    );
    lists(&it, "NTg Targets: a target by `10.0.0.9` is not followed");
    lists(&it, "Bridge NetworkConfiguration: without");
    lists(&it, "Gw Type: load balancers of type `gateway`");
}

#[test]
fn stores_and_managed_services() {
    let it = with(
        r"
  Sg: {Type: 'AWS::RDS::DBSubnetGroup', Properties: {SubnetIds: [!Ref A, !Ref B]}}
  Db: {Type: 'AWS::RDS::DBInstance', Properties: {Engine: postgres, DBSubnetGroupName: !Ref Sg, VPCSecurityGroups: [!Ref G], PubliclyAccessible: false}}
  Copy: {Type: 'AWS::RDS::DBInstance', Properties: {SourceDBInstanceIdentifier: !Ref Db, VPCSecurityGroups: [!Ref G], PubliclyAccessible: false}}
  Cluster: {Type: 'AWS::RDS::DBCluster', Properties: {Engine: aurora-mysql, Port: 3307, DBSubnetGroupName: !Ref Sg, VpcSecurityGroupIds: [!Ref G]}}
  Node: {Type: 'AWS::RDS::DBInstance', Properties: {Engine: aurora-mysql, DBClusterIdentifier: !Ref Cluster}}
  CacheGroup: {Type: 'AWS::ElastiCache::SubnetGroup', Properties: {SubnetIds: [!Ref B]}}
  Cache: {Type: 'AWS::ElastiCache::ReplicationGroup', Properties: {CacheSubnetGroupName: !Ref CacheGroup, SecurityGroupIds: [!Ref G]}}
  Mount: {Type: 'AWS::EFS::MountTarget', Properties: {SubnetId: !Ref B, SecurityGroups: [!Ref G]}}
  Search: {Type: 'AWS::OpenSearchService::Domain', Properties: {VPCOptions: {SubnetIds: [!Ref B], SecurityGroupIds: [!Ref G]}}}
  PublicSearch: {Type: 'AWS::OpenSearchService::Domain', Properties: {}}
  Kafka: {Type: 'AWS::MSK::Cluster', Properties: {BrokerNodeGroupInfo: {ClientSubnets: [!Ref B], SecurityGroups: [!Ref G]}}}
  Fn: {Type: 'AWS::Lambda::Function', Properties: {VpcConfig: {SubnetIds: [!Ref B], SecurityGroupIds: [!Ref G]}}}
  FnOut: {Type: 'AWS::Lambda::Function', Properties: {}}
  Eks: {Type: 'AWS::EKS::Cluster', Properties: {ResourcesVpcConfig: {SubnetIds: [!Ref A, !Ref B], EndpointPublicAccess: false}}}
  Nodes: {Type: 'AWS::EKS::Nodegroup', Properties: {ClusterName: !Ref Eks, Subnets: [!Ref B]}}
  Bucket: {Type: 'AWS::S3::Bucket', Properties: {}}
  Thing: {Type: 'AWS::Batch::ComputeEnvironment', Properties: {ComputeResources: {Subnets: [!Ref A]}}}
",
    );
    for (id, expected, store) in [
        ("Db", "Some([→A, →B]) Some([→G]) public:no ports:5432", true),
        ("Copy", "Some([→A, →B]) Some([→G]) public:no ports:5432", true),
        ("Cluster", "Some([→A, →B]) Some([→G]) public:no ports:3307", true),
        ("Node", "Some([→A, →B]) Some([→G]) public:? ports:3307", true),
        ("Cache", "Some([→B]) Some([→G]) public:no ports:6379", true),
        ("Mount", "Some([→B]) Some([→G]) public:no ports:2049", true),
        ("Search", "Some([→B]) Some([→G]) public:no ports:443", true),
        ("Kafka", "Some([→B]) Some([→G]) public:no ports:", true),
        ("Fn", "Some([→B]) Some([→G]) public:no ports:", false),
        ("Eks", "Some([→A, →B]) Some([→Eks.ClusterSecurityGroupId]) public:no ports:443", false),
        ("Nodes", "Some([→B]) Some([→Eks.ClusterSecurityGroupId]) public:no ports:", false),
    ] {
        assert_eq!(place(&it, id), expected, "{id}");
        assert_eq!(standing(&it, id).store, store, "{id}");
    }
    assert_eq!(it.graph.interfaces.len(), 11);
    assert_eq!(group(&it, "Eks.ClusterSecurityGroupId").vpc.id().as_str(), "V");
    let all = listed(&it);
    assert_eq!(all.len(), 2, "{all:#?}");
    lists(&it, "Node PubliclyAccessible: it does not say so");
    lists(&it, "Thing AWS::Batch::ComputeEnvironment: the type is not read");
}

/// Nodes by the image that EKS starts them from, and by the groups of their launch template.
#[test]
fn nodes_run_what_their_image_is() {
    let it = with(
        "
  Template: {Type: 'AWS::EC2::LaunchTemplate', Properties: {LaunchTemplateData: {SecurityGroupIds: [!Ref G]}}}
  Eks: {Type: 'AWS::EKS::Cluster', Properties: {ResourcesVpcConfig: {SubnetIds: [!Ref A, !Ref B], SecurityGroupIds: [!Ref G], EndpointPublicAccess: false}}}
  Linux: {Type: 'AWS::EKS::Nodegroup', Properties: {ClusterName: !Ref Eks, Subnets: [!Ref B], AmiType: AL2023_x86_64_STANDARD, LaunchTemplate: {Id: !Ref Template, Version: '1'}}}
  Windows: {Type: 'AWS::EKS::Nodegroup', Properties: {ClusterName: !Ref Eks, Subnets: [!Ref B], AmiType: WINDOWS_CORE_2022_x86_64}}
  Custom: {Type: 'AWS::EKS::Nodegroup', Properties: {ClusterName: !Ref Eks, Subnets: [!Ref B], AmiType: CUSTOM}}
",
    );
    for (id, kind) in [
        ("Linux", InterfaceKind::Linux),
        ("Windows", InterfaceKind::Windows),
        ("Custom", InterfaceKind::Instance),
    ] {
        assert_eq!(standing(&it, id).kind, kind, "{id}");
    }
    assert_eq!(place(&it, "Linux"), "Some([→B]) Some([→G]) public:no ports:");
    let both = "Some([→A, →B]) Some([→G, →Eks.ClusterSecurityGroupId]) public:no ports:443";
    assert_eq!(place(&it, "Eks"), both);
}
