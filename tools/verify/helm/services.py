"""What ECS is told of each service in the CloudFormation template, and what Kubernetes is told in the rendered chart."""

import json
import re
from collections import namedtuple
from decimal import Decimal

from helm import pods, refusals
from helm.flows import NAME
from helm.policies import Policies, outsider, place, words
from helm.render import NAMESPACE, load, merged
from helm.stack import CannotRead, references

Row = namedtuple("Row", "service fact ecs kubernetes")
PSEUDO = {"AWS::AccountId": r"\d{12}", "AWS::Region": r"[a-z]{2}(-[a-z]+)+-\d", "AWS::URLSuffix": r"amazonaws\.com(\.cn)?", "AWS::Partition": r"aws[a-z-]*"}
METRICS = {"ECSServiceAverageCPUUtilization": "cpu", "ECSServiceAverageMemoryUtilization": "memory", "ALBRequestCountPerTarget": "requests per target"}
# the end of an attribute's name, and what a value that is fed from it may be called
CALLED = {"Address": ("endpoint", "host", "address"), "Port": ("port",), "Arn": ("arn",), "SecretArn": ("arn", "secret"), "DNSName": ("endpoint", "host", "dnsname"), "Name": ("name",)}


def plain(name):
    return re.sub(r"[^a-z0-9]", "", str(name).lower())


def parts(value):
    """A value as texts, and as (resource, attribute) where only AWS knows."""
    if isinstance(value, dict) and set(value) == {"Fn::Join"}:
        separator, listed = value["Fn::Join"]
        for number, one in enumerate(listed):
            yield from [separator] * bool(number and separator)
            yield from parts(one)
    elif isinstance(value, dict) and set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
        for number, one in enumerate(re.split(r"\$\{([^!}]+)\}", value["Fn::Sub"])):
            if number % 2:
                yield tuple(one.split(".", 1)) if "." in one else (one, None)
            elif one:
                yield one
    elif isinstance(value, dict):
        found = list(references(value))
        if len(found) != 1 or set(value) - {"Ref", "Fn::GetAtt"}:
            raise CannotRead(f"{json.dumps(value)} is not understood")
        yield found[0]
    else:
        yield str(value)


class Values:
    """Which of a chart's values stands behind a text in a manifest."""

    def __init__(self, values, stack):
        self.stack, self.values = stack, values
        self.paths = {}
        for path, value in refusals.leaves(values):
            if isinstance(value, (str, int, float)) and not isinstance(value, bool):
                self.paths.setdefault(str(value), []).append(path)
        self.parameters = {plain(key): str(value) for key, value in (values.get("parameters") or {}).items()}
        tenant, shared = values.get("tenant") or {}, values.get("shared") or {}
        # what is a tenant's own is called alike in the values of each
        self.own = f"{tenant.get('pool')}.{tenant.get('key')}.", f"{tenant.get('pool')}.tenant."
        self.namespaces = [shared["namespace"]] if shared else []
        self.suffixes = [s for n in stack.of("AWS::ServiceDiscovery::PrivateDnsNamespace") if isinstance(s := stack.properties(n).get("Name"), str)]

    def fed(self, text, logical, attribute):
        """Is it the value that a person fills in from this resource?"""
        wanted, last = plain((self.stack.declaration(logical) or logical).replace(*self.own)), (attribute or "").rpartition(".")[2]
        for path in self.paths.get(text, []):
            if wanted in map(plain, path) and any(word in plain(path[-1]) for word in CALLED.get(last, ("",))):
                return True
        return False

    def same(self, value, text):
        """Does a chart's text say what a template's value says?"""
        pattern, behind = "", []
        for part in parts(value):
            if isinstance(part, str):
                pattern += re.escape(part)
            elif part[0] in PSEUDO:
                pattern += f"(?:{PSEUDO[part[0]]})"
            elif part[0] in self.stack.parameters:
                default = self.stack.parameters[part[0]].get("Default", "")
                pattern += re.escape(self.parameters.get(plain(part[0]), str(default)))
            else:
                pattern += "(.+)"
                behind.append(part)
        match = re.fullmatch(pattern, text)
        if match and all(self.fed(found, *part) for found, part in zip(match.groups(), behind)):
            return True
        return not behind and self.local("".join(p for p in parts(value) if isinstance(p, str))) == self.local(text)

    def local(self, text):
        """Names of services, without what discovery on either side appends."""
        for suffix in (*self.suffixes, *self.namespaces, f"{NAMESPACE}.svc.cluster.local", f"{NAMESPACE}.svc", NAMESPACE):
            text = re.sub(rf"(?<=[a-z0-9])\.{re.escape(suffix)}(?![a-z0-9.-])", "", text)
        return text


