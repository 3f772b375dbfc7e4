"""The comparison can fail: two outputs that say the same in different words pass, and every difference is found and named."""

import copy
import json
from pathlib import Path

from equivalence import check, count, expressions, mapping, mutations, show
from equivalence.cloudformation_side import Template
from equivalence.compare import compare
from equivalence.expressions import CannotRead
from equivalence.terraform_side import Module
from terraform import provider
from terraform.selftest import put

SAMPLE = Path(__file__).resolve().parent / "sample"
R = "resource"


def drop(*path):
    return put(*path)


def resource(logical, *path, value=None):
    return put("Resources", logical, *path, value=value)


# what: (0 for the template or 1 for the module, change, what has to be said)
DIFFERENT = {
    "EC2: another CIDR": (1, put(R, "aws_vpc", "network", "cidr_block", value="10.1.0.0/16"), "NetworkVpc / aws_vpc.network: CidrBlock"),
    "EC2: another zone of one instance": (1, put(R, "aws_subnet", "network_private", "for_each", "b", "zone", value=2), 'NetworkPrivateBSubnet / aws_subnet.network_private["b"]: AvailabilityZone'),
    "EC2: another port of a rule": (1, put(R, "aws_vpc_security_group_ingress_rule", "api_private", "to_port", value=444), "SecurityGroupIngress[].ToPort"),
    "EC2: a rule to another group": (0, resource("ApiIngressApiTcp80", "Properties", "SourceSecurityGroupId", value={"Ref": "NetworkVpc"}), "SourceSecurityGroupId"),
    "EC2: AWS's own egress rule": (0, drop("Resources", "ApiSecurityGroup", "Properties", "SecurityGroupEgress"), "SecurityGroupEgress"),
    "IAM: another action": (1, put("locals", "api_permissions", "Statement", 1, "Action", 0, value="s3:DeleteObject"), "ApiTaskRole / aws_iam_role.api_task_role: Policies[].PolicyDocument.Statement"),
    "IAM: another principal": (0, resource("ApiTaskRole", "Properties", "AssumeRolePolicyDocument", "Statement", 0, "Principal", "Service", value="ec2.amazonaws.com"), "AssumeRolePolicyDocument"),
    "IAM: Deny instead of Allow": (1, put("locals", "api_permissions", "Statement", 0, "Effect", value="Deny"), "Effect"),
    "ECS: another image": (1, put("locals", "api_containers", 0, "image", value="api:${var.image_tag}"), "ContainerDefinitions[0].image"),
    "ECS: another order of a command": (1, put("locals", "api_containers", 0, "command", value=["--all", "serve"]), "ContainerDefinitions[0].command"),
    "ECS: another role": (1, put(R, "aws_ecs_task_definition", "api", "task_role_arn", value="${aws_iam_role.api_task_role.name}"), "TaskRoleArn"),
    "ECS: it does not wait": (1, drop(R, "aws_ecs_task_definition", "api", "depends_on"), "DependsOn ApiLogGroup"),
    "ECS: it waits for more": (1, put(R, "aws_ecs_task_definition", "api", "depends_on", value=["aws_cloudwatch_log_group.api", "aws_db_instance.orders"]), "depends_on aws_db_instance.orders"),
    "CloudWatch Logs: another retention": (0, resource("ApiLogGroup", "Properties", "RetentionInDays", value=7), "RetentionInDays"),
    "CloudWatch Logs: not kept": (1, drop(R, "aws_cloudwatch_log_group", "api", "lifecycle"), "ApiLogGroup / aws_cloudwatch_log_group.api: kept when deleted"),
    "CloudWatch: another threshold": (1, put(R, "aws_cloudwatch_metric_alarm", "api_errors", "threshold", value=11), "Threshold"),
    "CloudWatch: another dimension": (0, resource("ApiErrorsAlarm", "Properties", "Dimensions", 0, "Value", value="other"), "Dimensions.Cluster"),
    "RDS: no backups": (1, drop(R, "aws_db_instance", "orders", "backup_retention_period"), "BackupRetentionPeriod"),
    "RDS: not encrypted": (1, put(R, "aws_db_instance", "orders", "storage_encrypted", value=False), "StorageEncrypted"),
    "RDS: no final snapshot": (1, put(R, "aws_db_instance", "orders", "skip_final_snapshot", value=True), "final snapshot"),
    "RDS: an argument that no table mentions": (1, put(R, "aws_db_instance", "orders", "license_model", value="x"), "no table mentions Terraform's license_model"),
    "RDS: a property that no table mentions": (0, resource("OrdersInstance", "Properties", "LicenseModel", value="x"), "no table mentions CloudFormation's LicenseModel"),
    "S3: versions off": (1, put(R, "aws_s3_bucket_versioning", "files", "versioning_configuration", "status", value="Suspended"), "VersioningConfiguration.Status"),
    "S3: a part that is missing": (1, drop(R, "aws_s3_bucket_server_side_encryption_configuration"), "BucketEncryption"),
    "S3: other days": (1, put(R, "aws_s3_bucket_lifecycle_configuration", "files", "rule", 0, "noncurrent_version_expiration", 0, "noncurrent_days", value=91), "NoncurrentDays"),
    "tags: another default": (1, put("provider", "aws", 0, "default_tags", 0, "tags", "Architecture", value="other"), "Tags.Architecture"),
    "a resource less": (1, drop(R, "aws_cloudwatch_metric_alarm"), "ApiErrorsAlarm (AWS::CloudWatch::Alarm): only in the CloudFormation template"),
    "a resource more": (1, put(R, "aws_vpc", "other", value={"cidr_block": "10.9.0.0/16"}), "aws_vpc.other: only in the Terraform module"),
    "a type that no table has": (1, put(R, "aws_kinesis_stream", value={"x": {}}), "the tables do not know aws_kinesis_stream"),
    "an instance less": (1, drop(R, "aws_subnet", "network_private", "for_each", "b"), "NetworkPrivateBSubnet (AWS::EC2::Subnet): only in the CloudFormation template"),
    "an expression that cannot be read": (1, put(R, "aws_vpc", "network", "cidr_block", value="${file(\"x\")}"), "cannot be read: function `file`"),
    "another parameter": (1, put("variable", "image_tag", "description", value="other"), "parameter imagetag / var.imagetag: Description"),
    "another choice": (0, put("Parameters", "ImageTag", "AllowedValues", value=["1.27"]), "AllowedValues"),
    "another output": (1, put("output", "network", "value", value="${aws_vpc.network.arn}"), "output network / output.network: Value"),
}

