"""The checks of charts can fail: the sample passes them all, and each of these is wrong in one way and is found."""

import copy
import json
import shutil
import tempfile
from pathlib import Path

from helm import binary, charts, flows, manifests, pods, references, refusals, render, services, treetest
from helm.stack import Stack

SAMPLE = Path(__file__).resolve().parent / "sample" / "shop"
ENVIRONMENT = "production"

CHARTS = {                                               # what: (file, text, instead, the step that refuses it, what it says)
    "no schema": ("values.schema.json", None, None, "files of a chart", "no values.schema.json"),
    "another name": ("Chart.yaml", "name: shop", "name: shopp", "files of a chart", "the name is shopp"),
    "a chart from elsewhere": ("Chart.yaml", "version: 0.1.0", "version: 0.1.0\ndependencies:\n  - {name: redis, version: 1.0.0, repository: https://charts.example.com}", "files of a chart", "from elsewhere"),
    "a schema that takes unknown keys": ("values.schema.json", '"additionalProperties": false,\n      "required": ["image"', '"required": ["image"', "closed", "service does not refuse unknown keys"),
    "a schema with a value of any type": ("values.schema.json", '"enabled": {"type": "boolean"}', '"enabled": {}', "closed", "enabled takes values of any type"),
    "a schema that is none": ("values.schema.json", '"type": "boolean"', '"type": "bool"', "closed", "bool"),
    "an environment that repeats": ("values-prod.yaml", "min: 3", "min: 3\n      max: 6", "differences only", "services.api.replicas.max"),
    "an unknown value": ("values-prod.yaml", "services:", "service: {}\nservices:", "lint", "service"),
    "a template that does not end": ("templates/workloads.yaml", "{{- if $service.autoscaling }}", "{{- if $service.autoscaling", "lint", "workloads.yaml"),
    "a chart without a version": ("Chart.yaml", "version: 0.1.0", "", "lint", "version"),
    "a template that fails": ("templates/NOTES.txt", "{{ .Release.Name }}", '{{ fail "not today" }}', "helm template", "not today"),
    "a key that stands twice": ("templates/network.yaml", "  name: api\n", "  name: api\n  name: api\n", "helm", "twice"),
    "another rendering each time": ("templates/network.yaml", "  name: api\n", "  name: api\n  annotations: {at: {{ randAlphaNum 20 | quote }}}\n", "template", "second time"),
    "another rendering by each helm": ("templates/network.yaml", "  name: api\n", "  name: api\n  annotations: {by: {{ .Capabilities.HelmVersion.Version | quote }}}\n", "template", "differently"),
    "a manifest with an unknown key": ("templates/workloads.yaml", "terminationGracePeriodSeconds: 30", "terminationGracePeriodSecond: 30", "valid for Kubernetes", "Deployment/api"),
    "what is only wrong when it is on": ("templates/workloads.yaml", "kind: ServiceMonitor", "kind: ServiceMonitors", "everything on: every manifest", "no schema for ServiceMonitors"),
    "a required value with a default": ("values.schema.json", '"imageTag": {"type": "string", "minLength": 1}', '"imageTag": {"type": "string"}', "refuses wrong values", "without parameters.imageTag of ci/values.yaml"),
}
REFUSALS = {                                             # what: (text of the schema, instead, the case, what is said)
    "an unknown key that is taken": ('"additionalProperties": false,\n  "required"', '"required"', "unknown key at the top", "takes an unknown key at the top"),
    "an unknown key of a service that is taken": ('"additionalProperties": false,\n      "required": ["image"', '"required": ["image"', "unknown key in services.api", "takes an unknown key in services.api"),
    "a type that is taken": ('{"type": "boolean"}', '{}', "monitoring.enabled", "the schema takes any"),
    "a required key that is not": ('"required": ["image", "cpu", "memory", "replicas"]', '"required": []', "no such case", "requires nothing of services.api"),
}


def of(kind, name):
    def find(documents):
        return next(d for d in documents if (d["kind"], d["metadata"]["name"]) == (kind, name))
    return find