def told_apart(chart, environment):
    """Values over those of ci/values.yaml that are all different, as far as the schema takes them: so that a manifest shows which one it has."""
    validator = refusals.jsonschema.Draft7Validator(refusals.read(chart.folder))
    values, layer = chart.all_values(environment), {}
    given = load(chart.given.read_text()) or {} if chart.given.exists() else {}
    for number, (path, value) in enumerate(refusals.leaves(given)):
        if isinstance(value, str) and path[0] == "stores":
            for other in (f"{value}{number}", f"{value[:-2]}{number:02}", f"n{number}.{value}", f"n{number}{value}"):
                if validator.is_valid(merged(values, layer, refusals.at(path, other))):
                    layer = merged(layer, refusals.at(path, other))
                    break
    return layer


def shown(value):
    return "".join(p if isinstance(p, str) else "${" + ".".join(filter(None, p)) + "}" for p in parts(value))


def cpu(quantity):
    text = str(quantity)
    return Decimal(text[:-1]) / 1000 if text.endswith("m") else Decimal(text)


def memory(quantity):
    """MiB."""
    units = {"Ki": Decimal(1) / 1024, "Mi": 1, "Gi": 1024, "Ti": 1024 ** 2}
    text = str(quantity)
    return Decimal(text[:-2]) * units[text[-2:]] if text[-2:] in units else Decimal(text) / 1024 ** 2


def number(value):
    return format(Decimal(str(value)).normalize(), "f")


def total(containers, kind, part, read):
    return sum(read((c.get("resources") or {}).get(part, {}).get(kind, 0)) for c in containers)


def scaling(stack, service):
    """(replicas, targets) of ECS."""
    target = next((logical for logical in stack.of("AWS::ApplicationAutoScaling::ScalableTarget") if any(name == service for name, _ in references(stack.properties(logical)["ResourceId"]))), None)
    if target is None:
        return str(stack.properties(service).get("DesiredCount", 1)), ""
    own, targets = stack.properties(target), []
    for logical in stack.of("AWS::ApplicationAutoScaling::ScalingPolicy"):
        properties = stack.properties(logical)
        if any(name == target for name, _ in references(properties["ScalingTargetId"])):
            tracking = properties.get("TargetTrackingScalingPolicyConfiguration", {})
            metric = tracking.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
            if metric not in METRICS:                    # one of CloudWatch: its policy is called after what it follows
                metric = plain(properties["PolicyName"].rpartition(f"{stack.declaration(service).replace('_', '-').replace('.', '-')}-")[2])
            targets.append(f"{METRICS.get(metric, metric)} {number(tracking.get('TargetValue', 0))}")
    return f"{own['MinCapacity']}-{own['MaxCapacity']}", ", ".join(sorted(targets))


def autoscaler(documents, workload, called):
    """(replicas, targets) of Kubernetes. Metrics from elsewhere are called after the service in AWS."""
    for document in documents:
        if document["kind"] == "HorizontalPodAutoscaler" and document["metadata"].get("namespace") == workload["metadata"].get("namespace") and document["spec"]["scaleTargetRef"]["name"] == workload["metadata"]["name"]:
            spec, targets = document["spec"], []
            for metric in spec.get("metrics") or []:
                if metric["type"] == "Resource":
                    targets.append(f"{metric['resource']['name']} {metric['resource']['target'].get('averageUtilization')}")
                else:
                    body = metric[metric["type"][0].lower() + metric["type"][1:]]
                    name = plain(body["metric"]["name"].rpartition(f"{called}-")[2])
                    name = "requests per target" if name == "requestspertarget" else name
                    targets.append(f"{name} {number(body['target'].get('averageValue') or body['target'].get('value'))}")
            for key, value in (document["metadata"].get("annotations") or {}).items():
                if key.endswith("/requests-per-target"):  # Kubernetes has no such metric of its own
                    targets.append(f"requests per target {value}")
            return f"{spec['minReplicas']}-{spec['maxReplicas']}", ", ".join(sorted(targets))
    return str(workload["spec"].get("replicas", 1)), ""


