"""Handlers for what keeps data: RDS, ElastiCache, EFS, S3, Secrets Manager."""

import json

from .resources import Handler, Made, changed, dynamic, handles, ints, pick


@handles("AWS::RDS::DBSubnetGroup")
class DbSubnetGroup(Handler):
    def create(self, context, properties):
        name = (properties.get("DBSubnetGroupName") or context.name(255)).lower()
        context.api("rds").create_db_subnet_group(DBSubnetGroupName=name, **pick(properties, "DBSubnetGroupDescription", "SubnetIds", "Tags"))
        return Made(name)

    def update(self, context, made, old, new):
        context.api("rds").modify_db_subnet_group(DBSubnetGroupName=made.id, **pick(new, "DBSubnetGroupDescription", "SubnetIds"))
        return made

    def delete(self, context, made, properties):
        context.api("rds").delete_db_subnet_group(DBSubnetGroupName=made.id)


@handles("AWS::RDS::DBParameterGroup")
class DbParameterGroup(Handler):
    def create(self, context, properties):
        name = (properties.get("DBParameterGroupName") or context.name(255)).lower()
        context.api("rds").create_db_parameter_group(DBParameterGroupName=name, DBParameterGroupFamily=properties["Family"], **pick(properties, "Description", "Tags"))
        self._put(context, name, properties)
        return Made(name, DBParameterGroupName=name)

    @staticmethod
    def _put(context, name, properties):
        values = [{"ParameterName": k, "ParameterValue": str(v), "ApplyMethod": "pending-reboot"} for k, v in properties.get("Parameters", {}).items()]
        if values:
            context.api("rds").modify_db_parameter_group(DBParameterGroupName=name, Parameters=values)

    def update(self, context, made, old, new):
        self._put(context, made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("rds").delete_db_parameter_group(DBParameterGroupName=made.id)


@handles("AWS::RDS::DBInstance")
class DbInstance(Handler):
    SAME = ("AllocatedStorage", "AllowMajorVersionUpgrade", "AutoMinorVersionUpgrade", "AvailabilityZone", "BackupRetentionPeriod", "CACertificateIdentifier",
            "CopyTagsToSnapshot", "DBInstanceClass", "DBName", "DBParameterGroupName", "DBSubnetGroupName", "DeletionProtection", "EnableCloudwatchLogsExports",
            "Engine", "EngineVersion", "Iops", "KmsKeyId", "MasterUsername",
            "MaxAllocatedStorage", "MonitoringInterval", "MonitoringRoleArn", "MultiAZ", "PerformanceInsightsKMSKeyId", "PerformanceInsightsRetentionPeriod",
            "PreferredBackupWindow", "PreferredMaintenanceWindow", "PubliclyAccessible", "StorageEncrypted", "StorageThroughput", "StorageType", "Tags")
    RENAMED = {"EnablePerformanceInsights": "EnablePerformanceInsights", "VpcSecurityGroupIds": "VPCSecurityGroups", "EnableIAMDatabaseAuthentication": "EnableIAMDatabaseAuthentication"}
    NUMBERS = ("AllocatedStorage", "BackupRetentionPeriod", "Iops", "MaxAllocatedStorage", "MonitoringInterval", "PerformanceInsightsRetentionPeriod", "Port", "StorageThroughput")
    TRUTHS = ("ManageMasterUserPassword", "MultiAZ", "PubliclyAccessible", "StorageEncrypted", "DeletionProtection", "CopyTagsToSnapshot")

    def _arguments(self, properties, names=SAME):
        return ints(pick(properties, *names, "Port", **self.RENAMED), *self.NUMBERS)

    @staticmethod
    def _password(context, properties):
        """The password, or that RDS shall keep one."""
        if properties.get("ManageMasterUserPassword"):
            key = (properties.get("MasterUserSecret") or {}).get("KmsKeyId")
            return {"ManageMasterUserPassword": True} | ({"MasterUserSecretKmsKeyId": key} if key else {})
        return {"MasterUserPassword": dynamic(context, properties["MasterUserPassword"])} if "MasterUserPassword" in properties else {}

    def create(self, context, properties):
        api, name = context.api("rds"), (properties.get("DBInstanceIdentifier") or context.name(63)).lower()
        if source := properties.get("SourceDBInstanceIdentifier"):
            # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
            if api.describe_db_instances(DBInstanceIdentifier=source)["DBInstances"][0].get("MasterUserSecret"):
                raise ValueError("Creating read replicas for source instance with engine postgres where ManageMasterUserPassword is enabled is not supported.")
            not_for_replicas = ("Engine", "EngineVersion", "MasterUsername", "DBName", "BackupRetentionPeriod",
                                "PreferredBackupWindow", "AllocatedStorage", "StorageEncrypted", "PreferredMaintenanceWindow")
            arguments = {k: v for k, v in self._arguments(properties).items() if k not in not_for_replicas}
            database = api.create_db_instance_read_replica(DBInstanceIdentifier=name, SourceDBInstanceIdentifier=source, **arguments)["DBInstance"]
        else:
            database = api.create_db_instance(DBInstanceIdentifier=name, **self._arguments(properties) | self._password(context, properties))["DBInstance"]
        found = {"DBInstanceArn": database["DBInstanceArn"], "DbiResourceId": database["DbiResourceId"]}
        if database.get("Endpoint"):
            found |= {"Endpoint.Address": database["Endpoint"]["Address"], "Endpoint.Port": str(database["Endpoint"]["Port"])}
        if database.get("MasterUserSecret"):
            found["MasterUserSecret.SecretArn"] = database["MasterUserSecret"]["SecretArn"]
        return Made(name, **found)

    def update(self, context, made, old, new):
        names = [n for n in ("AllocatedStorage", "BackupRetentionPeriod", "DBInstanceClass", "MultiAZ", "EngineVersion", "DBParameterGroupName", "MaxAllocatedStorage",
                             "PreferredBackupWindow", "PreferredMaintenanceWindow", "DeletionProtection") if old.get(n) != new.get(n)]
        arguments = ints(pick(new, *names), *self.NUMBERS)
        if changed(old, new, "VPCSecurityGroups"):
            arguments["VpcSecurityGroupIds"] = new.get("VPCSecurityGroups", [])
        if changed(old, new, "ManageMasterUserPassword", "MasterUserPassword", "MasterUserSecret"):
            arguments |= {"ManageMasterUserPassword": False} | self._password(context, new)
        if arguments:
            context.api("rds").modify_db_instance(DBInstanceIdentifier=made.id, ApplyImmediately=True, **arguments)
        return made

    def delete(self, context, made, properties):
        context.api("rds").delete_db_instance(DBInstanceIdentifier=made.id, SkipFinalSnapshot=True)


@handles("AWS::ElastiCache::SubnetGroup")
class CacheSubnetGroup(Handler):
    def create(self, context, properties):
        name = (properties.get("CacheSubnetGroupName") or context.name(255)).lower()
        context.api("elasticache").create_cache_subnet_group(CacheSubnetGroupName=name, CacheSubnetGroupDescription=properties["Description"], **pick(properties, "SubnetIds", "Tags"))
        return Made(name, CacheSubnetGroupName=name)


@handles("AWS::ElastiCache::ReplicationGroup")
class ReplicationGroup(Handler):
    def create(self, context, properties):
        name = (properties.get("ReplicationGroupId") or context.name(40)).lower()
        arguments = ints(pick(properties, "ReplicationGroupDescription", "Engine", "EngineVersion", "CacheNodeType", "NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup",
                              "AutomaticFailoverEnabled", "MultiAZEnabled", "CacheSubnetGroupName", "AtRestEncryptionEnabled", "TransitEncryptionEnabled",
                              "SnapshotRetentionLimit", "SnapshotWindow", "KmsKeyId", "Port", "Tags", "SecurityGroupIds", "CacheParameterGroupName", "PreferredMaintenanceWindow",
                              "AuthToken", "AutoMinorVersionUpgrade"),
                         "NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup", "SnapshotRetentionLimit", "Port")
        context.api("elasticache").create_replication_group(ReplicationGroupId=name, **arguments)
        port, zone = str(properties.get("Port", 6379)), f"{name}.{context.region}.local"
        return Made(name, **{"PrimaryEndPoint.Address": f"primary.{zone}", "PrimaryEndPoint.Port": port, "ReaderEndPoint.Address": f"reader.{zone}", "ReaderEndPoint.Port": port,
                             "ConfigurationEndPoint.Address": f"config.{zone}", "ConfigurationEndPoint.Port": port})

    def delete(self, context, made, properties):
        context.api("elasticache").delete_replication_group(ReplicationGroupId=made.id)


@handles("AWS::EFS::FileSystem")
class FileSystem(Handler):
    def create(self, context, properties):
        api = context.api("efs")
        arguments = pick(properties, "Encrypted", "KmsKeyId", "PerformanceMode", "ThroughputMode", "AvailabilityZoneName", Tags="FileSystemTags")
        if "BackupPolicy" in properties:
            arguments["Backup"] = properties["BackupPolicy"]["Status"] == "ENABLED"
        system = api.create_file_system(CreationToken=context.name(64), **arguments)
        if properties.get("LifecyclePolicies"):
            api.put_lifecycle_configuration(FileSystemId=system["FileSystemId"], LifecyclePolicies=properties["LifecyclePolicies"])
        if "FileSystemPolicy" in properties:
            api.put_file_system_policy(FileSystemId=system["FileSystemId"], Policy=json.dumps(properties["FileSystemPolicy"]))
        return Made(system["FileSystemId"], FileSystemId=system["FileSystemId"], Arn=system["FileSystemArn"])

    def delete(self, context, made, properties):
        context.api("efs").delete_file_system(FileSystemId=made.id)


@handles("AWS::EFS::MountTarget")
class MountTarget(Handler):
    def create(self, context, properties):
        target = context.api("efs").create_mount_target(**pick(properties, "FileSystemId", "SubnetId", "SecurityGroups", "IpAddress"))
        return Made(target["MountTargetId"], Id=target["MountTargetId"], IpAddress=target["IpAddress"])

    def update(self, context, made, old, new):
        context.api("efs").modify_mount_target_security_groups(MountTargetId=made.id, SecurityGroups=new["SecurityGroups"])
        return made

    def delete(self, context, made, properties):
        context.api("efs").delete_mount_target(MountTargetId=made.id)


@handles("AWS::EFS::AccessPoint")
class AccessPoint(Handler):
    def create(self, context, properties):
        arguments = pick(properties, "FileSystemId", "PosixUser", "RootDirectory", Tags="AccessPointTags")
        arguments["PosixUser"] = ints(arguments.get("PosixUser", {"Uid": 0, "Gid": 0}), "Uid", "Gid")
        if "CreationInfo" in arguments.get("RootDirectory", {}):
            arguments["RootDirectory"] = arguments["RootDirectory"] | {"CreationInfo": ints(arguments["RootDirectory"]["CreationInfo"], "OwnerUid", "OwnerGid")}
        point = context.api("efs").create_access_point(ClientToken=context.name(64), **arguments)
        return Made(point["AccessPointId"], AccessPointId=point["AccessPointId"], Arn=point["AccessPointArn"])

    def delete(self, context, made, properties):
        context.api("efs").delete_access_point(AccessPointId=made.id)


@handles("AWS::S3::Bucket")
class Bucket(Handler):
    def create(self, context, properties):
        name = properties.get("BucketName") or context.name(63, lower=True)
        where = {} if context.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
        # the API in us-east-1 would hand back a bucket of one's own; CloudFormation refuses it
        if name in [b["Name"] for b in context.api("s3").list_buckets()["Buckets"]]:
            raise ValueError(f"{name} already exists")
        context.api("s3").create_bucket(Bucket=name, **where)
        try:
            self._settings(context, name, properties)
        except Exception:
            context.api("s3").delete_bucket(Bucket=name)
            raise
        host = "s3.amazonaws.com"
        return Made(name, Arn=f"arn:aws:s3:::{name}", DomainName=f"{name}.{host}", RegionalDomainName=f"{name}.s3.{context.region}.amazonaws.com",
                    DualStackDomainName=f"{name}.s3.dualstack.{context.region}.amazonaws.com", WebsiteURL=f"http://{name}.s3-website-{context.region}.amazonaws.com")

    @staticmethod
    def _settings(context, name, properties):
        api = context.api("s3")
        if "VersioningConfiguration" in properties:
            api.put_bucket_versioning(Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"])
        if "PublicAccessBlockConfiguration" in properties:
            api.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"])
        if "Tags" in properties:
            api.put_bucket_tagging(Bucket=name, Tagging={"TagSet": properties["Tags"]})
        for rules in [properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration")]:
            if rules:
                spelled = [{("ApplyServerSideEncryptionByDefault" if k == "ServerSideEncryptionByDefault" else k): v for k, v in r.items()} for r in rules]
                api.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": spelled})

    def update(self, context, made, old, new):
        self._settings(context, made.id, new)
        return made

    def delete(self, context, made, properties):
        context.api("s3").delete_bucket(Bucket=made.id)


@handles("AWS::S3::BucketPolicy")
class BucketPolicy(Handler):
    def create(self, context, properties):
        context.api("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))
        return Made(properties["Bucket"])

    def update(self, context, made, old, new):
        return self.create(context, new)

    def delete(self, context, made, properties):
        context.api("s3").delete_bucket_policy(Bucket=properties["Bucket"])


@handles("AWS::SecretsManager::Secret")
class Secret(Handler):
    def create(self, context, properties):
        api, name = context.api("secretsmanager"), properties.get("Name") or context.name(512)
        arguments = pick(properties, "Description", "KmsKeyId", "Tags", "SecretString")
        if "GenerateSecretString" in properties:
            wish = dict(properties["GenerateSecretString"])
            text, key = wish.pop("SecretStringTemplate", None), wish.pop("GenerateStringKey", None)
            password = api.get_random_password(**ints(wish, "PasswordLength"))["RandomPassword"]
            arguments["SecretString"] = json.dumps(json.loads(text) | {key: password}) if text else password
        arn = api.create_secret(Name=name, **arguments)["ARN"]
        return Made(arn, Id=arn)

    def delete(self, context, made, properties):
        context.api("secretsmanager").delete_secret(SecretId=made.id, ForceDeleteWithoutRecovery=True)
