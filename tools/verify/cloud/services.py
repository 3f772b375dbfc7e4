"""Handlers for IAM, CloudWatch, Logs, SNS and SSM."""

import json

from .resources import Handler, Made, changed, handles, ints, pairs, pick


@handles("AWS::IAM::Role")
class Role(Handler):
    def create(self, context, properties):
        api, name = context.api("iam"), properties.get("RoleName") or context.name(64)
        role = api.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
                               **ints(pick(properties, "Path", "Description", "MaxSessionDuration", "PermissionsBoundary", "Tags"), "MaxSessionDuration"))["Role"]
        try:
            self._policies(api, name, {}, properties)
        except Exception:
            self._policies(api, name, properties, {}, quiet=True)
            api.delete_role(RoleName=name)
            raise
        return Made(name, Arn=role["Arn"], RoleId=role["RoleId"])

    @staticmethod
    def _policies(api, name, old, new, quiet=False):
        wanted = {p["PolicyName"] for p in new.get("Policies", [])}
        for policy in old.get("Policies", []):
            if policy["PolicyName"] not in wanted:
                try:
                    api.delete_role_policy(RoleName=name, PolicyName=policy["PolicyName"])
                except Exception:
                    if not quiet:
                        raise
        for policy in new.get("Policies", []):
            api.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=json.dumps(policy["PolicyDocument"]))
        before, after = set(old.get("ManagedPolicyArns", [])), set(new.get("ManagedPolicyArns", []))
        for arn in sorted(before - after):
            try:
                api.detach_role_policy(RoleName=name, PolicyArn=arn)
            except Exception:
                if not quiet:
                    raise
        for arn in sorted(after - before):
            api.attach_role_policy(RoleName=name, PolicyArn=arn)

    def update(self, context, made, old, new):
        api = context.api("iam")
        self._policies(api, made.id, old, new)
        if changed(old, new, "AssumeRolePolicyDocument"):
            api.update_assume_role_policy(RoleName=made.id, PolicyDocument=json.dumps(new["AssumeRolePolicyDocument"]))
        return made

    def delete(self, context, made, properties):
        api = context.api("iam")
        self._policies(api, made.id, properties, {})
        api.delete_role(RoleName=made.id)


@handles("AWS::IAM::InstanceProfile")
class InstanceProfile(Handler):
    def create(self, context, properties):
        api, name = context.api("iam"), properties.get("InstanceProfileName") or context.name(128)
        profile = api.create_instance_profile(InstanceProfileName=name, **pick(properties, "Path"))["InstanceProfile"]
        for role in properties["Roles"]:
            api.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return Made(name, Arn=profile["Arn"])

    def delete(self, context, made, properties):
        api = context.api("iam")
        for role in properties["Roles"]:
            api.remove_role_from_instance_profile(InstanceProfileName=made.id, RoleName=role)
        api.delete_instance_profile(InstanceProfileName=made.id)


@handles("AWS::IAM::ManagedPolicy")
class ManagedPolicy(Handler):
    def create(self, context, properties):
        api = context.api("iam")
        arn = api.create_policy(PolicyName=properties.get("ManagedPolicyName") or context.name(128), PolicyDocument=json.dumps(properties["PolicyDocument"]),
                                **pick(properties, "Path", "Description"))["Policy"]["Arn"]
        for role in properties.get("Roles", []):
            api.attach_role_policy(RoleName=role, PolicyArn=arn)
        return Made(arn, PolicyArn=arn)

    def update(self, context, made, old, new):
        if changed(old, new, "PolicyDocument"):
            context.api("iam").create_policy_version(PolicyArn=made.id, PolicyDocument=json.dumps(new["PolicyDocument"]), SetAsDefault=True)
        return made

    def delete(self, context, made, properties):
        api = context.api("iam")
        for role in properties.get("Roles", []):
            api.detach_role_policy(RoleName=role, PolicyArn=made.id)
        api.delete_policy(PolicyArn=made.id)