EXPRESSIONS = {
    "plain": "plain", "$${x} and %%{y}": "${x} and %{y}", '${"a" == "a" ? 1 : 2}': 1, "${true && !false}": True, '${[1, "two", true][1]}': "two", '${{a = 1, "b" = [2]}.b[0]}': 2,
    '${jsonencode({a = "x"})}': '{"a": "x"}', 'a${"b${"c"}"}d': "abcd", '${"q\\"\\n"}': 'q"\n', "${1.5}": 1.5, "${(1)}": 1, "${null == null}": True,
}
UNREADABLE = ("${file(\"x\")}", "${1 + 1}", "%{ if true }x%{ endif }", "${local.nothing}", "${aws_vpc.nothing.id}", "${each.key}", "${\"open}", "${[for x in [1] : \"text\"]}")


def run(report):
    schema = provider.load()
    types = check.tables(schema, report)
    ours, module = json.loads((SAMPLE / "template.json").read_text()), json.loads((SAMPLE / "main.tf.json").read_text())
    rows, problems = compare(types, Template(ours), Module([module], schema))
    report.check(f"two outputs that say the same in different words are equal ({len(rows)} properties)", problems)
    report.check("the table has all forms", [form for form, write in show.FORMS.items() if "RetentionInDays" not in write(rows)])
    for what, (side, change, says) in DIFFERENT.items():
        changed = copy.deepcopy([ours, module])
        change(changed[side])
        problems = compare(types, Template(changed[0]), Module([changed[1]], schema))[1]
        report.check(f"found and named: {what}", [] if any(says in problem for problem in problems) else [f"wanted: {says}", *problems])
    places = list(mutations.terraform_places([module], types)), list(mutations.cloudformation_places(ours, types))
    report.check("there are changes to try", [] if min(map(len, places)) > 30 else [places])
    addresses = [one.address for one in Module([module], schema).instances]
    report.check("a plan with everything is complete", count.compare(ours, addresses))
    for less in ("aws_s3_bucket_versioning.files", "aws_iam_role_policy.api_task_role", 'aws_subnet.network_private["a"]', "aws_vpc_security_group_ingress_rule.api_private"):
        report.check(f"a plan without {less} is not", [] if list(count.compare(ours, [one for one in addresses if one != less])) else ["accepted"])
    texts(report, schema)
    wrong_tables(report, schema)


def texts(report, schema):
    from equivalence.terraform_side import Scope
    scope = Scope(Module([{}], schema))

    def value(text):
        found = expressions.evaluate(text, scope)
        return str(found) if isinstance(found, expressions.Json) else found
    report.check("expressions are worked out", [f"{text}: {value(text)!r} instead of {wanted!r}" for text, wanted in EXPRESSIONS.items() if value(text) != wanted])
    for text in UNREADABLE:
        try:
            problem = [f"read as {value(text)!r}"]
        except CannotRead:
            problem = []
        report.check(f"not guessed: {text}", problem)


def wrong_tables(report, schema):
    from cloud import registry
    wrong = {"AWS::EC2::VPC": mapping.Type("AWS::EC2::VPC", {"terraform": ["aws_vpc"], "names": ["vpc"], "map": {"cidr_blok": "CidrBlock", "cidr_block": "CidrBlok"}})}
    said = list(mapping.problems(wrong, schema, registry.schema))
    report.check("a table with wrong names is refused", [] if len(said) == 2 else said or ["accepted"])
