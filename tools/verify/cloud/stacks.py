"""Stacks, change sets and their execution, with events and roll-back as in CloudFormation."""

import collections
import datetime
import hashlib
import threading
import time
import uuid

from . import changes, registry, resources, template as tpl


class StackError(Exception):
    """A refused API call: an error code and its text."""

    def __init__(self, message, code="ValidationError"):
        super().__init__(message)
        self.code, self.message = code, message


class ResourceFailed(Exception):
    """A resource could not be made, changed or deleted; its event is written already."""


Deployed = collections.namedtuple("Deployed", "kind made properties resource")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def new_id(seed):
    return str(uuid.UUID(hashlib.md5(seed.encode()).hexdigest()))


class Stack:
    def __init__(self, cloud, name, tags):
        self.cloud, self.name, self.tags = cloud, name, tags
        self.id = f"arn:aws:cloudformation:{cloud.region}:{cloud.account}:stack/{name}/{new_id(f'{name}{cloud.count()}')}"
        self.status, self.reason, self.created, self.updated = "REVIEW_IN_PROGRESS", "User Initiated", now(), None
        self.events, self.deployed, self.outputs = [], {}, []
        self.resource_status = {}
        self.text, self.scope, self.description, self.parameters = "", None, None, {}
        self.event(name, self.id, "AWS::CloudFormation::Stack", "REVIEW_IN_PROGRESS", "User Initiated")

    def event(self, logical, physical, kind, status, reason=None):
        self.events.append({"StackId": self.id, "EventId": str(uuid.uuid4()), "StackName": self.name, "LogicalResourceId": logical,
                            "PhysicalResourceId": physical or "", "ResourceType": kind, "Timestamp": now(), "ResourceStatus": status,
                            **({"ResourceStatusReason": reason} if reason else {})})
        if kind != "AWS::CloudFormation::Stack":
            self.resource_status[logical] = (kind, physical or "", status, reason, now())

    def set_status(self, status, reason=None):
        # the event comes first: whoever sees a final status must find all events
        self.event(self.name, self.id, "AWS::CloudFormation::Stack", status, reason)
        self.status, self.reason = status, reason

    def physical_ids(self):
        return {name: d.made.id for name, d in self.deployed.items()}