@handles("AWS::Logs::LogGroup")
class LogGroup(Handler):
    def create(self, context, properties):
        api, name = context.api("logs"), properties.get("LogGroupName") or context.name(512)
        api.create_log_group(logGroupName=name, tags=pairs(properties.get("Tags")), **pick(properties, kmsKeyId="KmsKeyId"))
        self._retention(api, name, properties)
        return Made(name, Arn=f"arn:aws:logs:{context.region}:{context.account}:log-group:{name}:*")

    @staticmethod
    def _retention(api, name, properties):
        if "RetentionInDays" in properties:
            api.put_retention_policy(logGroupName=name, retentionInDays=int(properties["RetentionInDays"]))

    def update(self, context, made, old, new):
        if "RetentionInDays" in old and "RetentionInDays" not in new:
            context.api("logs").delete_retention_policy(logGroupName=made.id)
        self._retention(context.api("logs"), made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("logs").delete_log_group(logGroupName=made.id)


@handles("AWS::SSM::Parameter")
class SsmParameter(Handler):
    @staticmethod
    def _put(context, name, properties, overwrite):
        arguments = pick(properties, "Type", "Value", "Description", "AllowedPattern", "DataType", "Tier")
        if properties.get("Tags") and not overwrite:
            arguments["Tags"] = [{"Key": k, "Value": str(v)} for k, v in properties["Tags"].items()]
        context.api("ssm").put_parameter(Name=name, Overwrite=overwrite, **arguments)

    def create(self, context, properties):
        name = properties.get("Name") or context.name(512)
        self._put(context, name, properties, False)
        return Made(name, Type=properties["Type"], Value=properties["Value"])

    def update(self, context, made, old, new):
        self._put(context, made.id, new, True)
        return Made(made.id, Type=new["Type"], Value=new["Value"])

    def delete(self, context, made, properties):
        context.api("ssm").delete_parameter(Name=made.id)


@handles("AWS::CloudWatch::Alarm")
class Alarm(Handler):
    NUMBERS = ("EvaluationPeriods", "DatapointsToAlarm", "Period")

    def _put(self, context, name, properties):
        arguments = {k: v for k, v in properties.items() if k not in ("AlarmName", "EvaluationCriteria", "EvaluationInterval")}
        if "Threshold" in arguments:
            arguments["Threshold"] = float(arguments["Threshold"])
        context.api("cloudwatch").put_metric_alarm(AlarmName=name, **ints(arguments, *self.NUMBERS))

    def create(self, context, properties):
        name = properties.get("AlarmName") or context.name(255)
        self._put(context, name, properties)
        return Made(name, Arn=f"arn:aws:cloudwatch:{context.region}:{context.account}:alarm:{name}")

    def update(self, context, made, old, new):
        self._put(context, made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("cloudwatch").delete_alarms(AlarmNames=[made.id])


@handles("AWS::CloudWatch::Dashboard")
class Dashboard(Handler):
    def create(self, context, properties):
        name = properties.get("DashboardName") or context.name(255)
        json.loads(properties["DashboardBody"])
        context.api("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=properties["DashboardBody"])
        return Made(name)

    def update(self, context, made, old, new):
        json.loads(new["DashboardBody"])
        context.api("cloudwatch").put_dashboard(DashboardName=made.id, DashboardBody=new["DashboardBody"])
        return made

    def delete(self, context, made, properties):
        context.api("cloudwatch").delete_dashboards(DashboardNames=[made.id])


@handles("AWS::SNS::Topic")
class Topic(Handler):
    def create(self, context, properties):
        api, name = context.api("sns"), properties.get("TopicName") or context.name(256)
        attributes = {k: str(v) for k, v in pick(properties, "DisplayName", "KmsMasterKeyId").items()}
        arn = api.create_topic(Name=name, Attributes=attributes, Tags=properties.get("Tags", []))["TopicArn"]
        for subscription in properties.get("Subscription", []):
            api.subscribe(TopicArn=arn, **pick(subscription, "Protocol", "Endpoint"))
        return Made(arn, TopicArn=arn, TopicName=name)

    def delete(self, context, made, properties):
        context.api("sns").delete_topic(TopicArn=made.id)
