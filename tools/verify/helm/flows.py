"""What NetworkPolicies let through, against what `archgen reach --all` says.

* From service to service exactly, wherever their pods stand: in the subnets of the ECS services or outside the VPC.
* Between a service and what stands in subnets (a store, a load balancer, an endpoint): at each address of these subnets
  exactly on the ports on which anybody reaches it. Policies know addresses only: where others in the same subnets are
  reached on the same port, that is counted and no failure.
* To and from the internet exactly, at public addresses. A block that is wider, as 0.0.0.0/0, may hold private addresses.
* Nothing else: no other address, no pod that is not of the release, whatever its labels; but what every pod of a cluster may
  have: its DNS, which has to be let through, and the agent of EKS Pod Identity on each node, which may be.
* Where archgen does not know, policies may do either.
* A pod that comes and goes (a Job, a test) gets no more than the service whose label it has.
"""

import json
import subprocess
from collections import namedtuple
from ipaddress import ip_address, ip_network

from helm import pods
from helm.policies import Place, Policies, outsider, place, words
from helm.render import NAMESPACE
from helm.stack import CannotRead
from relation import GLOBAL, NOT_PUBLIC

NAME, INSTANCE = "app.kubernetes.io/name", "app.kubernetes.io/instance"
FAMILIES = {"ipv4": 4, "ipv6": 6}
DNS = Place("the cluster's DNS", "kube-system", {"k8s-app": "kube-dns"}, [("dns", "udp", 53), ("dns-tcp", "tcp", 53)], None)
# https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html
AGENT = {"169.254.170.23", "fd00:ec2::23"}
CLUSTER = (("udp", 53, 53), ("tcp", 53, 53), ("tcp", 80, 80))
Outcome = namedtuple("Outcome", "pairs alike problems")


