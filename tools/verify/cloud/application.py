"""Handlers for what runs the services: ECS, load balancers, auto-scaling, certificates, service discovery."""

from .resources import Handler, Made, camel, changed, handles, ints, pick

# map-valued properties whose keys are the author's own words, not field names
FREE_MAPS = ("Options", "DockerLabels", "DriverOpts", "Labels")


def api_form(value):
    """As `camel`, but maps of the author's own words keep theirs."""
    if isinstance(value, list):
        return [api_form(v) for v in value]
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: v if k in FREE_MAPS else api_form(v) for k, v in value.items()}
    return value


def numbers(value, names):
    if isinstance(value, list):
        return [numbers(v, names) for v in value]
    if isinstance(value, dict):
        return {k: int(v) if k in names and isinstance(v, str) else numbers(v, names) for k, v in value.items()}
    return value


@handles("AWS::ECS::Cluster")
class Cluster(Handler):
    def create(self, context, properties):
        arguments = api_form({k: v for k, v in properties.items() if k not in ("ClusterName", "ClusterSettings")} | pick(properties, Settings="ClusterSettings"))
        cluster = context.api("ecs").create_cluster(clusterName=properties.get("ClusterName") or context.name(255), **arguments)["cluster"]
        return Made(cluster["clusterName"], Arn=cluster["clusterArn"])

    def update(self, context, made, old, new):
        context.api("ecs").update_cluster(cluster=made.id, **api_form(pick(new, "Configuration") | {"Settings": new.get("ClusterSettings", [])}))
        return made

    def delete(self, context, made, properties):
        context.api("ecs").delete_cluster(cluster=made.id)


@handles("AWS::ECS::CapacityProvider")
class CapacityProvider(Handler):
    def create(self, context, properties):
        provider = context.api("ecs").create_capacity_provider(
            name=properties.get("Name") or context.name(255), **camel(pick(properties, "AutoScalingGroupProvider", "Tags")))["capacityProvider"]
        return Made(provider["name"])

    def update(self, context, made, old, new):
        provider = {k: v for k, v in camel(new.get("AutoScalingGroupProvider", {})).items() if k != "autoScalingGroupArn"}
        context.api("ecs").update_capacity_provider(name=made.id, autoScalingGroupProvider=provider)
        return made

    def delete(self, context, made, properties):
        context.api("ecs").delete_capacity_provider(capacityProvider=made.id)


@handles("AWS::ECS::ClusterCapacityProviderAssociations")
class ClusterCapacityProviderAssociations(Handler):
    def create(self, context, properties):
        context.api("ecs").put_cluster_capacity_providers(**camel(pick(properties, "Cluster", "CapacityProviders", "DefaultCapacityProviderStrategy")))
        return Made(properties["Cluster"])

    def update(self, context, made, old, new):
        return self.create(context, new)

    def delete(self, context, made, properties):
        context.api("ecs").put_cluster_capacity_providers(cluster=properties["Cluster"], capacityProviders=[], defaultCapacityProviderStrategy=[])


@handles("AWS::ECS::TaskDefinition")
class TaskDefinition(Handler):
    NUMBERS = ("ContainerPort", "HostPort", "Cpu", "Memory", "MemoryReservation", "StartTimeout", "StopTimeout", "Interval", "Retries", "Timeout", "StartPeriod", "SizeInGiB")

    def create(self, context, properties):
        properties = {k: v for k, v in properties.items() if k != "Family"} | {"Family": properties.get("Family") or context.name(255)}
        containers = numbers(properties.get("ContainerDefinitions", []), self.NUMBERS)
        arguments = api_form({**properties, "ContainerDefinitions": containers})
        for volume in arguments.get("volumes", []):
            if "eFSVolumeConfiguration" in volume:
                volume["efsVolumeConfiguration"] = volume.pop("eFSVolumeConfiguration")
            settings = volume.get("efsVolumeConfiguration", {})
            for key in [k for k in settings if k == "filesystemId"]:
                settings["fileSystemId"] = settings.pop(key)
            if "iAM" in settings.get("authorizationConfig", {}):
                settings["authorizationConfig"]["iam"] = settings["authorizationConfig"].pop("iAM")
        task = context.api("ecs").register_task_definition(**arguments)["taskDefinition"]
        return Made(task["taskDefinitionArn"], TaskDefinitionArn=task["taskDefinitionArn"])

    def delete(self, context, made, properties):
        context.api("ecs").deregister_task_definition(taskDefinition=made.id)


