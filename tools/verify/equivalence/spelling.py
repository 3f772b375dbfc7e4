"""Values in one spelling, and the ways in which the two targets spell the same thing differently.

Numbers and truth values compare as text. Lists compare as sets, but for those of JSON documents and those that a type
names as `ordered`; these are tuples here.
"""

import json

from equivalence.cloudformation_side import document
from equivalence.expressions import Json, plain


def canonical(value, ordered=False):
    if isinstance(value, Json):
        return canonical(value.value, ordered=True)
    if isinstance(value, dict):
        return {key: canonical(one, ordered) for key, one in sorted(value.items())}
    if isinstance(value, (list, tuple)):
        items = [canonical(one, ordered) for one in value]
        return tuple(items) if ordered or isinstance(value, tuple) else sorted(items, key=text)
    return plain(value)


def text(value):
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)


def listed(value):
    return value if isinstance(value, (list, tuple)) else [value]


def policy(value):
    """An IAM document: statements, actions and resources are sets, and one of them needs no list."""
    value = document(value)
    value = value.value if isinstance(value, Json) else value
    if "Statement" not in value:
        raise ValueError(f"no policy document: {value!r}")
    statements = []
    for one in listed(value["Statement"]):
        one = {key: sorted(map(plain, listed(item))) if key in ("Action", "NotAction", "Resource", "NotResource") else item for key, item in one.items()}
        if isinstance(one.get("Principal"), dict):
            one["Principal"] = {kind: sorted(map(plain, listed(item))) for kind, item in one["Principal"].items()}
        if "Condition" in one:
            one["Condition"] = {test: {key: sorted(map(plain, listed(item))) for key, item in of.items()} for test, of in one["Condition"].items()}
        statements.append(canonical(one))
    return canonical({**value, "Statement": statements})


def pattern(value):
    """What events a rule is about: its lists are alternatives, in any order."""
    value = document(value)
    return value.value if isinstance(value, Json) else value


def lower_first(value, keys=True):
    """CloudFormation's names of container definitions as ECS's API has them; the names that options have are left."""
    if isinstance(value, dict):
        return {(key[0].lower() + key[1:] if keys else key): lower_first(one, key != "Options") for key, one in value.items()}
    return [lower_first(one) for one in value] if isinstance(value, (list, tuple)) else value


def pairs(value, key="Key", of="Value"):
    """A list of names and values as a mapping."""
    if isinstance(value, dict):
        return value
    if len({one[key] for one in value}) != len(value):
        raise ValueError(f"a name twice: {value!r}")
    return {one[key]: one[of] for one in value}


def parameters(value):
    """Terraform's blocks of parameters. CloudFormation applies static ones when the instance restarts, as `pending-reboot` does."""
    for one in value:
        if one.get("apply_method", "pending-reboot") not in ("immediate", "pending-reboot"):
            raise ValueError(f"apply_method {one['apply_method']}")
    return pairs(value, "name", "value")