class Secrets:
    """Where each key of each Secret comes from."""

    def __init__(self, documents, values):
        self.values, self.from_where = values, {}
        for document in documents:
            if document["kind"] == "ExternalSecret":
                name = (document["spec"].get("target") or {}).get("name") or document["metadata"]["name"]
                for data in document["spec"].get("data") or []:
                    self.from_where[name, data["secretKey"]] = data["remoteRef"]

    def told(self, stack, reference, value_from):
        """Both sides of one secret: declaration and the key in it."""
        found = list(parts(value_from))
        logical, attribute = next(part for part in found if not isinstance(part, str))
        keys = "".join(part for part in found if isinstance(part, str)).strip(":").split(":")
        ecs = f"{stack.declaration(logical) or logical}{':' + keys[0] if keys[0] else ''}"
        if logical in stack.parameters:
            own = self.values.parameters.get(plain(logical))
            attribute = None
        remote = self.from_where.get((reference["name"], reference["key"])) if reference else None
        if remote is None:
            return ecs, "comes from nowhere"
        told = remote["key"]
        same = told == own if logical in stack.parameters else self.values.fed(told, logical, attribute) or plain(stack.declaration(logical)) in plain(told)
        property_ = f":{remote['property']}" if remote.get("property") else ""
        return ecs, f"{stack.declaration(logical) or logical}{property_}" if same else f"{told}{property_}"


def container_rows(stack, values, secrets, maps, ours, theirs):
    image = theirs["image"]
    yield "image", image if values.same(ours["Image"], image) else shown(ours["Image"]), image
    yield ("ports", ", ".join(sorted(f"{m['ContainerPort']}/{m.get('Protocol', 'tcp')}" for m in ours.get("PortMappings", []))),
           ", ".join(sorted(f"{p['containerPort']}/{p.get('protocol', 'TCP').lower()}" for p in theirs.get("ports") or [])))
    wanted = {one["Name"]: one["Value"] for one in ours.get("Environment", [])}
    entries = {one["name"]: one for one in theirs.get("env") or []}
    for source in theirs.get("envFrom") or []:
        entries |= {key: {"value": value} for key, value in maps.get((source.get("configMapRef") or {}).get("name"), {}).items()}
    for one in entries.values():
        reference = (one.get("valueFrom") or {}).get("configMapKeyRef")
        if reference:
            one["value"] = maps.get(reference["name"], {}).get(reference["key"], "")
    plainly = {name: one.get("value", "") for name, one in entries.items() if "secretKeyRef" not in (one.get("valueFrom") or {})}
    yield "environment keys", ", ".join(sorted(wanted)), ", ".join(sorted(plainly))
    for name in sorted(set(wanted) & set(plainly)):
        text = str(plainly[name])
        yield f"environment {name}", text if values.same(wanted[name], text) else shown(wanted[name]), text
    hidden = {one["Name"]: one["ValueFrom"] for one in ours.get("Secrets", [])}
    held = {name: one["valueFrom"]["secretKeyRef"] for name, one in entries.items() if name not in plainly}
    yield "secret keys", ", ".join(sorted(hidden)), ", ".join(sorted(held))
    for name in sorted(set(hidden) & set(held)):
        yield (f"secret {name}", *secrets.told(stack, held[name], hidden[name]))