@handles("AWS::ECS::Service")
class Service(Handler):
    def create(self, context, properties):
        arguments = api_form({k: v for k, v in properties.items() if k not in ("ServiceName", "AvailabilityZoneRebalancing", "VpcLatticeConfigurations")})
        arguments = ints(arguments, "desiredCount", "healthCheckGracePeriodSeconds")
        service = context.api("ecs").create_service(serviceName=properties.get("ServiceName") or context.name(255), **self._spelled(arguments))["service"]
        return Made(service["serviceArn"], ServiceArn=service["serviceArn"], Name=service["serviceName"])

    @staticmethod
    def _spelled(arguments):
        if "enableECSManagedTags" not in arguments and "EnableECSManagedTags" in arguments:
            arguments["enableECSManagedTags"] = arguments.pop("EnableECSManagedTags")
        # CloudFormation's name is in the plural, the API's is not.
        if "placementStrategies" in arguments:
            arguments["placementStrategy"] = arguments.pop("placementStrategies")
        return arguments

    def update(self, context, made, old, new):
        names = ("TaskDefinition", "DesiredCount", "NetworkConfiguration", "DeploymentConfiguration", "CapacityProviderStrategy", "LoadBalancers",
                 "ServiceRegistries", "HealthCheckGracePeriodSeconds", "EnableExecuteCommand", "PlatformVersion")
        arguments = ints(api_form(pick(new, *(n for n in names if old.get(n) != new.get(n)))), "desiredCount", "healthCheckGracePeriodSeconds")
        if arguments:
            context.api("ecs").update_service(cluster=new["Cluster"], service=made.id, **arguments)
        return made

    def delete(self, context, made, properties):
        context.api("ecs").delete_service(cluster=properties["Cluster"], service=made.id, force=True)


@handles("AWS::ElasticLoadBalancingV2::LoadBalancer")
class LoadBalancer(Handler):
    def create(self, context, properties):
        api = context.api("elbv2")
        balancer = api.create_load_balancer(Name=properties.get("Name") or context.name(32),
                                            **pick(properties, "Subnets", "SubnetMappings", "SecurityGroups", "Scheme", "Tags", "Type", "IpAddressType"))["LoadBalancers"][0]
        self._attributes(api, balancer["LoadBalancerArn"], properties)
        arn = balancer["LoadBalancerArn"]
        return Made(arn, LoadBalancerArn=arn, DNSName=balancer["DNSName"], LoadBalancerName=balancer["LoadBalancerName"],
                    CanonicalHostedZoneID=balancer["CanonicalHostedZoneId"], LoadBalancerFullName=arn.split(":loadbalancer/")[1], SecurityGroups=properties.get("SecurityGroups", []))

    @staticmethod
    def _attributes(api, arn, properties):
        if properties.get("LoadBalancerAttributes"):
            api.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{k: str(v) for k, v in a.items()} for a in properties["LoadBalancerAttributes"]])

    def update(self, context, made, old, new):
        api = context.api("elbv2")
        if changed(old, new, "SecurityGroups"):
            api.set_security_groups(LoadBalancerArn=made.id, SecurityGroups=new.get("SecurityGroups", []))
        if changed(old, new, "Subnets"):
            api.set_subnets(LoadBalancerArn=made.id, Subnets=new["Subnets"])
        self._attributes(api, made.id, new)
        return made

    def delete(self, context, made, properties):
        if any(a["Key"] == "deletion_protection.enabled" and str(a["Value"]) == "true" for a in properties.get("LoadBalancerAttributes", [])):
            raise PermissionError(f"Load balancer '{made.id}' cannot be deleted because deletion protection is enabled")
        context.api("elbv2").delete_load_balancer(LoadBalancerArn=made.id)