class Execution:
    """One run of a change set, in its own thread."""

    def __init__(self, stack, scope, on_failure="ROLLBACK"):
        self.stack, self.scope, self.on_failure = stack, scope, on_failure
        self.cloud = stack.cloud
        self.old_scope, self.before = stack.scope, dict(stack.deployed)
        self.values = {}                                 # logical id -> Made, for Ref and GetAtt
        self.replaced = []                               # old resources to delete when all went well

    def run(self):
        try:
            self._run()
        except Exception as error:                       # a bug in this server: the client must not wait for ever
            self.stack.set_status(self.stack.status.replace("_IN_PROGRESS", "_FAILED"), f"Internal failure: {error!r}")
            raise

    def _run(self):
        stack, first = self.stack, self.old_scope is None
        verb = "CREATE" if first else "UPDATE"
        stack.set_status(f"{verb}_IN_PROGRESS", "User Initiated")
        failed = []
        try:
            for name in tpl.order(self.scope.template, self.scope.live()):
                try:
                    self._deploy(name)
                except ResourceFailed:
                    failed.append(name)
                    break
            if not failed:
                outputs = self._outputs()
        except tpl.TemplateError as error:
            failed, reason = ["Outputs"], str(error)
        else:
            reason = f"The following resource(s) failed to {verb.lower()}: [{', '.join(failed)}]. "
        if failed:
            self._roll_back(first, reason)
            return
        stack.outputs, stack.scope = outputs, self.scope
        if not first:
            stack.set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
            self._clean_up()
        stack.updated = None if first else now()
        stack.set_status(f"{verb}_COMPLETE")

    def _lookup(self, name, attribute):
        if name not in self.values:
            raise tpl.TemplateError(f"Unresolved resource dependencies [{name}] in the Resources block of the template")
        made, kind = self.values[name], self.scope.template["Resources"][name]["Type"]
        if attribute is None:
            return made.id
        if attribute in made.attributes:
            return made.attributes[attribute]
        if not registry.has_attribute(kind, attribute):
            raise tpl.TemplateError(f"Template error: resource {name} does not support attribute type {attribute} in Fn::GetAtt")
        return registry.made_up(kind, name, attribute, made.properties, self.cloud.region, self.cloud.account)

    def _deploy(self, name):
        resource = self.scope.template["Resources"][name]
        kind, previous = resource["Type"], self.before.get(name)
        try:
            properties = self.scope.bound(self._lookup).value(resource.get("Properties", {}))
        except tpl.TemplateError as error:
            self._fail(name, "UPDATE" if previous else "CREATE", previous and previous.made.id, kind, error)
        context = resources.Context(self.cloud, self.stack, name, kind)
        if previous is None:
            made = self._create(name, kind, context, properties)
        elif previous.properties == properties:
            made = previous.made
        elif any(registry.recreation(kind, key, previous.properties.get(key), properties.get(key)) == "Always" for key in {*previous.properties, *properties}):
            self.stack.event(name, previous.made.id, kind, "UPDATE_IN_PROGRESS", "Requested update requires the creation of a new physical resource; hence creating one.")
            made = self._create(name, kind, context.next(), properties, verb="UPDATE")
            self.replaced.append((name, previous))
        else:
            self.stack.event(name, previous.made.id, kind, "UPDATE_IN_PROGRESS")
            made = self._attempt(name, kind, "UPDATE", previous.made.id, lambda h: h.update(context, previous.made, previous.properties, properties), properties)
            self.stack.event(name, made.id, kind, "UPDATE_COMPLETE")
        made.properties = properties
        self.values[name] = made
        self.stack.deployed[name] = Deployed(kind, made, properties, resource)

    def _create(self, name, kind, context, properties, verb="CREATE"):
        if verb == "CREATE":
            self.stack.event(name, "", kind, "CREATE_IN_PROGRESS")
        made = self._attempt(name, kind, verb, "", lambda h: h.create(context, properties), properties)
        self.stack.event(name, made.id, kind, f"{verb}_IN_PROGRESS", "Resource creation Initiated")
        self.stack.event(name, made.id, kind, f"{verb}_COMPLETE")
        return made

    def _attempt(self, name, kind, verb, physical, action, properties):
        time.sleep(self.cloud.delay)
        if wrong := registry.problems(kind, properties):
            self._fail(name, verb, physical, kind, f"Properties validation failed for resource {name} with message:\n" + "\n".join(wrong))
        try:
            return action(resources.handler(kind))
        except Exception as error:
            self._fail(name, verb, physical, kind, resources.reason(error, kind))

    def _fail(self, name, verb, physical, kind, reason):
        self.stack.event(name, physical, kind, f"{verb}_FAILED", str(reason))
        raise ResourceFailed(name)

    def _outputs(self):
        scope, found = self.scope.bound(self._lookup), []
        for key, output in (self.scope.template.get("Outputs") or {}).items():
            if "Condition" in output and not self.scope.condition(output["Condition"]):
                continue
            entry = {"OutputKey": key, "OutputValue": str(scope.value(output["Value"])), "Description": output.get("Description")}
            if "Export" in output:
                entry["ExportName"] = scope.value(output["Export"]["Name"])
            found.append({k: v for k, v in entry.items() if v is not None})
        self._export({o["ExportName"]: o["OutputValue"] for o in found if "ExportName" in o})
        return found

    def _export(self, new):
        """What is imported can neither go nor change."""
        exports = self.cloud.exports
        for name, (owner, value) in list(exports.items()):
            if owner is not self.stack:
                if name in new:
                    raise tpl.TemplateError(f"Export with name {name} is already exported by stack {owner.name}")
            elif new.get(name) != value and (users := self.cloud.importers(name)):
                verb = "updated" if name in new else "deleted"
                raise tpl.TemplateError(f"Export {name} cannot be {verb} as it is in use by {' and '.join(users)}")
        self.cloud.exports = {n: e for n, e in exports.items() if e[0] is not self.stack} | {n: (self.stack, v) for n, v in new.items()}

    def _delete(self, name, deployed, policy="DeletionPolicy"):
        """Delete one resource; True when it is gone or is to be kept."""
        kept = deployed.resource.get(policy)
        if kept == "Retain" or kept == "RetainExceptOnCreate" and name in self.before:
            self.stack.event(name, deployed.made.id, deployed.kind, "DELETE_SKIPPED")
            return True
        self.stack.event(name, deployed.made.id, deployed.kind, "DELETE_IN_PROGRESS")
        try:
            resources.handler(deployed.kind).delete(resources.Context(self.cloud, self.stack, name, deployed.kind), deployed.made, deployed.properties)
        except Exception as error:
            self.stack.event(name, deployed.made.id, deployed.kind, "DELETE_FAILED", resources.reason(error, deployed.kind))
            return False
        self.stack.event(name, deployed.made.id, deployed.kind, "DELETE_COMPLETE")
        return True

    def _delete_all(self, doomed, scope):
        """Delete in the reverse of the order of creation; the names that are still there."""
        left = []
        for name in reversed(tpl.order(scope.template, scope.live())):
            if name in doomed:
                if self._delete(name, doomed[name]):
                    self.stack.deployed.pop(name, None)
                else:
                    left.append(name)
        return left

    def _clean_up(self):
        for name, deployed in self.replaced:
            status = self.stack.resource_status[name]
            self._delete(name, deployed, policy="UpdateReplacePolicy")
            self.stack.resource_status[name] = status
        gone = {n: d for n, d in self.before.items() if n not in self.scope.live()}
        self._delete_all(gone, self.old_scope)

    def _roll_back(self, first, reason):
        stack = self.stack
        if first:
            if self.on_failure == "DO_NOTHING":
                stack.set_status("CREATE_FAILED", reason)
                return
            stack.set_status("ROLLBACK_IN_PROGRESS", reason + "Rollback requested by user.")
            left = self._delete_all(dict(stack.deployed), self.scope)
            for name, (kind, physical, status, *_) in list(stack.resource_status.items()):
                if status == "CREATE_FAILED":
                    stack.event(name, physical, kind, "DELETE_COMPLETE")
            if left:
                stack.set_status("ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{', '.join(left)}]. ")
            else:
                stack.set_status("ROLLBACK_COMPLETE")
            return
        stack.set_status("UPDATE_ROLLBACK_IN_PROGRESS", reason)
        new = {n: d for n, d in stack.deployed.items() if n not in self.before}
        for name, old in self.before.items():
            current = stack.deployed[name]
            if current.made.id != old.made.id:           # it was replaced: the old one is still there
                new[name] = current
            elif current.properties != old.properties:
                stack.event(name, old.made.id, old.kind, "UPDATE_IN_PROGRESS")
                context = resources.Context(self.cloud, stack, name, old.kind)
                resources.handler(old.kind).update(context, current.made, current.properties, old.properties)
                stack.event(name, old.made.id, old.kind, "UPDATE_COMPLETE")
        stack.set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._delete_all(new, self.scope)
        stack.deployed = dict(self.before)
        stack.set_status("UPDATE_ROLLBACK_COMPLETE")