class Connections:
    """What security groups connect, and what policies do."""

    def __init__(self, stack, documents, workloads):
        self.stack, self.workloads = stack, workloads
        self.places = stack.places()
        self.owners = {}                                 # of security groups
        for logical, resource in stack.resources.items():
            if not resource["Type"].startswith("AWS::EC2::SecurityGroup") and (name := stack.declaration(logical)):
                for group, attribute in references({k: v for k, v in stack.properties(logical).items() if k != "Tags"}):
                    if group in stack.of("AWS::EC2::SecurityGroup"):
                        self.owners.setdefault(group, set()).add(name)
        self.rules = {"egress": set(), "ingress": set()}
        for logical in stack.of("AWS::EC2::SecurityGroup"):
            for direction, word in (("egress", "SecurityGroupEgress"), ("ingress", "SecurityGroupIngress")):
                # a group that says nothing keeps AWS's rule that everything goes out
                for rule in stack.properties(logical).get(word, [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}] if direction == "egress" else []):
                    self._rule(direction, logical, rule)
        for direction, kind in (("egress", "AWS::EC2::SecurityGroupEgress"), ("ingress", "AWS::EC2::SecurityGroupIngress")):
            for logical in stack.of(kind):
                properties = stack.properties(logical)
                self._rule(direction, next(references(properties["GroupId"]))[0], properties)
        spans = [span for rules in self.rules.values() for _, _, span in rules]
        self.policies = Policies(documents, [s for s in spans if s[0] != "other"])

    def _rule(self, direction, group, rule):
        peer = rule.get("DestinationSecurityGroupId") or rule.get("SourceSecurityGroupId")
        others = self.owners.get(next(references(peer))[0], set()) if peer else {"internet"} if rule.get("CidrIp") == "0.0.0.0/0" else set()
        protocol = {"-1": "all"}.get(str(rule["IpProtocol"]), str(rule["IpProtocol"]))
        for protocol in ("tcp", "udp", "other") if protocol == "all" else (protocol,):
            whole = rule["IpProtocol"] in ("-1", -1) or rule.get("FromPort", -1) == -1
            span = (protocol, 0 if whole else int(rule["FromPort"]), 65535 if whole else int(rule["ToPort"]))
            if protocol in ("tcp", "udp", "other"):
                self.rules[direction] |= {(one, other, span) for one in self.owners.get(group, ()) for other in others}

    def declared(self):
        """{(from, to): packets} by security groups: both ends have to say it, the internet is one that does."""
        found = {}
        taken = {(other, one, span) for one, other, span in self.rules["ingress"]}
        for one, other, span in self.rules["egress"]:
            if other == "internet" and span[0] == "other":
                continue                                 # no NAT gateway passes it on
            if other == "internet" or (one, other, span) in taken:
                found[one, other] = found.get((one, other), frozenset()) | self.policies.packets.of(*span)
        return found

    def compare(self, name):
        """Both sides of a service's connections."""
        declared, mine = self.declared(), place(self.workloads[name])
        ends = {end for pair in declared for end in pair} | set(self.workloads)
        said, got = set(), set()
        for end in sorted(ends):
            for pair, direction in (((name, end), "egress"), ((end, name), "ingress")):
                text, packets = f"{'to' if direction == 'egress' else 'from'} {end}", declared.get(pair, frozenset())
                if direction == "ingress" and end == "internet":
                    continue
                let = self._let(pair, mine, direction, declared)
                said |= {f"{text} {words(packets)}"} if packets else set()
                got |= {f"{text} {words(let)}"} if let else set()
        return "; ".join(sorted(said)), "; ".join(sorted(got))

    def _let(self, pair, mine, direction, declared):
        end = pair[1] if direction == "egress" else pair[0]
        if end in self.workloads:
            return self.policies.through(*((mine, place(self.workloads[end])) if direction == "egress" else (place(self.workloads[end]), mine)))
        if end == "internet":
            return self.policies.lets(direction, mine, outsider("8.8.8.8"))
        networks = self.places.get(end, set())
        listens = frozenset().union(*(packets for (_, to), packets in declared.items() if to == pair[1]))
        let = frozenset()
        for network in networks:
            address = network[10] if network.num_addresses > 10 else network[0]
            # what is let through to others that stand there, on the same ports, cannot be told apart by address
            here = [other for other, found in self.places.items() if other != end and any(address in one for one in found if one.version == address.version)]
            alike = frozenset().union(*(declared.get((pair[0], other) if direction == "egress" else (other, pair[1]), frozenset()) for other in here))
            alike |= declared.get((pair[0], "internet"), frozenset()) if direction == "egress" else frozenset()
            let |= self.policies.lets(direction, mine, outsider(address)) & listens - (alike - declared.get(pair, frozenset()))
        return let


