"""Deploy what archgen emits, with `archgen deploy`, to the local AWS API, and look at what is there."""

import json
import os
import re
import subprocess
import urllib.request

import local_aws
import parameters
import readback
import relation
from cloud import api as cloudformation, template as tpl

REGION, BUCKET, TIMEOUT = "us-east-1", "archgen-templates", 300
QUOTA = "The maximum number of VPCs has been reached."


class Archgen:
    def __init__(self, binary, url, keep):
        self.binary, self.url, self.keep = str(binary), url, keep
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | local_aws.NOBODY | {
            "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "NO_COLOR": "1"}
        if keep:
            keep.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments, keep_as=None):
        done = subprocess.run([self.binary, *arguments], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)
        if self.keep and keep_as:
            (self.keep / f"{keep_as}.txt").write_text(f"$ archgen {' '.join(arguments)}\n{done.stdout}{done.stderr}\nexit {done.returncode}\n")
        return done

    def read(self, *arguments):
        done = self.run(*arguments)
        if done.returncode != 0:
            raise RuntimeError(f"archgen {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def architectures(self):
        listed = json.loads(self.read("list", "--format", "json"))
        listed = listed.get("architectures", listed) if isinstance(listed, dict) else listed
        return [(a["name"], e["name"] if isinstance(e, dict) else e) for a in listed for e in a["environments"]]

    def deploy(self, case, stack, values, keep_as):
        name, environment, text = case
        arguments = ["deploy", name, "--env", environment, "--stack-name", stack, "--endpoint-url", self.url, "--yes", "--no-lock"]
        for key, value in values.items():
            arguments += ["--param", f"{key}={value}"]
        if len(text.encode()) > cloudformation.LIMIT_BODY:
            arguments += ["--bucket", BUCKET]
        return self.run(*arguments, keep_as=keep_as)


def shown(done):
    return f"exit {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def run(binary, report, only=None, env=None, keep=None):
    url = local_aws.start(delay=0.005)
    api = local_aws.clients(url)(REGION)
    archgen = Archgen(binary.resolve(), url, keep)
    cases = [(n, e) for n, e in archgen.architectures() if only in (None, n) and env in (None, e)]
    if not cases:
        report.check("architectures to deploy", ["there are none"])
    updated = []
    for name, environment in cases:
        text = archgen.read("emit", name, "--env", environment, "--target", "cloudformation", "--stdout")
        updated.append(deploy_one(archgen, api, report, (name, environment, text)))
    if not any(updated):
        report.check("an update was shown", ["no architecture has a parameter whose change could be shown"])


def reset(api, url):
    """An empty account."""
    urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset", method="POST")).read()
    cloudformation.forget()
    api("s3").create_bucket(Bucket=BUCKET)


def deploy_one(archgen, api, report, case):
    name, environment, text = case
    title, stack, document = f"{name}/{environment}", re.sub(r"[^A-Za-z0-9]+", "-", f"{name}-{environment}"), tpl.load(text)
    slots = document.get("Parameters", {})

    reset(api, archgen.url)
    values = {key: parameters.first(key, slot, api) for key, slot in slots.items() if "Default" not in slot}
    done = archgen.deploy(case, stack, values, f"{stack}.create")
    problems = [] if done.returncode == 0 else [shown(done), *failures(api, stack)]
    if not report.check(f"{title}: deploys as a new stack ({len(document['Resources'])} resources)", problems):
        return False
    check_stack(archgen, api, report, case, title, stack, document, "CREATE_COMPLETE")
    covered = update(archgen, api, report, case, stack, document, values)
    fail(archgen, api, report, case, stack, document)
    return covered


def check_stack(archgen, api, report, case, title, stack, document, status):
    deployed = readback.Deployment(api, stack, document)
    actual = api("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    report.check(f"{title}: stack is {status}", [] if actual == status else [f"it is {actual}"])
    for what, check in readback.CHECKS.items():
        report.check(f"{title}: {what} read back through the API are the template's", check(deployed))
    found = relation.relation(relation.Network(api, deployed))
    command = [archgen.binary, "reach", case[0], "--env", case[1], "--all", "--aws-only", "--format", "json"]
    report.check(f"{title}: relation: {len(relation.rows(found))} rows equal", relation.compare(found, command, archgen.environment, relation.distributions(document)))


def failures(api, stack):
    try:
        events = [e for page in api("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack) for e in page["StackEvents"]]
    except Exception as error:
        return [f"no events: {error}"]
    return [f"{e['LogicalResourceId']} {e['ResourceStatus']}: {e.get('ResourceStatusReason', '')}" for e in reversed(events) if e["ResourceStatus"].endswith("FAILED")]


def update(archgen, api, report, case, stack, document, values):
    """Change one parameter; exactly the resources that use it must be shown, and changed."""
    title, slots, logical = f"{case[0]}/{case[1]}", document.get("Parameters", {}), set(document["Resources"])
    usable = []
    for key, slot in slots.items():
        current = values.get(key, str(slot.get("Default", "")))
        other, users = parameters.another(key, slot, current), parameters.users(document, key)
        if other is not None and users:
            usable.append((len(users), key, other, users))
    if not usable:
        print(f"note {title}: has no parameter whose change could be shown", flush=True)
        return False
    _, key, other, users = min(usable)
    done = archgen.deploy(case, stack, values | {key: other}, f"{stack}.update")
    title = f"{title}: update of {key}"
    if not report.check(f"{title} deploys", [] if done.returncode == 0 else [shown(done), *failures(api, stack)]):
        return True
    changed = {c["LogicalResourceId"] for c in cloudformation.last_changes(stack)}
    report.check(f"{title} changes the resources that use it", [f"not changed: {n}" for n in sorted(users - changed)])
    # The values of outputs may hold names of resources that were not touched.
    lines = [line for line in (done.stdout + done.stderr).splitlines() if not re.match(r"\s+\w+ = ", line)]
    said = set(re.findall(r"[A-Za-z0-9]+", "\n".join(lines))) & logical
    report.check(f"{title} shows {', '.join(sorted(changed))} and nothing else",
                 [f"not shown: {n}" for n in sorted(changed - said)] + [f"shown, though not changed: {n}" for n in sorted(said - changed)] + ([shown(done)] if said != changed else []))
    check_stack(archgen, api, report, case, title, stack, document, "UPDATE_COMPLETE")
    again = archgen.deploy(case, stack, values | {key: other}, f"{stack}.unchanged")
    report.check(f"{title}, deployed once more, has nothing to do", [] if again.returncode == 0 else [shown(again)])
    return True


def fail(archgen, api, report, case, stack, document):
    """An account that has all the VPCs it may have: the stack fails, and archgen says why."""
    title = f"{case[0]}/{case[1]}: a stack that fails"
    vpcs = {n for n, r in document["Resources"].items() if r["Type"] == "AWS::EC2::VPC"}
    if not vpcs:
        print(f"note {title}: the template has no VPC to fail on", flush=True)
        return
    reset(api, archgen.url)
    values = {key: parameters.first(key, slot, api) for key, slot in document.get("Parameters", {}).items() if "Default" not in slot}
    for number in range(20):
        try:
            api("ec2").create_vpc(CidrBlock=f"172.{number + 16}.0.0/16")
        except api("ec2").exceptions.ClientError:
            break
    done = archgen.deploy(case, stack, values, f"{stack}.failing")
    output = done.stdout + done.stderr
    report.check(f"{title} exits with 1", [] if done.returncode == 1 else [shown(done)])
    report.check(f"{title} says the cause", [] if QUOTA in " ".join(output.split()) else [f"not in the output: {QUOTA}", shown(done)])
    lines = output.splitlines()
    near = " ".join(" ".join(lines[max(0, i - 3):i + 4]) for i, line in enumerate(lines) if "maximum number of VPCs" in line)
    report.check(f"{title} names the resource beside the cause", [] if vpcs & set(re.findall(r"[A-Za-z0-9]+", near)) else [f"none of {sorted(vpcs)} is", shown(done)])
    actual = api("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
    report.check(f"{title} is rolled back", [] if actual == "ROLLBACK_COMPLETE" else [f"it is {actual}"])