class ChangeSet:
    def __init__(self, stack, name, kind, text, scope, given, on_failure):
        self.stack, self.name, self.kind, self.text, self.scope = stack, name, kind, text, scope
        self.on_failure = on_failure or "ROLLBACK"
        self.id = f"arn:aws:cloudformation:{stack.cloud.region}:{stack.cloud.account}:changeSet/{name}/{new_id(f'{name}{stack.cloud.count()}')}"
        self.created = now()
        self.status, self.execution, self.reason = "CREATE_COMPLETE", "AVAILABLE", None
        self.changes = changes.difference(stack.scope, scope, stack.physical_ids())
        outputs_same = stack.scope is not None and stack.scope.template.get("Outputs") == scope.template.get("Outputs")
        if not self.changes and outputs_same:
            self.status, self.execution = "FAILED", "UNAVAILABLE"
            self.reason = "The submitted information didn't contain changes. Submit different information to create a change set."

    def execute(self):
        if self.execution != "AVAILABLE":
            raise StackError(f"ChangeSet [{self.id}] cannot be executed in its current status of [{self.status}]", "InvalidChangeSetStatus")
        self.execution, self.stack.text = "EXECUTE_COMPLETE", self.text
        self.stack.description = self.scope.template.get("Description")
        first = self.stack.scope is None
        self.stack.status = "CREATE_IN_PROGRESS" if first else "UPDATE_IN_PROGRESS"
        self.stack.parameters = self.scope.texts
        threading.Thread(target=Execution(self.stack, self.scope, self.on_failure).run, daemon=True).start()