@handles("AWS::ElasticLoadBalancingV2::TargetGroup")
class TargetGroup(Handler):
    HEALTH = ("HealthCheckProtocol", "HealthCheckPort", "HealthCheckEnabled", "HealthCheckPath", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds",
              "HealthyThresholdCount", "UnhealthyThresholdCount", "Matcher")

    def create(self, context, properties):
        api = context.api("elbv2")
        arguments = ints(pick(properties, *self.HEALTH, "Protocol", "ProtocolVersion", "Port", "VpcId", "TargetType", "Tags", "IpAddressType"),
                         "Port", "HealthCheckIntervalSeconds", "HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount")
        group = api.create_target_group(Name=properties.get("Name") or context.name(32), **arguments)["TargetGroups"][0]
        arn = group["TargetGroupArn"]
        self._attributes(api, arn, properties)
        return Made(arn, TargetGroupArn=arn, TargetGroupName=group["TargetGroupName"], TargetGroupFullName=arn.split(":")[-1], LoadBalancerArns=[])

    @staticmethod
    def _attributes(api, arn, properties):
        if properties.get("TargetGroupAttributes"):
            api.modify_target_group_attributes(TargetGroupArn=arn, Attributes=[{k: str(v) for k, v in a.items()} for a in properties["TargetGroupAttributes"]])

    def update(self, context, made, old, new):
        api = context.api("elbv2")
        if changed(old, new, *self.HEALTH):
            api.modify_target_group(TargetGroupArn=made.id, **pick(new, *self.HEALTH))
        self._attributes(api, made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("elbv2").delete_target_group(TargetGroupArn=made.id)


def actions(items):
    wanted = []
    for action in items:
        action = ints(dict(action), "Order")
        if "ForwardConfig" in action:
            groups = [ints(dict(g), "Weight") for g in action["ForwardConfig"].get("TargetGroups", [])]
            action["ForwardConfig"] = action["ForwardConfig"] | {"TargetGroups": groups}
        wanted.append(action)
    return wanted


@handles("AWS::ElasticLoadBalancingV2::Listener")
class Listener(Handler):
    @staticmethod
    def _arguments(properties):
        return ints(pick(properties, "Port", "Protocol", "SslPolicy", "Certificates", "AlpnPolicy"), "Port") | {"DefaultActions": actions(properties["DefaultActions"])}

    def create(self, context, properties):
        listener = context.api("elbv2").create_listener(LoadBalancerArn=properties["LoadBalancerArn"], **self._arguments(properties))["Listeners"][0]["ListenerArn"]
        return Made(listener, ListenerArn=listener)

    def update(self, context, made, old, new):
        context.api("elbv2").modify_listener(ListenerArn=made.id, **self._arguments(new))
        return made

    def delete(self, context, made, properties):
        context.api("elbv2").delete_listener(ListenerArn=made.id)


@handles("AWS::ElasticLoadBalancingV2::ListenerRule")
class ListenerRule(Handler):
    def create(self, context, properties):
        rule = context.api("elbv2").create_rule(ListenerArn=properties["ListenerArn"], Priority=int(properties["Priority"]),
                                                Conditions=properties["Conditions"], Actions=actions(properties["Actions"]))["Rules"][0]["RuleArn"]
        return Made(rule, RuleArn=rule, IsDefault=False)

    def update(self, context, made, old, new):
        api = context.api("elbv2")
        if changed(old, new, "Priority"):
            api.set_rule_priorities(RulePriorities=[{"RuleArn": made.id, "Priority": int(new["Priority"])}])
        api.modify_rule(RuleArn=made.id, Conditions=new["Conditions"], Actions=actions(new["Actions"]))
        return made

    def delete(self, context, made, properties):
        context.api("elbv2").delete_rule(RuleArn=made.id)


@handles("AWS::AutoScaling::AutoScalingGroup")
class AutoScalingGroup(Handler):
    NUMBERS = ("MinSize", "MaxSize", "DesiredCapacity", "DefaultCooldown", "HealthCheckGracePeriod", "MaxInstanceLifetime", "DefaultInstanceWarmup")

    def _arguments(self, properties):
        arguments = pick(properties, "MinSize", "MaxSize", "DesiredCapacity", "LaunchTemplate", "MixedInstancesPolicy", "TargetGroupARNs", "HealthCheckType",
                         "HealthCheckGracePeriod", "NewInstancesProtectedFromScaleIn", "MaxInstanceLifetime", "AvailabilityZones", "TerminationPolicies",
                         "CapacityRebalance", "DefaultInstanceWarmup", DefaultCooldown="Cooldown")
        if "VPCZoneIdentifier" in properties:
            arguments["VPCZoneIdentifier"] = ",".join(properties["VPCZoneIdentifier"])
        return ints(arguments, *self.NUMBERS)

    def create(self, context, properties):
        name = properties.get("AutoScalingGroupName") or context.name(255)
        tags = [{**t, "ResourceId": name, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": str(t.get("PropagateAtLaunch")).lower() == "true"} for t in properties.get("Tags", [])]
        context.api("autoscaling").create_auto_scaling_group(AutoScalingGroupName=name, Tags=tags, **self._arguments(properties))
        group = context.api("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]
        return Made(name, AutoScalingGroupARN=group["AutoScalingGroupARN"])

    def update(self, context, made, old, new):
        arguments = {k: v for k, v in self._arguments(new).items() if k != "TargetGroupARNs"}
        context.api("autoscaling").update_auto_scaling_group(AutoScalingGroupName=made.id, **arguments)
        return made

    def delete(self, context, made, properties):
        context.api("autoscaling").delete_auto_scaling_group(AutoScalingGroupName=made.id, ForceDelete=True)


@handles("AWS::CertificateManager::Certificate")
class Certificate(Handler):
    def create(self, context, properties):
        arguments = pick(properties, "DomainName", "SubjectAlternativeNames", "ValidationMethod", "Tags", "KeyAlgorithm")
        return Made(context.api("acm").request_certificate(**arguments)["CertificateArn"])

    def delete(self, context, made, properties):
        context.api("acm").delete_certificate(CertificateArn=made.id)


@handles("AWS::ServiceDiscovery::PrivateDnsNamespace")
class PrivateDnsNamespace(Handler):
    def create(self, context, properties):
        api = context.api("servicediscovery")
        operation = api.create_private_dns_namespace(**pick(properties, "Name", "Vpc", "Description", "Properties", "Tags"))["OperationId"]
        space = api.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
        found = api.get_namespace(Id=space)["Namespace"]
        return Made(space, Id=space, Arn=found["Arn"], HostedZoneId=found["Properties"]["DnsProperties"].get("HostedZoneId", ""))

    def delete(self, context, made, properties):
        context.api("servicediscovery").delete_namespace(Id=made.id)


@handles("AWS::ServiceDiscovery::Service")
class DiscoveryService(Handler):
    def create(self, context, properties):
        arguments = pick(properties, "NamespaceId", "Description", "DnsConfig", "HealthCheckConfig", "HealthCheckCustomConfig", "Tags", "Type")
        if "DnsConfig" in arguments:
            records = [ints(r, "TTL") for r in arguments["DnsConfig"]["DnsRecords"]]
            arguments["DnsConfig"] = arguments["DnsConfig"] | {"DnsRecords": records}
        if "HealthCheckCustomConfig" in arguments:
            arguments["HealthCheckCustomConfig"] = ints(arguments["HealthCheckCustomConfig"], "FailureThreshold")
        service = context.api("servicediscovery").create_service(Name=properties.get("Name") or context.name(60), **arguments)["Service"]
        return Made(service["Id"], Id=service["Id"], Arn=service["Arn"], Name=service["Name"])

    def delete(self, context, made, properties):
        context.api("servicediscovery").delete_service(Id=made.id)


@handles("AWS::ApplicationAutoScaling::ScalableTarget")
class ScalableTarget(Handler):
    KEYS = ("ServiceNamespace", "ResourceId", "ScalableDimension")

    def create(self, context, properties):
        arguments = ints(pick(properties, *self.KEYS, "MinCapacity", "MaxCapacity", "RoleARN", "SuspendedState"), "MinCapacity", "MaxCapacity")
        context.api("application-autoscaling").register_scalable_target(**arguments)
        target = "|".join(properties[k] for k in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
        return Made(target, Id=target)

    def update(self, context, made, old, new):
        return self.create(context, new)

    def delete(self, context, made, properties):
        context.api("application-autoscaling").deregister_scalable_target(**pick(properties, *self.KEYS))


@handles("AWS::ApplicationAutoScaling::ScalingPolicy")
class ScalingPolicy(Handler):
    @staticmethod
    def _where(properties):
        if "ScalingTargetId" in properties:
            resource, dimension, namespace = properties["ScalingTargetId"].split("|")
            return {"ServiceNamespace": namespace, "ResourceId": resource, "ScalableDimension": dimension}
        return pick(properties, *ScalableTarget.KEYS)

    def create(self, context, properties):
        tracking = properties.get("TargetTrackingScalingPolicyConfiguration")
        arguments = pick(properties, "PolicyName", "PolicyType", "StepScalingPolicyConfiguration")
        if tracking:
            tracking = ints(tracking, "ScaleInCooldown", "ScaleOutCooldown")
            arguments["TargetTrackingScalingPolicyConfiguration"] = tracking | {"TargetValue": float(tracking["TargetValue"])}
        policy = context.api("application-autoscaling").put_scaling_policy(**self._where(properties), **arguments)
        return Made(policy["PolicyARN"], Arn=policy["PolicyARN"])

    def update(self, context, made, old, new):
        self.create(context, new)
        return made

    def delete(self, context, made, properties):
        context.api("application-autoscaling").delete_scaling_policy(PolicyName=properties["PolicyName"], **self._where(properties))
