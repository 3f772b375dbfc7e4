"""Who reaches whom by the NetworkPolicies in manifests: Pods' labels and ports, selectors, blocks of addresses.

A pod that no policy selects for a direction sends or takes everything; one that is selected only what one of these policies
lists, https://kubernetes.io/docs/concepts/services-networking/network-policies/. What gets from pod to pod is what the
policies of both let through. Packets are told apart by protocol and port as far as some policy or row does.
"""

from collections import namedtuple
from ipaddress import ip_address, ip_network

from helm import pods, references
from helm.render import NAMESPACE

PROTOCOLS, TOP = ("tcp", "udp", "other"), 65535          # `other` has no ports; of these NetworkPolicies name SCTP only
# an outsider has an address and no labels, a pod has labels and perhaps an address
Place = namedtuple("Place", "name namespace labels ports address")


class Packets:
    """Classes of packets that nothing at hand tells apart: (protocol, lowest, highest port)."""

    def __init__(self, spans):
        self.classes = {"other": [("other", 0, TOP)]}
        for protocol in ("tcp", "udp"):
            cuts = sorted({0, TOP + 1} | {edge for p, low, high in spans if p == protocol for edge in (low, high + 1)})
            self.classes[protocol] = [(protocol, low, high - 1) for low, high in zip(cuts, cuts[1:])]
        self.all = frozenset(one for found in self.classes.values() for one in found)

    def of(self, protocol, low=0, high=TOP):
        found = frozenset(one for one in self.classes[protocol] if low <= one[1] and one[2] <= high)
        if sum(one[2] - one[1] + 1 for one in found) != high - low + 1:
            raise ValueError(f"{protocol} {low}-{high} is not told apart")
        return found


def words(packets):
    """Packets, for people."""
    ranges = []
    for protocol, low, high in sorted(packets):
        if ranges and ranges[-1][0] == protocol and ranges[-1][2] == low - 1:
            ranges[-1] = (protocol, ranges[-1][1], high)
        else:
            ranges.append((protocol, low, high))
    if {one[0] for one in ranges} == set(PROTOCOLS) and all((low, high) == (0, TOP) for _, low, high in ranges):
        return "everything"
    spelled = [protocol if (low, high) == (0, TOP) else f"{protocol} {low}" if low == high else f"{protocol} {low}-{high}" for protocol, low, high in ranges]
    return ", ".join(spelled) or "nothing"


def place(pod, address=None):
    own = [(port.get("name"), port.get("protocol", "TCP").lower(), port["containerPort"]) for port in references.ports(pod)]
    return Place(pod.owner, pod.document["metadata"].get("namespace", NAMESPACE), pod.labels, own, address)


def outsider(address):
    return Place(str(address), None, None, [], address)


class Policies:
    def __init__(self, documents, spans=()):
        self.policies = [document for document in documents if document["kind"] == "NetworkPolicy"]
        self.found = list(pods.of(documents))
        ports = [(p.get("protocol", "TCP").lower(), p["port"], p.get("endPort", p["port"])) for rule in self._rules() for p in rule.get("ports") or [] if isinstance(p.get("port"), int)]
        ports += [(protocol, number, number) for pod in self.found for _, protocol, number in place(pod).ports]
        self.packets = Packets([*ports, *spans])

    def _rules(self):
        for policy in self.policies:
            for word in ("ingress", "egress"):
                yield from policy["spec"].get(word) or []

    def blocks(self):
        """Every block of addresses that some policy names."""
        for rule in self._rules():
            for peer in [*(rule.get("from") or []), *(rule.get("to") or [])]:
                if "ipBlock" in peer:
                    yield from map(ip_network, [peer["ipBlock"]["cidr"], *(peer["ipBlock"].get("except") or [])])

    def lets(self, direction, pod, other):
        """Packets that the policies of a pod let it send (`egress`) or take (`ingress`)."""
        mine = []
        for policy in self.policies:
            spec = policy["spec"]
            types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
            if direction.capitalize() in types and policy["metadata"].get("namespace", NAMESPACE) == pod.namespace and references.matches(spec["podSelector"], pod.labels):
                mine.append(policy)
        if not mine:
            return self.packets.all
        found = frozenset()
        for policy in mine:
            for rule in policy["spec"].get(direction) or []:
                peers = rule.get("from" if direction == "ingress" else "to") or []
                if not peers or any(_is(peer, other, policy) for peer in peers):
                    found |= self._ports(rule.get("ports") or [], pod if direction == "ingress" else other)
        return found

    def _ports(self, listed, target):
        if not listed:
            return self.packets.all
        found = frozenset()
        for one in listed:
            protocol, port = one.get("protocol", "TCP").lower(), one.get("port")
            if protocol not in ("tcp", "udp"):
                continue                                 # SCTP: no declaration has it
            if port is None:
                found |= self.packets.of(protocol)
            elif isinstance(port, str):
                for name, its, number in target.ports:
                    if (name, its) == (port, protocol):
                        found |= self.packets.of(protocol, number, number)
            else:
                found |= self.packets.of(protocol, port, one.get("endPort", port))
        return found

    def through(self, one, other):
        return self.lets("egress", one, other) & self.lets("ingress", other, one)


def _is(peer, other, policy):
    if "ipBlock" in peer:
        if other.address is None:
            return False
        blocks = [ip_network(peer["ipBlock"]["cidr"]), *map(ip_network, peer["ipBlock"].get("except") or [])]
        inside = [ip_address(other.address) in block for block in blocks]
        return inside[0] and not any(inside[1:])
    if other.labels is None:
        return False
    if "namespaceSelector" in peer:
        if not references.matches(peer["namespaceSelector"], {"kubernetes.io/metadata.name": other.namespace}):
            return False
    elif other.namespace != policy["metadata"].get("namespace", NAMESPACE):
        return False
    return references.matches(peer.get("podSelector"), other.labels)
