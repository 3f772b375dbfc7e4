"""Handlers for EKS: clusters and groups of nodes. Add-ons, access entries and Pod Identity associations are generic."""

from .resources import Handler, Made, camel, changed, handles, pairs, pick


@handles("AWS::EKS::Cluster")
class Cluster(Handler):
    def create(self, context, properties):
        api, name = context.api("eks"), properties.get("Name") or context.name(100)
        network = properties["ResourcesVpcConfig"]
        arguments = camel(pick(properties, "Version", "KubernetesNetworkConfig", "EncryptionConfig"))
        logging = properties.get("Logging", {}).get("ClusterLogging", {}).get("EnabledTypes", [])
        if logging:
            arguments["logging"] = {"clusterLogging": [{"types": [one["Type"] for one in logging], "enabled": True}]}
        made = api.create_cluster(name=name, roleArn=properties["RoleArn"], tags=pairs(properties.get("Tags")),
                                  resourcesVpcConfig=camel(pick(network, "SubnetIds", "SecurityGroupIds", "EndpointPublicAccess", "EndpointPrivateAccess", "PublicAccessCidrs")), **arguments)["cluster"]
        try:
            group = self._own_group(context.api("ec2"), name, network["SubnetIds"])
        except Exception:
            api.delete_cluster(name=name)
            raise
        return Made(name, Arn=made["arn"], Endpoint=made["endpoint"], OpenIdConnectIssuerUrl=made["identity"]["oidc"]["issuer"],
                    CertificateAuthorityData=made["certificateAuthority"]["data"], ClusterSecurityGroupId=group)

    @staticmethod
    def _own_group(ec2, name, subnets):
        """The group that EKS makes with a cluster: https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html"""
        vpc = ec2.describe_subnets(SubnetIds=subnets[:1])["Subnets"][0]["VpcId"]
        tags = [{"Key": f"kubernetes.io/cluster/{name}", "Value": "owned"}, {"Key": "Name", "Value": f"eks-cluster-sg-{name}"}]
        group = ec2.create_security_group(GroupName=f"eks-cluster-sg-{name}", Description="EKS created security group", VpcId=vpc, TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}])["GroupId"]
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}])
        return group

    def update(self, context, made, old, new):
        if changed(old, new, "ResourcesVpcConfig"):
            context.api("eks").update_cluster_config(name=made.id, resourcesVpcConfig=camel(pick(new["ResourcesVpcConfig"], "EndpointPublicAccess", "EndpointPrivateAccess", "PublicAccessCidrs")))
        return made

    def delete(self, context, made, properties):
        context.api("eks").delete_cluster(name=made.id)
        context.api("ec2").delete_security_group(GroupId=made.attributes["ClusterSecurityGroupId"])


@handles("AWS::EKS::Nodegroup")
class Nodegroup(Handler):
    def create(self, context, properties):
        name = properties.get("NodegroupName") or context.name(63)
        arguments = camel(pick(properties, "ScalingConfig", "Taints", "CapacityType", "AmiType", "Version", "InstanceTypes", "LaunchTemplate"))
        if "scalingConfig" in arguments:
            arguments["scalingConfig"] = {k: int(v) for k, v in arguments["scalingConfig"].items()}
        made = context.api("eks").create_nodegroup(clusterName=properties["ClusterName"], nodegroupName=name, subnets=properties["Subnets"], nodeRole=properties["NodeRole"],
                                                   labels=properties.get("Labels", {}), tags=properties.get("Tags", {}), **arguments)["nodegroup"]
        return Made(f"{properties['ClusterName']}/{name}", Arn=made["nodegroupArn"], ClusterName=properties["ClusterName"], NodegroupName=name)

    def update(self, context, made, old, new):
        cluster, name = made.id.split("/", 1)
        if changed(old, new, "ScalingConfig"):
            context.api("eks").update_nodegroup_config(clusterName=cluster, nodegroupName=name, scalingConfig={k: int(v) for k, v in camel(new["ScalingConfig"]).items()})
        return made

    def delete(self, context, made, properties):
        cluster, name = made.id.split("/", 1)
        context.api("eks").delete_nodegroup(clusterName=cluster, nodegroupName=name)