API, WORKER, DENY, OWN, THEIRS = of("Deployment", "api"), of("Deployment", "mail-worker"), of("NetworkPolicy", "default"), of("NetworkPolicy", "api"), of("NetworkPolicy", "mail-worker")
HPA = of("HorizontalPodAutoscaler", "api")


def put(find, *path, value=None):
    """Sets a value in a manifest, or removes it."""
    def change(documents):
        inner = find(documents)
        for key in path[:-1]:
            inner = inner[key]
        if value is None:
            inner.pop(path[-1])
        else:
            inner[path[-1]] = value
    return change


def without(find):
    return lambda documents: documents.remove(find(documents))


def more(document):
    return lambda documents: documents.append(document)


def pod(*path, value=None, find=API):
    return put(find, "spec", "template", "spec", *path, value=value)


def container(*path, value=None, find=API):
    return pod("containers", 0, *path, value=value, find=find)


def rule(direction, number, what, value, find=OWN):
    return put(find, "spec", direction, number, what, value=value)


def block(cidr, *but):
    return {"ipBlock": {"cidr": cidr, **({"except": list(but)} if but else {})}}


ANYTHING = {"podSelector": {}}
MONITOR = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor", "metadata": {"name": "m"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "endpoints": [{"port": "http"}]}}
JOB = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "migrate"}, "spec": {"template": {
    "metadata": {"labels": {"app.kubernetes.io/name": "migrate", "app.kubernetes.io/instance": "verify"}}, "spec": {"restartPolicy": "Never", "containers": [{"name": "m", "image": "m:1"}]}}}}


def policy(name, labels, **spec):
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": name}, "spec": {"podSelector": {"matchLabels": labels}, **spec}}


MORE = policy("x", {"app.kubernetes.io/name": "mail-worker"}, policyTypes=["Egress"], egress=[{"to": [block("10.0.8.0/24")], "ports": [{"port": 5432}]}])