class Cloud:
    """All stacks of one account and region."""

    def __init__(self, account, region, clients, delay):
        self.account, self.region, self.clients, self.delay = account, region, clients, delay
        self.stacks, self.sets, self.exports = [], [], {}
        self.generic = {}                                # physical ids of resources without an API here
        self._count = 0

    def count(self):
        self._count += 1
        return self._count

    def stack(self, name):
        for stack in reversed(self.stacks):
            if stack.id == name or stack.name == name and stack.status != "DELETE_COMPLETE":
                return stack
        raise StackError(f"Stack with id {name} does not exist")

    def change_set(self, name, stack=None):
        for change_set in reversed(self.sets):
            if change_set.id == name or change_set.name == name and stack in (change_set.stack.name, change_set.stack.id):
                return change_set
        raise StackError(f"ChangeSet [{name}] does not exist", "ChangeSetNotFound")

    def scope(self, document, texts, stack_name, stack_id):
        pseudo = {"AWS::AccountId": self.account, "AWS::Region": self.region, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com",
                  "AWS::StackName": stack_name, "AWS::StackId": stack_id, "AWS::NotificationARNs": []}
        imported = set()
        scope = tpl.Scope(document, texts, pseudo, self._ssm, self._zones, lambda name: imported.add(name) or self._import(name))
        scope.imported = imported
        return scope

    def _ssm(self, name):
        try:
            return self.clients("ssm").get_parameter(Name=name)["Parameter"]["Value"]
        except Exception:
            raise tpl.TemplateError(f"Unable to fetch parameters [{name}] from parameter store for this account.") from None

    def _zones(self, region):
        zones = self.clients("ec2").describe_availability_zones(Filters=[{"Name": "region-name", "Values": [region]}])
        return sorted(z["ZoneName"] for z in zones["AvailabilityZones"])

    def _import(self, name):
        if name not in self.exports:
            raise tpl.TemplateError(f"No export named {name} found.")
        return self.exports[name][1]

    def importers(self, name):
        """The stacks that import what is exported under a name."""
        return sorted(s.name for s in self.stacks if s.scope is not None and s.status != "DELETE_COMPLETE" and name in s.scope.imported)

    def validate(self, text):
        document = tpl.load(text)
        for resource in document["Resources"].values():
            registry.schema(resource["Type"])
        tpl.check_references(document)
        tpl.order(document, set(document["Resources"]))
        return document

    def create_change_set(self, stack_name, name, kind, text, given, capabilities, tags, on_failure=None):
        document = self.validate(text)
        found = [s for s in self.stacks if s.name == stack_name and s.status != "DELETE_COMPLETE"]
        if kind == "UPDATE":
            stack = self.stack(stack_name)
            if stack.status in ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "REVIEW_IN_PROGRESS") or stack.status.endswith("_IN_PROGRESS"):
                raise StackError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
        elif found and found[0].status != "REVIEW_IN_PROGRESS":
            raise StackError(f"Stack [{stack_name}] already exists and cannot be created again with the changeSet [{name}].")
        stored = found[0].scope.texts if found and found[0].scope else {}
        texts = tpl.parameter_values(document, given, stored)
        self._check_capabilities(document, capabilities)
        if any(s.name == name and s.stack.name == stack_name for s in self.sets):
            raise StackError(f"ChangeSet {name} cannot be created due to a mismatch with existing attribute Name", "AlreadyExistsException")
        stack = found[0] if found else Stack(self, stack_name, tags)
        scope = self.scope(document, texts, stack.name, stack.id)
        change_set = ChangeSet(stack, name, kind, text, scope, given, on_failure)
        if not found:
            self.stacks.append(stack)
        self.sets.append(change_set)
        return change_set

    @staticmethod
    def _check_capabilities(document, capabilities):
        need = required_capability(document)
        if need and not {need, "CAPABILITY_NAMED_IAM"} & set(capabilities):
            raise StackError(f"Requires capabilities : [{need}]", "InsufficientCapabilitiesException")

    def delete_stack(self, name):
        stack = next((s for s in self.stacks if s.status != "DELETE_COMPLETE" and name in (s.id, s.name)), None)
        if stack is None:
            return
        for export, (owner, _) in self.exports.items():
            if owner is stack and (users := self.importers(export)):
                # the stack stays as it was
                stack.set_status(stack.status, f"Delete canceled. Cannot delete export {export} as it is in use by {' and '.join(users)}.")
                return
        stack.set_status("DELETE_IN_PROGRESS", "User Initiated")
        execution, left = Execution(stack, stack.scope), []
        if stack.scope is not None:
            left = execution._delete_all(dict(stack.deployed), stack.scope)
        self.exports = {n: e for n, e in self.exports.items() if e[0] is not stack}
        stack.set_status("DELETE_FAILED" if left else "DELETE_COMPLETE", f"The following resource(s) failed to delete: [{', '.join(left)}]. " if left else None)


def required_capability(document):
    named = {"AWS::IAM::Role": "RoleName", "AWS::IAM::ManagedPolicy": "ManagedPolicyName", "AWS::IAM::InstanceProfile": "InstanceProfileName",
             "AWS::IAM::User": "UserName", "AWS::IAM::Group": "GroupName"}
    iam = [r for r in document["Resources"].values() if r["Type"] in named or r["Type"] == "AWS::IAM::Policy"]
    if any(named.get(r["Type"]) in r.get("Properties", {}) for r in iam):
        return "CAPABILITY_NAMED_IAM"
    return "CAPABILITY_IAM" if iam else None
