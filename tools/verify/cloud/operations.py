"""Handlers for who is told, what may be spent and what is copied: SNS, Budgets, Backup, ECR.

The selections of backup plans are generic resources: moto has none.
"""

import json

from .resources import Handler, Made, handles, ints, pick


@handles("AWS::SNS::TopicPolicy")
class TopicPolicy(Handler):
    def create(self, context, properties):
        for arn in properties["Topics"]:
            context.api("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"]))
        return Made(context.name(), Id=context.name())

    def update(self, context, made, old, new):
        for arn in new["Topics"]:
            context.api("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(new["PolicyDocument"]))
        return made


@handles("AWS::SNS::Subscription")
class Subscription(Handler):
    def create(self, context, properties):
        arn = context.api("sns").subscribe(ReturnSubscriptionArn=True, **pick(properties, "TopicArn", "Protocol", "Endpoint"))["SubscriptionArn"]
        return Made(arn, Arn=arn)

    def delete(self, context, made, properties):
        context.api("sns").unsubscribe(SubscriptionArn=made.id)


@handles("AWS::Budgets::Budget")
class Budget(Handler):
    def create(self, context, properties):
        budget = properties["Budget"]
        name = budget.get("BudgetName") or context.name(100)
        limit = {"Amount": str(budget["BudgetLimit"]["Amount"]), "Unit": budget["BudgetLimit"]["Unit"]}
        told = [{"Notification": one["Notification"] | {"Threshold": float(one["Notification"]["Threshold"])}, "Subscribers": one["Subscribers"]}
                for one in properties.get("NotificationsWithSubscribers", [])]
        context.api("budgets").create_budget(AccountId=context.account, NotificationsWithSubscribers=told,
                                             Budget={"BudgetName": name, "BudgetLimit": limit, **pick(budget, "BudgetType", "TimeUnit", "CostFilters")})
        return Made(name)

    def delete(self, context, made, properties):
        context.api("budgets").delete_budget(AccountId=context.account, BudgetName=made.id)


@handles("AWS::Backup::BackupVault")
class BackupVault(Handler):
    def create(self, context, properties):
        name = properties["BackupVaultName"]
        arn = context.api("backup").create_backup_vault(BackupVaultName=name, **pick(properties, "BackupVaultTags", "EncryptionKeyArn"))["BackupVaultArn"]
        return Made(name, BackupVaultName=name, BackupVaultArn=arn)

    def delete(self, context, made, properties):
        context.api("backup").delete_backup_vault(BackupVaultName=made.id)


@handles("AWS::Backup::BackupPlan")
class BackupPlan(Handler):
    RENAMED = {"TargetBackupVault": "TargetBackupVaultName"}

    def create(self, context, properties):
        plan = properties["BackupPlan"]
        rules = [ints({self.RENAMED.get(key, key): value for key, value in rule.items()}, "StartWindowMinutes", "CompletionWindowMinutes") for rule in plan["BackupPlanRule"]]
        for rule in rules:
            rule["Lifecycle"] = ints(rule.get("Lifecycle", {}), "DeleteAfterDays")
            rule["CopyActions"] = [copy | {"Lifecycle": ints(copy.get("Lifecycle", {}), "DeleteAfterDays")} for copy in rule.get("CopyActions", [])]
        made = context.api("backup").create_backup_plan(BackupPlan={"BackupPlanName": plan["BackupPlanName"], "Rules": rules}, **pick(properties, "BackupPlanTags"))
        return Made(made["BackupPlanId"], BackupPlanId=made["BackupPlanId"], BackupPlanArn=made["BackupPlanArn"], VersionId=made["VersionId"])

    def delete(self, context, made, properties):
        context.api("backup").delete_backup_plan(BackupPlanId=made.id)


@handles("AWS::ECR::Repository")
class Repository(Handler):
    def create(self, context, properties):
        api, name = context.api("ecr"), properties.get("RepositoryName") or context.name(256, lower=True)
        scanning = properties.get("ImageScanningConfiguration", {})
        encryption = properties.get("EncryptionConfiguration", {})
        made = api.create_repository(repositoryName=name, imageTagMutability=properties.get("ImageTagMutability", "MUTABLE"), tags=properties.get("Tags", []),
                                     imageScanningConfiguration={"scanOnPush": bool(scanning.get("ScanOnPush", False))},
                                     encryptionConfiguration=pick(encryption, encryptionType="EncryptionType", kmsKey="KmsKey") or {"encryptionType": "AES256"})["repository"]
        if "LifecyclePolicy" in properties:
            api.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=properties["LifecyclePolicy"]["LifecyclePolicyText"])
        return Made(name, Arn=made["repositoryArn"], RepositoryUri=made["repositoryUri"])

    def delete(self, context, made, properties):
        context.api("ecr").delete_repository(repositoryName=made.id)