def found(stack, documents, homes):
    """The pods of services, each in its namespace, and what connects them."""
    lasting = {(pod.document["metadata"].get("namespace"), pod.labels.get(NAME)): pod for pod in pods.of(documents) if pod.kind in pods.WORKLOADS}
    return lasting, Connections(stack, documents, {name: lasting[home] for name, home in homes.items() if home in lasting})


def compare(stack, documents, all_values, homes=None, together=None):
    """Rows, in which both sides are equal when nothing is wrong: of one release, or of those of all tenants `together`."""
    values = Values(all_values, stack)
    secrets = Secrets(documents, values)
    maps = {d["metadata"]["name"]: d.get("data") or {} for d in documents if d["kind"] == "ConfigMap"}
    services = stack.services()
    homes = homes or {name: (None, name.replace("_", "-").replace(".", "-")) for name in services}
    lasting, connections = together or found(stack, documents, homes)
    here = {home: pod for home, pod in lasting.items() if home[0] in {namespace for namespace, _ in homes.values()}}
    workloads = {name: here[home] for name, home in homes.items() if home in here}
    yield Row("", "services", ", ".join(sorted(label for _, label in homes.values())), ", ".join(sorted(str(label) for _, label in here)))
    for name, pod in sorted(workloads.items()):
        task = stack.properties(next(references(stack.properties(services[name])["TaskDefinition"]))[0])
        # the container of a tenant's service is called after the tenant in AWS
        ours, theirs = {plain(homes[name][1] if plain(c["Name"]) == plain(name) else c["Name"]): c for c in task["ContainerDefinitions"]}, {plain(c["name"]): c for c in pod.spec["containers"]}
        yield Row(name, "containers", ", ".join(sorted(ours)), ", ".join(sorted(theirs)))
        for key in sorted(set(ours) & set(theirs)):
            yield from (Row(name, fact if len(ours) == 1 else f"{key}: {fact}", *both) for fact, *both in container_rows(stack, values, secrets, maps, ours[key], theirs[key]))
        units = Decimal(str(task.get("Cpu") or sum(int(c.get("Cpu", 0)) for c in ours.values())))
        size = Decimal(str(task.get("Memory") or sum(int(c.get("Memory", c.get("MemoryReservation", 0))) for c in ours.values())))
        yield Row(name, "vCPUs", number(round(units / 1024, 3)), number(total(theirs.values(), "cpu", "requests", cpu)))
        yield Row(name, "MiB", number(size), number(total(theirs.values(), "memory", "requests", memory)))
        yield Row(name, "MiB at most", number(size), number(total(theirs.values(), "memory", "limits", memory)))
        both = scaling(stack, services[name]), autoscaler(documents, pod.document, name.replace("_", "-").replace(".", "-"))
        yield Row(name, "replicas", both[0][0], both[1][0])
        yield Row(name, "scaling targets", both[0][1], both[1][1])
        yield Row(name, "connections", *connections.compare(name))


def problems(rows):
    return [f"{row.service or 'all'}: {row.fact}: ECS has `{row.ecs}`, Kubernetes `{row.kubernetes}`" for row in rows if row.ecs != row.kubernetes]


def human(rows):
    lines, before = [], None
    for row in rows:
        if row.service != before and row.service:
            lines.append(row.service)
        before = row.service
        lines.append(f"  {row.fact}: {row.ecs}" + ("" if row.ecs == row.kubernetes else f" <> {row.kubernetes}"))
    return "\n".join(lines)


def markdown(rows):
    lines = ["| service | fact | ECS | Kubernetes | equal |", "|---|---|---|---|---|"]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in (*row, "yes" if row.ecs == row.kubernetes else "**no**")) + " |" for row in rows]
    return "\n".join(lines)


def as_json(rows):
    return json.dumps([row._asdict() | {"equal": row.ecs == row.kubernetes} for row in rows], indent=2, ensure_ascii=False)


FORMS = {"human": human, "markdown": markdown, "json": as_json}