def listed(archgen, name, environment, template):
    """Rows of the relation: what was written down of it, or of the architecture where the binary has it, else of its template."""
    written = template.parent.parent / "reach.jsonl"
    if written.exists():
        return [json.loads(line) for line in written.read_text().splitlines() if line.strip()]
    names = subprocess.run([archgen, "list", "--format", "names"], capture_output=True, text=True).stdout.split()
    what = [name, "--env", environment, "--no-lock"] if name in names else [str(template)]
    command = [archgen, "reach", *what, "--all", "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if run.returncode:
        raise CannotRead(f"{' '.join(command)} ended with {run.returncode}: {run.stdout[-500:]}{run.stderr[-500:]}")
    return [json.loads(line) for line in run.stdout.splitlines() if line.strip()]


def direct(rows, stack):
    """Rows without those of chains through a load balancer and of distributions, which stand in no VPC, with the names of
    declarations."""
    names = {logical: stack.declaration(logical) or logical for logical in stack.resources}
    ends = {row[side] for row in rows for side in ("from", "to")}
    outside = set(stack.of("AWS::CloudFront::Distribution"))
    outside |= {names[logical] for logical in outside}
    for row in rows:
        if not ends & set(row["via"]) and not outside & {row["from"], row["to"]}:
            yield row | {side: names.get(row[side], row[side]) for side in ("from", "to")}


def spans(rows, answer):
    """(row, protocol, low, high) of what the rows let through; what is neither TCP nor UDP is no matter of NetworkPolicies."""
    for row in rows:
        if row["reachable"] != answer:
            continue
        if row["protocol"] == "all":
            yield from ((row, protocol, 0, 65535) for protocol in ("tcp", "udp", "other"))
        elif row["protocol"] in ("tcp", "udp"):
            for one in row["ports"].replace(" ", "").split(","):
                low, _, high = ("0-65535" if one == "all" else one).partition("-")
                yield row, row["protocol"], int(low), int(high or low)


def addresses(networks, version):
    """The first address of every range that some network tells apart."""
    edges = {0}
    for network in networks:
        if network.version == version:
            edges |= {int(network.network_address), int(network.broadcast_address) + 1}
    kind = type(ip_address("::" if version == 6 else "0.0.0.0"))
    return [kind(edge) for edge in sorted(edges) if edge < 2 ** kind(0).max_prefixlen]


class Comparison:
    """`workloads` are the services of a tree of charts, with the name that their pods are labelled with, by declaration: they
    stand where the nodes of the cluster stand, and whatever runs in other namespaces is the cluster's own endpoint."""

    def __init__(self, documents, stack, rows, workloads=None, homes=None):
        rows = list(direct(rows, stack))
        answers = {answer: list(spans(rows, answer)) for answer in ("yes", "unknown")}
        self.policies = Policies(documents, [*CLUSTER, *(span[1:] for found in answers.values() for span in found)])
        self.model, self.open = {}, {}
        for answer, into in (("yes", self.model), ("unknown", self.open)):
            for row, protocol, low, high in answers[answer]:
                key = (row["from"], row["to"], row["family"])
                into[key] = into.get(key, frozenset()) | self.policies.packets.of(protocol, low, high)
        self.labels = {name: name.replace("_", "-").replace(".", "-") for name in stack.services()} if workloads is None else workloads
        # the namespace and the label, where tenants have releases of their own
        self.homes = homes
        self.labels |= {name: label for name, (_, label) in (homes or {}).items()}
        self.services = dict.fromkeys(self.labels)
        self.networks, self.vpcs = stack.places(), stack.vpcs()
        self.clusters = {stack.declaration(logical) for logical in stack.of("AWS::EKS::Cluster")} if workloads else set()
        self.networks |= {f"{name}.api": self.networks.get(name, set()) for name in self.clusters}   # the control plane has interfaces there
        for name in self.services if workloads else ():
            self.networks[name] = set().union(*(self.networks.get(cluster, ()) for cluster in self.clusters))
        self.ends = sorted({row[side] for row in rows for side in ("from", "to")} - set(self.services))
        self.nowhere = [end for end in self.ends if end != "internet" and end not in self.networks]   # behind a peering, for one
        self.families = sorted({row["family"] for row in rows})
        self.problems, self.alike, self.pairs = {}, set(), 0

    def said(self, one, other, family):
        return self.model.get((one, other, family), frozenset())

    def may(self, one, other, family):
        return self.said(one, other, family) | self.open.get((one, other, family), frozenset())

    def wrong(self, text):
        self.problems.setdefault(text)

    def run(self):
        self.others = self._pods()
        for name, pod in self.services.items():
            if pod is None:
                self.wrong(f"{name}: there is no Deployment whose pods have the label {NAME}: {self.labels[name]}")
        have = {name: pod for name, pod in self.services.items() if pod is not None}
        for end in self.ends:
            if end != "internet" and end not in self.networks and any(end in pair for pair in self.model):
                self.wrong(f"cannot tell in which subnets {end} stands")
        for one, pod in have.items():
            for other, its in have.items():
                self._services(one, pod, other, its)
            self._strangers(one, place(pod), have.values())
            for family in self.families:
                self._outside(one, place(pod), family)
        for pod in self.others:
            self._passing(place(pod), pod, have)
        return Outcome(self.pairs, len(self.alike), list(self.problems))

    def _pods(self):
        others, by_label = [], {(self.homes[name][0] if self.homes else None, label): name for name, label in self.labels.items()}
        for pod in self.policies.found:
            name = by_label.get((pod.document["metadata"].get("namespace") if self.homes else None, pod.labels.get(NAME)))
            if pod.kind not in pods.WORKLOADS:
                others.append(pod)
            elif name is None or self.services[name] is not None:
                self.wrong(f"{pod.owner}: its pods belong to no service of their own ({NAME}: {pod.labels.get(NAME)})")
            else:
                self.services[name] = pod
        return others

    def _services(self, one, pod, other, its):
        self.pairs += 1
        wanted = frozenset().union(*(self.said(one, other, family) for family in self.families))
        most = frozenset().union(*(self.may(one, other, family) for family in self.families))
        inside = [next((str(network[10]) for network in sorted(self.networks.get(name, ()), key=str) if network.version == 4), None) for name in (one, other)]
        for first, second in (inside, ("198.18.0.10", "198.18.0.11")):
            got = self.policies.through(place(pod, first), place(its, second))
            if not wanted <= got <= most:
                self.wrong(f"{one} -> {other}: archgen says {words(wanted)}, the policies let through {words(got)}")

    def _strangers(self, name, pod, own):
        dns = frozenset().union(*(self.policies.packets.of(*span) for span in CLUSTER[:2]))
        sent, taken = (self._cluster(pair) for pair in ((name, None), (None, name)))
        if not dns <= (got := self.policies.lets("egress", pod, DNS)) <= dns | sent:
            self.wrong(f"{name} -> {DNS.name}: not tcp 53, udp 53 but {words(got)}")
        if (got := self.policies.lets("ingress", pod, DNS)) - taken:
            self.wrong(f"{DNS.name} -> {name}: {words(got)}")
        strangers = [Place("another pod of the namespace", pod.namespace, {}, [], None), Place("another pod of kube-system", "kube-system", {"k8s-app": "other"}, [], None),
                     Place("a pod elsewhere with the labels of DNS", "elsewhere", DNS.labels, DNS.ports, None)]
        for theirs in map(place, own):
            # in a tree every service is a release of its own, and its name in the namespace is what others know it by
            strangers += [] if self.clusters else [theirs._replace(name=f"a pod of another release with the name of {theirs.name}", labels=theirs.labels | {INSTANCE: "another"})]
            strangers += [theirs._replace(name=f"a pod in another namespace with the labels of {theirs.name}", namespace="elsewhere")]
        for stranger in strangers:
            for direction, text in (("egress", f"{name} -> {stranger.name}"), ("ingress", f"{stranger.name} -> {name}")):
                elsewhere = stranger.namespace not in {theirs.namespace for theirs in map(place, own)}
                allowed = (sent if direction == "egress" else taken) if elsewhere else frozenset()
                if (got := self.policies.lets(direction, pod, stranger)) - allowed:
                    self.wrong(f"{text}: {words(got)}")

    def _cluster(self, pair):
        """What a service sends the other pods of its cluster, or takes from them."""
        ends = [tuple(cluster if end is None else end for end in pair) for cluster in self.clusters]
        return frozenset().union(*(self.may(*end, family) for end in ends for family in self.families))

    def _outside(self, name, pod, family):
        version = FAMILIES[family]
        self.pairs += 2 * len(self.ends)
        networks = {*map(ip_network, AGENT), *self.policies.blocks(), *self.vpcs, *NOT_PUBLIC, *GLOBAL.values(), *(n for found in self.networks.values() for n in found)}
        for address in addresses(networks, version):
            here = [end for end in self.ends if any(address in network for network in self.networks.get(end, ()) if network.version == version)]
            public = address in GLOBAL[family] and not any(address in network for network in [*NOT_PUBLIC, *self.vpcs] if network.version == version)
            here += ["internet"] if public and "internet" in self.ends else []
            for direction in ("egress", "ingress"):
                got = self.policies.lets(direction, pod, outsider(address))
                most = {end: self.may(*((name, end) if direction == "egress" else (end, name)), family) for end in [*here, "internet", *self.nowhere]}
                for end in here:
                    pair = (name, end) if direction == "egress" else (end, name)
                    # one of the cluster's own pods there, in a namespace of its own
                    own = Place(end, "elsewhere", {}, [], str(address))
                    self._end(pair, self.policies.lets(direction, pod, own) if end in self.clusters else got, most, end, here, family)
                rest = got.difference(*most.values())
                if str(address) in AGENT and direction == "egress":
                    rest -= self.policies.packets.of("tcp", 80, 80)
                if rest:
                    text = f"{name} -> {address}" if direction == "egress" else f"{address} -> {name}"
                    self.wrong(f"{text} and on ({', '.join(here) or 'nothing that is declared'}): the policies let through {words(rest)}, archgen says of nothing there that it should")

    def _end(self, pair, got, most, end, here, family):
        text, said = " -> ".join(pair), self.said(*pair, family)
        if missing := said - got:
            self.wrong(f"{text}: archgen says {words(said)}, the policies do not let through {words(missing)}")
        listens = frozenset().union(*(packets for (_, to, its), packets in self.model.items() if to == pair[1] and its == family))
        more = (got & listens) - most[end]
        others = frozenset().union(*(most[other] for other in here if other != end))
        if more & others:
            self.alike.add((pair, more & others))
        if more - others:
            self.wrong(f"{text}: archgen says {words(said)}, the policies let through {words(more - others)} too")

    def _passing(self, pod, document, have):
        """A pod of a hook."""
        service = next((place(its) for name, its in have.items() if self.labels[name] == pod.labels.get(NAME) and (not self.homes or self.homes[name][0] == pod.namespace)), None)
        known = [place(its) for its in have.values()]
        outside = [outsider(address) for version in FAMILIES.values() for address in addresses({*self.policies.blocks(), *self.vpcs, *map(ip_network, AGENT)}, version) if str(address) not in AGENT]
        for direction in ("egress", "ingress"):
            for other in [*known, *outside, DNS]:
                got = self.policies.lets(direction, pod, other)
                allowed = self.policies.lets(direction, service, other) if service else self.policies.lets(direction, known[0], DNS) if other is DNS else frozenset()
                if got - allowed:
                    self.wrong(f"{pod.name} and {other.name}, {direction}: {words(got - allowed)}, which {'its service has not' if service else 'nobody declared'}")


def compare(documents, stack, rows, workloads=None, homes=None):
    return Comparison(documents, stack, rows, workloads, homes).run()
