"""The CloudFormation API: moto's request handling with the engine of this package behind it."""

import functools
import re
import urllib.parse

from moto.cloudformation.exceptions import CloudFormationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult, EmptyResult

from . import registry, stacks, template as tpl

PAGE = 100
LIMIT_BODY, LIMIT_URL = 51_200, 1_048_576
_clouds = {}


def install(clients, delay):
    """Put the engine in the place of moto's own CloudFormation. `clients(region)(service)` gives an API client."""

    def cloud(self):
        key = (self.current_account, self.region)
        if key not in _clouds:
            _clouds[key] = stacks.Cloud(*key, clients(self.region), delay)
        return _clouds[key]

    CloudFormationResponse.cloud = property(cloud)
    CloudFormationResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER = {}
    for action in (validate_template, get_template_summary, create_stack, create_change_set, describe_change_set, list_change_sets, delete_change_set, execute_change_set,
                   describe_stacks, list_stacks, describe_stack_events, list_stack_resources, describe_stack_resources, describe_stack_resource, get_template,
                   delete_stack, list_exports, list_imports):
        setattr(CloudFormationResponse, action.__name__, _answering(action))


def _answering(action):
    @functools.wraps(action)
    def answer(self):
        try:
            result = action(self, self.cloud)
        except stacks.StackError as error:
            raise CloudFormationError(error.code, error.message) from None
        except (tpl.TemplateError, registry.UnknownType) as error:
            raise CloudFormationError("ValidationError", str(error)) from None
        return EmptyResult() if result is None else ActionResult(result)
    return answer


def _page(request, key, items):
    start = int(request._get_param("NextToken") or 0)
    more = {"NextToken": str(start + PAGE)} if start + PAGE < len(items) else {}
    return {key: items[start:start + PAGE]} | more