MANIFESTS = {                                            # what: (change, what is said)
    "text for a number": (put(HPA, "spec", "minReplicas", value="three"), "HorizontalPodAutoscaler/api"),
    "an unknown kind": (put(API, "kind", value="Deploymnt"), "has no Deploymnt"),
    "a kind of another group": (put(API, "apiVersion", value="extensions/v1beta1"), "Deployment/api"),
    "a custom kind nobody knows": (put(of("ExternalSecret", "api"), "kind", value="Widget"), "no schema for Widget"),
    "an unknown key of a custom kind": (put(of("ExternalSecret", "api"), "spec", "refresh", value="1h"), "ExternalSecret/api: spec"),
    "a wrong value of a custom kind": (put(of("ExternalSecret", "api"), "spec", "secretStoreRef", "kind", value="Vault"), "secretStoreRef.kind"),
    "a custom kind without what it needs": (more({**MONITOR, "spec": {"endpoints": []}}), "selector"),
    "no name": (put(API, "metadata", "name"), "no metadata.name"),
    "the same twice": (lambda documents: documents.append(copy.deepcopy(API(documents))), "Deployment/api is there twice"),
}
REFERENCES = {
    "a selector that selects others": (put(API, "spec", "selector", "matchLabels", value={"app.kubernetes.io/name": "apo"}), "does not select its own pods"),
    "a selector of everybody": (put(API, "spec", "selector", "matchLabels", value={"app.kubernetes.io/instance": "verify"}), "are selected by"),
    "a Service of nothing": (put(of("Service", "api"), "spec", "selector", value={"app": "x"}), "selects the pods of nothing"),
    "a Service of everything": (put(of("Service", "api"), "spec", "selector", value={"app.kubernetes.io/instance": "verify"}), "selects the pods of Deployment/api, Deployment/mail-worker"),
    "a port that is not there": (put(of("Service", "api"), "spec", "ports", 0, "targetPort", value="grpc"), "goes to grpc"),
    "a probe of a port that is not there": (container("readinessProbe", "httpGet", "port", value=81), "asks the port 81"),
    "an account that is not there": (without(of("ServiceAccount", "api")), "no ServiceAccount api"),
    "a Secret that nothing makes": (without(of("ExternalSecret", "api")), "which nothing makes"),
    "a key that nothing makes": (put(of("ExternalSecret", "api"), "spec", "data", 0, "secretKey", value="OTHER"), "which nothing makes"),
    "an HPA of nothing": (put(HPA, "spec", "scaleTargetRef", "name", value="x"), "no Deployment x"),
    "replicas beside an HPA": (put(API, "spec", "replicas", value=2), "sets replicas"),
    "a budget of nothing": (put(of("PodDisruptionBudget", "api"), "spec", "selector", "matchLabels", value={"a": "b"}), "protects the pods of nothing"),
    "a monitor of nothing": (more(MONITOR), "selects no Service"),
    "a policy for nothing": (more(policy("x", {"a": "b"})), "is for no pod"),
    "an Ingress to nothing": (more({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i"}, "spec": {"defaultBackend": {"service": {"name": "apo", "port": {"number": 1}}}}}), "no Service apo"),
    "an Ingress to a wrong port": (more({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i"}, "spec": {"defaultBackend": {"service": {"name": "api", "port": {"number": 1}}}}}), "has no port 1"),
    "a mount of nothing": (container("volumeMounts", value=[{"name": "x", "mountPath": "/x"}]), "mounts x"),
    "a variable twice": (lambda documents: API(documents)["spec"]["template"]["spec"]["containers"][0]["env"].append({"name": "LOG_LEVEL", "value": "x"}), "LOG_LEVEL twice"),
}
PODS = {
    "root": (pod("securityContext", "runAsNonRoot", value=False), "runAsNonRoot is not true"),
    "nothing said of root": (pod("securityContext", "runAsNonRoot"), "runAsNonRoot is not true"),
    "user 0": (container("securityContext", "runAsUser", value=0), "runAsUser is 0"),
    "a container that takes it back": (container("securityContext", "runAsNonRoot", value=False), "runAsNonRoot is not true"),
    "no seccomp profile": (pod("securityContext", "seccompProfile"), "seccompProfile is None"),
    "an unconfined one": (container("securityContext", "seccompProfile", value={"type": "Unconfined"}), "seccompProfile is Unconfined"),
    "escalation": (container("securityContext", "allowPrivilegeEscalation"), "allowPrivilegeEscalation"),
    "privileges": (container("securityContext", "privileged", value=True), "privileged"),
    "capabilities that are kept": (container("securityContext", "capabilities"), "drop ALL"),
    "capabilities that are added": (container("securityContext", "capabilities", "add", value=["NET_ADMIN"]), "NET_ADMIN"),
    "the host's network": (pod("hostNetwork", value=True), "hostNetwork"),
    "a port of the host": (container("ports", 0, "hostPort", value=80), "hostPort 80"),
    "a path of the host": (pod("volumes", value=[{"name": "x", "hostPath": {"path": "/"}}]), "is a hostPath"),
    "a sysctl": (pod("securityContext", "sysctls", value=[{"name": "kernel.msgmax", "value": "1"}]), "sysctl kernel.msgmax"),
    "an init container": (pod("initContainers", value=[{"name": "i", "image": "i:1"}]), "container i: allowPrivilegeEscalation"),
    "a Job": (more(JOB), "Job/migrate: container m"),
    "a file system that can be written": (container("securityContext", "readOnlyRootFilesystem"), "readOnlyRootFilesystem"),
    "no requests": (container("resources", "requests", "cpu"), "no requests.cpu"),
    "no limits": (container("resources", "limits"), "no limits.memory"),
    "a token": (pod("automountServiceAccountToken"), "automountServiceAccountToken"),
    "no spreading": (pod("topologySpreadConstraints"), "not spread over zones"),
    "spreading of others": (pod("topologySpreadConstraints", 0, "labelSelector", "matchLabels", value={"a": "b"}), "not its own pods"),
    "no time to end": (pod("terminationGracePeriodSeconds"), "terminationGracePeriodSeconds"),
    "no preStop": (container("lifecycle"), "preStop"),
    "the latest image": (container("image", value="example/api:latest"), "no tag of its own"),
    "an image without a tag": (container("image", value="registry:5000/api"), "no tag of its own"),
}
FLOWS = {
    "no policy at all": (lambda documents: [documents.remove(d) for d in list(documents) if d["kind"] == "NetworkPolicy"], "mail_worker: archgen says nothing, the policies let through everything"),
    "no default": (without(DENY), "the cluster's DNS: not tcp 53, udp 53 but"),
    "a default for the wrong pods": (put(DENY, "spec", "podSelector", "matchLabels", value={"app.kubernetes.io/name": "api"}), "mail_worker -> the cluster's DNS"),
    "no DNS over TCP": (put(DENY, "spec", "egress", 0, "ports", value=[{"protocol": "UDP", "port": 53}]), "but udp 53"),
    "DNS of everybody": (put(DENY, "spec", "egress", 0, "to", value=[{"namespaceSelector": {}}]), "another pod of kube-system: tcp 53, udp 53"),
    "DNS to every address": (put(DENY, "spec", "egress", 0, "to"), "the policies let through tcp 53, udp 53, archgen says of nothing"),
    "a flow less": (put(THEIRS, "spec", "egress", 0), "mail_worker -> api: archgen says tcp 8080, the policies let through nothing"),
    "the other end says no": (put(OWN, "spec", "ingress", 0, "from", 2), "mail_worker -> api: archgen says tcp 8080, the policies let through nothing"),
    "another port": (rule("egress", 0, "ports", [{"port": 8081}], THEIRS), "mail_worker -> api: archgen says tcp 8080, the policies let through nothing"),
    "a flow more": (more(policy("x", {"app.kubernetes.io/name": "api"}, egress=[{"to": [ANYTHING]}], ingress=[{"from": [ANYTHING]}], policyTypes=["Ingress", "Egress"])), "api -> api: archgen says nothing, the policies let through everything"),
    "every port": (put(OWN, "spec", "ingress", 0, "ports"), "10.0.1.0 -> api and on (edge)"),
    "a range that is too wide": (rule("egress", 1, "ports", [{"port": 587, "endPort": 590}], THEIRS), "the policies let through tcp 590"),
    "a range that is too narrow": (rule("egress", 1, "ports", [{"port": 588, "endPort": 589}], THEIRS), "mail_worker -> internet: archgen says tcp 587-589, the policies do not let through tcp 587"),
    "the agent of the node, on other ports": (more(policy("x", {"app.kubernetes.io/name": "api"}, policyTypes=["Egress"], egress=[{"to": [block("169.254.170.23/32")]}])), "api -> 169.254.170.23"),
    "another protocol": (rule("egress", 0, "ports", [{"protocol": "UDP", "port": 5432}]), "api -> orders: archgen says tcp 5432, the policies do not let through tcp 5432"),
    "a store's second subnet": (put(OWN, "spec", "egress", 0, "to", 1), "api -> orders: archgen says tcp 5432"),
    "half a subnet": (rule("egress", 0, "to", [block("10.0.8.0/25"), block("10.0.9.0/24")]), "api -> orders: archgen says tcp 5432"),
    "a subnet too much": (rule("egress", 0, "to", [block("10.0.8.0/23"), block("10.0.10.0/24")]), "api -> 10.0.10.0 and on"),
    "an exception": (rule("egress", 0, "to", [block("10.0.8.0/23", "10.0.8.128/25")]), "api -> orders: archgen says tcp 5432"),
    "a store nobody declared": (more(MORE), "mail_worker -> orders: archgen says nothing, the policies let through tcp 5432"),
    "the internet but for some of it": (rule("egress", 1, "to", [block("0.0.0.0/0", "8.0.0.0/8")], THEIRS), "mail_worker -> internet: archgen says tcp 587-589, the policies do not"),
    "from the whole VPC": (put(OWN, "spec", "ingress", 0, "from", 0, value=block("10.0.0.0/16")), "10.0.0.0 -> api and on"),
    "from the internet": (put(OWN, "spec", "ingress", 0, "from", 0, value=block("0.0.0.0/0")), "internet -> api"),
    "from other releases": (put(OWN, "spec", "ingress", 0, "from", 2, "podSelector", "matchLabels", value={"app.kubernetes.io/name": "mail-worker"}), "a pod of another release"),
    "from other namespaces": (put(OWN, "spec", "ingress", 0, "from", 2, "namespaceSelector", value={}), "a pod in another namespace"),
    "a policy in another namespace": (put(THEIRS, "metadata", "namespace", value="elsewhere"), "mail_worker -> api: archgen says tcp 8080"),
    "an operator that turns it round": (put(THEIRS, "spec", "podSelector", "matchExpressions", 0, "operator", value="NotIn"), "mail_worker -> api: archgen says tcp 8080"),
    "a service less": (without(WORKER), "mail_worker: there is no Deployment"),
    "a service more": (put(API, "spec", "template", "metadata", "labels", "app.kubernetes.io/name", value="x"), "belong to no service"),
    "a Job that gets more": (lambda documents: documents.extend([JOB, policy("x", {"app.kubernetes.io/name": "migrate"}, policyTypes=["Egress"], egress=[{"to": [block("10.0.8.0/24")]}])]), "Job/migrate and 10.0.8.0, egress"),
}
SERVICES = {
    "another image": (container("image", value="111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop-app:1.0"), "api: image"),
    "another tag": (container("image", value="111122223333.dkr.ecr.eu-central-1.amazonaws.com/shop-api:1.1"), "api: image"),
    "another port": (container("ports", 0, "containerPort", value=8081), "api: ports"),
    "a port more": (container("ports", value=[{"name": "http", "containerPort": 8080}, {"name": "b", "containerPort": 81}]), "api: ports"),
    "less CPU": (container("resources", "requests", "cpu", value="0.4"), "api: vCPUs: ECS has `0.5`, Kubernetes `0.4`"),
    "more memory": (container("resources", "limits", "memory", value="2Gi"), "api: MiB at most: ECS has `1024`, Kubernetes `2048`"),
    "less memory": (container("resources", "requests", "memory", value="1000Mi"), "api: MiB: "),
    "another minimum": (put(HPA, "spec", "minReplicas", value=2), "api: replicas: ECS has `3-6`, Kubernetes `2-6`"),
    "no scaling": (without(HPA), "api: replicas"),
    "another number": (put(WORKER, "spec", "replicas", value=2), "mail_worker: replicas"),
    "another target": (put(HPA, "spec", "metrics", 0, "resource", "target", "averageUtilization", value=70), "api: scaling targets"),
    "a target less": (put(HPA, "metadata", "annotations"), "api: scaling targets"),
    "a variable less": (container("env", 1), "api: environment keys"),
    "another text": (container("env", 1, "value", value="debug"), "api: environment LOG_LEVEL"),
    "another store": (container("env", 0, "value", value="elsewhere.example.internal"), "api: environment DB_HOST"),
    "a value of another kind": (container("env", 0, "value", value="5432"), "api: environment DB_HOST"),
    "another secret": (put(of("ExternalSecret", "api"), "spec", "data", 0, "remoteRef", "key", value="arn:aws:secretsmanager:eu-central-1:111122223333:secret:other"), "api: secret SIGNING_KEY"),
    "another key of it": (put(of("ExternalSecret", "api"), "spec", "data", 0, "remoteRef", "property", value="salt"), "api: secret SIGNING_KEY"),
    "a secret that is plain": (container("env", 2, value={"name": "SIGNING_KEY", "value": "x"}), "api: secret keys"),
    "a connection less": (put(THEIRS, "spec", "egress", 0), "mail_worker: connections"),
    "a connection more": (more(MORE), "mail_worker: connections"),
    "a service less": (without(WORKER), "services"),
    "a container more": (pod("containers", value=[{"name": name, "image": "x:1"} for name in ("api", "proxy")]), "api: containers"),
}


def changed(place, file, text, instead):
    """A copy of the sample with one text replaced; without a text the file goes."""
    folder = Path(place) / "shop" / "helm"
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(SAMPLE / "helm", folder)
    if text is None:
        (folder / file).unlink()
    else:
        whole = (folder / file).read_text()
        if text not in whole:
            raise ValueError(f"{file} of the sample does not have: {text}")
        (folder / file).write_text(whole.replace(text, instead, 1))
    return render.Chart(folder)


def broken_charts(session, report, place):
    for what, (file, text, instead, step, says) in CHARTS.items():
        chart, found = changed(place, file, text, instead), ("", [])
        for name, problems, _ in charts.judge(session, chart):
            found = name, list(problems)
            if found[1]:
                break
        right = step in found[0] and any(says in str(problem) for problem in found[1])
        report.check(f"refused: {what}", [] if right else [f"wanted `{step}` to say `{says}`; `{found[0]}` said {found[1] or 'nothing'}"])
    for what, (text, instead, case, says) in REFUSALS.items():
        chart = changed(place, "values.schema.json", text, instead)
        _, _, problems = refusals.problems(session, chart, ENVIRONMENT, {}, case)
        report.check(f"seen: {what}", [] if any(says in problem for problem in problems) else [f"wanted: {says}", *problems])


def broken_manifests(report, kind, cases, documents, judge):
    report.check(f"the sample's {kind}: nothing is wrong", judge(documents))
    for what, (change, says) in cases.items():
        wrong = copy.deepcopy(documents)
        change(wrong)
        problems = [str(problem) for problem in judge(wrong)]
        report.check(f"{kind}, found and named: {what}", [] if any(says in problem for problem in problems) else [f"wanted: {says}", *problems])


def run(report):
    wrong = binary.version("/bin/echo")
    report.check("what is no helm is not taken for one", [] if wrong not in (helm.version for helm in binary.HELMS) else ["taken"])
    template = json.loads((SAMPLE / ENVIRONMENT / "cloudformation" / "template.json").read_text())
    rows = [json.loads(line) for line in (SAMPLE / ENVIRONMENT / "reach.jsonl").read_text().splitlines()]
    stack, chart, documents = Stack(template), render.Chart(SAMPLE / "helm"), []
    with render.Session() as session, tempfile.TemporaryDirectory(prefix="archgen-helm-verify-") as place:
        for what, problems, rendered in charts.judge(session, chart):
            report.check(f"the sample chart: {what}", problems)
            documents = rendered[1] if rendered and rendered[0] else documents
        broken_charts(session, report, place)
    values = chart.all_values(ENVIRONMENT)
    broken_manifests(report, "manifests", MANIFESTS, documents, lambda found: list(manifests.problems(found)))
    broken_manifests(report, "references", REFERENCES, documents, lambda found: list(references.problems(found)))
    broken_manifests(report, "pods", PODS, documents, lambda found: list(pods.problems(found)))
    broken_manifests(report, "flows", FLOWS, documents, lambda found: flows.compare(found, stack, rows).problems)
    broken_manifests(report, "services", SERVICES, documents, lambda found: services.problems(services.compare(stack, found, values)))
    table = list(services.compare(stack, documents, values))
    report.check("the table has all forms", [form for form, write in services.FORMS.items() if "SIGNING_KEY" not in write(table)])
    said(report, stack, rows, documents)
    treetest.run(report)


def said(report, stack, rows, documents):
    """What archgen says decides, too: another answer is another result."""
    for number, row in enumerate(rows):
        if not row["via"] or row["via"] == ["edge"] or row["from"] == "internet":
            continue                                     # chains, and what does not concern the chart
        other = [*rows[:number], row | {"ports": "9"}, *rows[number + 1:]]
        report.check(f"another answer of archgen is noticed: {row['from']} -> {row['to']}", [] if flows.compare(documents, stack, other).problems else ["accepted"])
    both = [*rows, {"from": "mail_worker", "to": "cache", "protocol": "tcp", "ports": "5432", "family": "ipv4", "reachable": "yes", "via": ["local"]}]
    problems = flows.compare(documents, stack, both).problems
    report.check("what stands nowhere is not guessed", [] if any("in which subnets cache" in problem for problem in problems) else problems or ["accepted"])