def protocol(value):
    names = {"-1": "-1", "all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
    return names.get(plain(value).lower(), plain(value).lower())


def conditions(value):
    """Terraform has a block for each field of a rule's condition, CloudFormation the field's name beside."""
    fields = {"host_header": ("host-header", "HostHeaderConfig"), "path_pattern": ("path-pattern", "PathPatternConfig"), "source_ip": ("source-ip", "SourceIpConfig"),
              "http_request_method": ("http-request-method", "HttpRequestMethodConfig"), "http_header": ("http-header", "HttpHeaderConfig")}
    names = {"values": "Values", "http_header_name": "HttpHeaderName"}
    found = []
    for one in value:
        for field, body in one.items():
            name, config = fields[field]
            found.append({"Field": name, config: {names.get(key, key): one for key, one in body.items()}})
    return found


def lifecycle_rules(value):
    """S3's lifecycle rules: Terraform has the storage class and days in blocks of their own, and must have a filter."""
    names = {"id": "Id", "status": "Status"}
    found = []
    for rule in value:
        one = {names[key]: item for key, item in rule.items() if key in names}
        for key, item in rule.items():
            if key in names:
                continue
            items = item if isinstance(item, list) else [item]
            if key == "filter":
                prefix = items[0].get("prefix", "")
                if set(items[0]) - {"prefix"}:
                    raise ValueError(f"filter {items[0]!r}")
                one |= {"Prefix": prefix} if prefix else {}
            elif key == "prefix":
                one |= {"Prefix": item} if item else {}
            elif key == "abort_incomplete_multipart_upload":
                one["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": items[0]["days_after_initiation"]}
            elif key == "expiration" and set(items[0]) == {"days"}:
                one["ExpirationInDays"] = items[0]["days"]
            elif key == "noncurrent_version_expiration" and set(items[0]) == {"noncurrent_days"}:
                one["NoncurrentVersionExpiration"] = {"NoncurrentDays": items[0]["noncurrent_days"]}
            elif key == "transition":
                one["Transitions"] = [{"StorageClass": t["storage_class"], "TransitionInDays": t["days"]} for t in items]
            elif key == "noncurrent_version_transition":
                one["NoncurrentVersionTransitions"] = [{"StorageClass": t["storage_class"], "TransitionInDays": t["noncurrent_days"]} for t in items]
            else:
                raise ValueError(f"lifecycle rule with {key} = {item!r}")
        found.append(one)
    return found


def no_empty_prefix(value):
    """An empty prefix is everything, as none is."""
    return [{key: one for key, one in rule.items() if not (key == "Prefix" and one == "")} for rule in value]


def by_name(value):
    """ECS takes the name of a cluster or group as well as its ARN."""
    return value.replace("#Arn⟧", "#Ref⟧") if isinstance(value, str) else value


def log_group(value):
    """A flow log names its group by the ARN in Terraform, by the name in CloudFormation."""
    return value.replace("#ArnWithoutStreams⟧", "#Ref⟧").replace("#Arn⟧", "#Ref⟧")


def group_tags(value):
    """Terraform has to say the tag that ECS puts on the groups of capacity providers, or it would remove it."""
    found = [{"Key": one["key"], "Value": one["value"], "PropagateAtLaunch": one["propagate_at_launch"]} for one in value]
    return [one for one in found if one != {"Key": "AmazonECSManaged", "Value": "true", "PropagateAtLaunch": True}]


def notifications(value):
    """Terraform has a list for each kind of a budget's subscribers, CloudFormation the kind beside each address."""
    names = {"comparison_operator": "ComparisonOperator", "notification_type": "NotificationType", "threshold": "Threshold", "threshold_type": "ThresholdType"}
    kinds = {"subscriber_email_addresses": "EMAIL", "subscriber_sns_topic_arns": "SNS"}
    found = []
    for one in value:
        if set(one) - set(names) - set(kinds):
            raise ValueError(f"notification {one!r}")
        subscribers = [{"Address": address, "SubscriptionType": kind} for list_, kind in kinds.items() for address in one.get(list_, [])]
        found.append({"Notification": {names[key]: item for key, item in one.items() if key in names}, "Subscribers": subscribers})
    return found


def filters(value):
    """The costs that a budget counts: Terraform has a block for each name of a filter."""
    return pairs(listed(value), "name", "values")


def unquoted(value):
    """CloudFormation has the quotes of text records, the provider writes them."""
    found = []
    for one in value:
        quoted = isinstance(one, str) and len(one) > 1 and one[0] == one[-1] == '"'
        found.append(one[1:-1] if quoted else one)
    return found


def waf(value):
    """AWS WAF's structures: Terraform's blocks have CloudFormation's names in another spelling."""
    names = {"cloudwatch_metrics_enabled": "CloudWatchMetricsEnabled"}
    if isinstance(value, (list, tuple)):
        return [waf(one) for one in value]
    if isinstance(value, dict):
        return {names.get(key, "".join(part.capitalize() for part in key.split("_"))): waf(one) for key, one in value.items()}
    return value


def same(value):
    return value


# name: (how Terraform's value is changed, how CloudFormation's is)
CONVERSIONS = {
    "policy": (policy, policy),
    "document": (document, document),
    "pattern": (pattern, pattern),
    "containers": (document, lambda value: Json(lower_first(value))),
    "protocol": (protocol, protocol),
    "parameters": (parameters, same),
    "conditions": (conditions, same),
    "s3-lifecycle": (lifecycle_rules, no_empty_prefix),
    "by-name": (by_name, by_name),
    "log-group": (log_group, same),
    "unquoted": (same, unquoted),
    "waf": (waf, same),
    "listed": (lambda value: [value], same),
    "types": (lambda value: [{"Type": one} for one in value], same),
    "enabled": (lambda value: {"true": "ENABLED", "false": "DISABLED"}.get(plain(value), value), same),
    "internal": (lambda value: {"true": "internal", "false": "internet-facing"}.get(plain(value), value), same),
    "pairs": (same, pairs),
    "notifications": (notifications, same),
    "filters": (filters, same),
    "one": (lambda value, name: [{name: value}], lambda value, name: value),
    "group-tags": (group_tags, same),
    "destination": (lambda value: [{"Region": one["region"], **{k: v for k, v in one.items() if k != "region"}} for one in listed(value)], same),
    "generated": (same, same),
    "own-tags": (lambda value, kind: [{"ResourceType": kind, "Tags": value}], lambda value, kind: [{**one, "Tags": pairs(one["Tags"])} for one in value]),
}


def convert(how, side, value):
    """Changes a value of a side (0 Terraform, 1 CloudFormation) as the mapping says."""
    if not how:
        return value
    name, *arguments = how.split()
    return CONVERSIONS[name][side](value, *(arguments if side or name in ("one", "own-tags") else ()))