def _template_text(request, cloud, previous=None):
    body, url = request._get_param("TemplateBody"), request._get_param("TemplateURL")
    if body is not None:
        if len(body.encode()) > LIMIT_BODY:
            raise stacks.StackError(f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to {LIMIT_BODY}")
        return body
    if url is not None:
        text = _from_bucket(cloud, url)
        if len(text.encode()) > LIMIT_URL:
            raise stacks.StackError(f"Template may not exceed {LIMIT_URL} bytes in size.")
        return text
    if previous is not None:
        return previous
    raise stacks.StackError("Either Template URL or Template Body must be specified.")


def _from_bucket(cloud, url):
    parts = urllib.parse.urlparse(url)
    path = urllib.parse.unquote(parts.path).lstrip("/")
    if match := re.fullmatch(r"(.+)\.s3[.-].*amazonaws\.com", parts.netloc):
        bucket, key = match[1], path
    elif re.fullmatch(r"s3[.-].*amazonaws\.com", parts.netloc) or parts.hostname in ("127.0.0.1", "localhost"):
        bucket, _, key = path.partition("/")
    else:
        raise stacks.StackError("TemplateURL must be a supported URL.")
    try:
        return cloud.clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except Exception as error:
        raise stacks.StackError(f"S3 error: {error}") from None


def _given(request):
    return {p["ParameterKey"]: None if str(p.get("UsePreviousValue", "")).lower() == "true" else p.get("ParameterValue", "") for p in request._get_param("Parameters") or []}


def validate_template(request, cloud):
    document = cloud.validate(_template_text(request, cloud))
    need = stacks.required_capability(document)
    parameters = [{"ParameterKey": k, "NoEcho": bool(p.get("NoEcho", False)), "Description": p.get("Description", "")} | ({"DefaultValue": str(p["Default"])} if "Default" in p else {})
                  for k, p in document.get("Parameters", {}).items()]
    return {"Description": document.get("Description", ""), "Parameters": parameters, "Capabilities": [need] if need else []}


def get_template_summary(request, cloud):
    name = request._get_param("StackName")
    document = cloud.validate(cloud.stack(name).text if name else _template_text(request, cloud))
    need = stacks.required_capability(document)
    parameters = [{"ParameterKey": k, "ParameterType": p["Type"], "NoEcho": bool(p.get("NoEcho", False)), "Description": p.get("Description", ""),
                   "ParameterConstraints": {"AllowedValues": [str(v) for v in p["AllowedValues"]]} if "AllowedValues" in p else {}}
                  | ({"DefaultValue": str(p["Default"])} if "Default" in p else {}) for k, p in document.get("Parameters", {}).items()]
    return {"Parameters": parameters, "Description": document.get("Description", ""), "Capabilities": [need] if need else [],
            "ResourceTypes": sorted({r["Type"] for r in document["Resources"].values()}), "Version": document.get("AWSTemplateFormatVersion", "2010-09-09")}


def create_stack(request, cloud):
    name = request._get_param("StackName")
    change_set = cloud.create_change_set(name, "create", "CREATE", _template_text(request, cloud), _given(request), request._get_param("Capabilities") or [], request._get_param("Tags") or [])
    change_set.execute()
    return {"StackId": change_set.stack.id}


def create_change_set(request, cloud):
    kind, stack = request._get_param("ChangeSetType") or "UPDATE", request._get_param("StackName")
    previous = cloud.stack(stack).text if str(request._get_param("UsePreviousTemplate")).lower() == "true" else None
    change_set = cloud.create_change_set(stack, request._get_param("ChangeSetName"), kind, _template_text(request, cloud, previous), _given(request),
                                         request._get_param("Capabilities") or [], request._get_param("Tags") or [], request._get_param("OnStackFailure"))
    return {"Id": change_set.id, "StackId": change_set.stack.id}


def _change_set(request, cloud):
    return cloud.change_set(request._get_param("ChangeSetName"), request._get_param("StackName"))


def describe_change_set(request, cloud):
    found = _change_set(request, cloud)
    parameters = [{"ParameterKey": k, "ParameterValue": v} for k, v in found.scope.texts.items()]
    return {"ChangeSetName": found.name, "ChangeSetId": found.id, "StackId": found.stack.id, "StackName": found.stack.name, "CreationTime": found.created,
            "ExecutionStatus": found.execution, "Status": found.status, "StatusReason": found.reason, "Parameters": parameters,
            **_page(request, "Changes", [{"Type": "Resource", "ResourceChange": c} for c in found.changes])}


def list_change_sets(request, cloud):
    stack = cloud.stack(request._get_param("StackName"))
    return _page(request, "Summaries", [{"StackId": stack.id, "StackName": stack.name, "ChangeSetId": s.id, "ChangeSetName": s.name, "ExecutionStatus": s.execution,
                                         "Status": s.status, "CreationTime": s.created} for s in cloud.sets if s.stack is stack])


def delete_change_set(request, cloud):
    cloud.sets.remove(_change_set(request, cloud))


def execute_change_set(request, cloud):
    _change_set(request, cloud).execute()
    return {}


def describe_stacks(request, cloud):
    name = request._get_param("StackName")
    found = [cloud.stack(name)] if name else [s for s in cloud.stacks if s.status != "DELETE_COMPLETE"]
    return _page(request, "Stacks", [
        {k: v for k, v in {"StackId": s.id, "StackName": s.name, "CreationTime": s.created, "LastUpdatedTime": s.updated, "StackStatus": s.status, "StackStatusReason": s.reason,
                           "Description": s.description, "Outputs": s.outputs, "Tags": s.tags, "DisableRollback": False, "Capabilities": [], "NotificationARNs": [],
                           "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in s.parameters.items()]}.items() if v is not None} for s in found])


def list_stacks(request, cloud):
    wanted = request._get_param("StackStatusFilter") or []
    return _page(request, "StackSummaries", [{"StackId": s.id, "StackName": s.name, "CreationTime": s.created, "StackStatus": s.status}
                                             | ({"TemplateDescription": s.description} if s.description else {})
                                             for s in cloud.stacks if not wanted or s.status in wanted])


def describe_stack_events(request, cloud):
    return _page(request, "StackEvents", cloud.stack(request._get_param("StackName")).events[::-1])


def _resources(stack, time_key):
    return [{"LogicalResourceId": name, "PhysicalResourceId": physical, "ResourceType": kind, "ResourceStatus": status, time_key: when, **({"ResourceStatusReason": reason} if reason else {})}
            for name, (kind, physical, status, reason, when) in sorted(stack.resource_status.items()) if not status == "DELETE_COMPLETE"]


def list_stack_resources(request, cloud):
    return _page(request, "StackResourceSummaries", _resources(cloud.stack(request._get_param("StackName")), "LastUpdatedTimestamp"))


def _detailed(stack, time_key="Timestamp"):
    return [r | {"StackId": stack.id, "StackName": stack.name} for r in _resources(stack, time_key)]


def describe_stack_resources(request, cloud):
    wanted = request._get_param("LogicalResourceId")
    return {"StackResources": [r for r in _detailed(cloud.stack(request._get_param("StackName"))) if wanted in (None, r["LogicalResourceId"])]}


def describe_stack_resource(request, cloud):
    name, stack = request._get_param("LogicalResourceId"), cloud.stack(request._get_param("StackName"))
    for resource in _detailed(stack, "LastUpdatedTimestamp"):
        if resource["LogicalResourceId"] == name:
            return {"StackResourceDetail": resource}
    raise stacks.StackError(f"Resource {name} does not exist for stack {stack.name}")


def get_template(request, cloud):
    return {"TemplateBody": cloud.stack(request._get_param("StackName")).text, "StagesAvailable": ["Original", "Processed"]}


def delete_stack(request, cloud):
    cloud.delete_stack(request._get_param("StackName"))
    return {}


def list_exports(request, cloud):
    return _page(request, "Exports", [{"ExportingStackId": stack.id, "Name": name, "Value": value} for name, (stack, value) in sorted(cloud.exports.items())])


def list_imports(request, cloud):
    name = request._get_param("ExportName")
    if not (users := cloud.importers(name)):
        raise stacks.StackError(f"Export '{name}' is not imported by any stack.")
    return _page(request, "Imports", users)


def forget():
    """No stacks any more; for an emptied account."""
    _clouds.clear()


def executed():
    """The stack and the changes of every change set that was executed, in their order."""
    return [(s.stack.name, s.changes) for cloud in _clouds.values() for s in cloud.sets if s.execution == "EXECUTE_COMPLETE"]


def last_changes(stack):
    """The changes of the change set that a stack executed last."""
    for cloud in _clouds.values():
        for change_set in reversed(cloud.sets):
            if change_set.stack.name == stack and change_set.execution == "EXECUTE_COMPLETE":
                return change_set.changes
    return []
