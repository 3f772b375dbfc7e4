"""Handlers for what stands before an architecture: keys, DNS zones and records."""

import json

from .resources import Handler, Made, handles, pick


@handles("AWS::KMS::Key")
class Key(Handler):
    def create(self, context, properties):
        api = context.api("kms")
        tags = [{"TagKey": one["Key"], "TagValue": one["Value"]} for one in properties.get("Tags", [])]
        made = api.create_key(Description=properties.get("Description", ""), Policy=json.dumps(properties["KeyPolicy"]), Tags=tags)["KeyMetadata"]
        self._rotate(api, made["KeyId"], properties)
        return Made(made["KeyId"], Arn=made["Arn"], KeyId=made["KeyId"])

    @staticmethod
    def _rotate(api, key, properties):
        if str(properties.get("EnableKeyRotation")).lower() == "true":
            period = {"RotationPeriodInDays": int(properties["RotationPeriodInDays"])} if "RotationPeriodInDays" in properties else {}
            api.enable_key_rotation(KeyId=key, **period)
        else:
            api.disable_key_rotation(KeyId=key)

    def update(self, context, made, old, new):
        api = context.api("kms")
        api.put_key_policy(KeyId=made.id, PolicyName="default", Policy=json.dumps(new["KeyPolicy"]))
        api.update_key_description(KeyId=made.id, Description=new.get("Description", ""))
        self._rotate(api, made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("kms").schedule_key_deletion(KeyId=made.id, PendingWindowInDays=int(properties.get("PendingWindowInDays", 30)))


@handles("AWS::KMS::Alias")
class Alias(Handler):
    def create(self, context, properties):
        context.api("kms").create_alias(**pick(properties, "AliasName", "TargetKeyId"))
        return Made(properties["AliasName"])

    def update(self, context, made, old, new):
        context.api("kms").update_alias(AliasName=made.id, TargetKeyId=new["TargetKeyId"])
        return made

    def delete(self, context, made, properties):
        context.api("kms").delete_alias(AliasName=made.id)


@handles("AWS::Route53::HostedZone")
class HostedZone(Handler):
    def create(self, context, properties):
        config = properties.get("HostedZoneConfig", {})
        made = context.api("route53").create_hosted_zone(Name=properties["Name"], CallerReference=context.name(128), HostedZoneConfig=pick(config, "Comment"))
        zone = made["HostedZone"]["Id"].rsplit("/", 1)[-1]
        tags = properties.get("HostedZoneTags", [])
        if tags:
            context.api("route53").change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=tags)
        servers = made["DelegationSet"]["NameServers"]
        return Made(zone, Id=zone, NameServers=(servers * 4)[:4])

    def delete(self, context, made, properties):
        context.api("route53").delete_hosted_zone(Id=made.id)


@handles("AWS::Route53::RecordSet")
class RecordSet(Handler):
    @staticmethod
    def _change(context, action, properties):
        record = pick(properties, "Name", "Type", "SetIdentifier", "AliasTarget")
        if "ResourceRecords" in properties:
            record |= {"TTL": int(properties["TTL"]), "ResourceRecords": [{"Value": one} for one in properties["ResourceRecords"]]}
        if "Weight" in properties:
            record["Weight"] = int(properties["Weight"])
        if "AliasTarget" in record:
            alias = record["AliasTarget"]
            record["AliasTarget"] = alias | {"EvaluateTargetHealth": str(alias.get("EvaluateTargetHealth", False)).lower() == "true"}
        change = {"Action": action, "ResourceRecordSet": record}
        context.api("route53").change_resource_record_sets(HostedZoneId=properties["HostedZoneId"], ChangeBatch={"Changes": [change]})

    def create(self, context, properties):
        self._change(context, "CREATE", properties)
        return Made(properties["Name"])

    def update(self, context, made, old, new):
        self._change(context, "UPSERT", new)
        return made

    def delete(self, context, made, properties):
        self._change(context, "DELETE", properties)
