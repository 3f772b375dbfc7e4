"""Mistakes in the policies of a tree of charts, each of which has to be found: two services of one cluster in two namespaces."""

import copy

from helm import flows, trees
from helm.stack import Stack

CLUSTER, PODS, STORE = "10.0.16.0/20", "platform", "10.0.4.0/24"


def named(name, kind, properties, **more):
    return {"Type": kind, "Properties": properties | {"Tags": [{"Key": "Name", "Value": f"shop-production/{name}"}]} | more}


STACK = Stack({"Resources": {
    "Vpc": named("network/vpc", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
    "Nodes": named("network/private/a/subnet", "AWS::EC2::Subnet", {"CidrBlock": CLUSTER}),
    "Data": named("network/data/a/subnet", "AWS::EC2::Subnet", {"CidrBlock": STORE}),
    "Cluster": named("platform/cluster", "AWS::EKS::Cluster", {"ResourcesVpcConfig": {"SubnetIds": [{"Ref": "Nodes"}]}}),
    "Cache": named("orders/replication_group", "AWS::ElastiCache::ReplicationGroup", {"SubnetIds": [{"Ref": "Data"}]}),
}})


def row(one, other, ports, answer="yes"):
    return {"from": one, "to": other, "protocol": "tcp", "ports": ports, "family": "ipv4", "reachable": answer, "via": ["local"] if answer == "yes" else []}


ROWS = [row("auth_svc", "ledger", "9000"), row("auth_svc", "orders", "6379"), row("ledger", "internet", "443"), row("ledger", PODS, "9443"), row(PODS, "orders", "6379"),
        row("ledger", "orders", "all", "no"), row("internet", "ledger", "all", "no"), row("platform.api", PODS, "443")]
WORKLOADS = {"auth_svc": "auth-svc", "ledger": "ledger-api"}
PRIVATE = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4"]


def meta(name, namespace):
    return {"name": name, "namespace": namespace}


def labels(name):
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": "verify"}


def deployment(name, namespace, port):
    container = {"name": name, "image": f"{name}:1", "ports": [{"name": f"tcp-{port}", "containerPort": port, "protocol": "TCP"}]}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta(name, namespace),
            "spec": {"selector": {"matchLabels": labels(name)}, "template": {"metadata": {"labels": labels(name)}, "spec": {"containers": [container]}}}}


def policy(name, namespace, selector=None, **spec):
    types = ["Ingress", "Egress"] if name != "allow-dns" else ["Egress"]
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": meta(name, namespace), "spec": {"podSelector": {"matchLabels": selector} if selector else {}, "policyTypes": types} | spec}


def only(peer, port):
    return [peer], [{"protocol": "TCP", "port": port}]


def to(peer, port):
    peers, ports = only(peer, port)
    return {"to": peers, "ports": ports}


def of(name, namespace):
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}, "podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}}


def space(namespace):
    dns = {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}, "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}],
           "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]}
    return [{"apiVersion": "v1", "kind": "Namespace", "metadata": meta(namespace, "kube-system")}, policy("default-deny", namespace), policy("allow-dns", namespace, egress=[dns])]


OTHERS = {"namespaceSelector": {"matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["office", "shop"]}]}}
INTERNET = {"ipBlock": {"cidr": "0.0.0.0/0", "except": PRIVATE}}
TREE = [*space("shop"), *space("office"), deployment("auth-svc", "shop", 8000), deployment("ledger-api", "office", 9000),
        policy("auth-svc", "shop", labels("auth-svc"), egress=[to(of("ledger-api", "office"), 9000), to({"ipBlock": {"cidr": STORE}}, 6379)]),
        policy("ledger-api", "office", labels("ledger-api"), ingress=[{"from": [of("auth-svc", "shop")], "ports": [{"protocol": "TCP", "port": 9000}]}],
               egress=[to(INTERNET, 443), to(OTHERS, 9443)])]


def spec(documents, kind, name):
    return next(d for d in documents if d["kind"] == kind and d["metadata"]["name"] == name)["spec"]


def egress(name, number, **more):
    return lambda documents: spec(documents, "NetworkPolicy", name)["egress"][number].update(more)


MISTAKES = {
    "another namespace": (egress("auth-svc", 0, to=[of("ledger-api", "shop")]), "auth_svc -> ledger"),
    "a port too many": (egress("auth-svc", 1, ports=[{"protocol": "TCP", "port": 6379}, {"protocol": "TCP", "port": 6380}]), "6380"),
    "nobody is admitted": (lambda documents: spec(documents, "NetworkPolicy", "ledger-api").pop("ingress"), "auth_svc -> ledger"),
    "everybody of a name, in any namespace": (lambda documents: spec(documents, "NetworkPolicy", "ledger-api")["ingress"][0]["from"][0].update(namespaceSelector={}), "a pod in another namespace"),
    "the cluster's pods cannot be reached": (lambda documents: spec(documents, "NetworkPolicy", "ledger-api")["egress"].pop(1), "ledger -> platform"),
    "the cluster's pods by the store's port": (egress("auth-svc", 1, to=[{"ipBlock": {"cidr": STORE}}, OTHERS]), "auth_svc -> "),
    "private addresses for the internet": (egress("ledger-api", 0, to=[{"ipBlock": {"cidr": "0.0.0.0/0"}}]), "ledger -> "),
    "no questions to DNS": (lambda documents: documents.remove(next(d for d in documents if d["metadata"] == meta("allow-dns", "shop"))), "the cluster's DNS"),
    "a service without policy": (lambda documents: documents.remove(next(d for d in documents if d["kind"] == "NetworkPolicy" and d["metadata"]["name"] == "auth-svc")), "auth_svc -> ledger"),
}


def run(report):
    compare = lambda documents: flows.compare(documents, STACK, ROWS, WORKLOADS).problems
    report.check("the sample tree: its policies are what archgen says", compare(TREE))
    report.check("the sample tree: every namespace denies", trees.restricted(TREE))
    for what, (change, says) in MISTAKES.items():
        wrong = copy.deepcopy(TREE)
        change(wrong)
        problems = [str(problem) for problem in compare(wrong)]
        report.check(f"a tree's policies, found and named: {what}", [] if any(says in problem for problem in problems) else [f"wanted: {says}", *problems])
    wrong = [document for document in TREE if document["metadata"] != meta("default-deny", "office")]
    report.check("a namespace that denies nothing is found", [] if any("ledger-api" in problem for problem in trees.restricted(wrong)) else ["accepted"])
    for number, one in enumerate(ROWS):
        if one["from"] not in WORKLOADS or one["reachable"] == "no":
            continue
        other = [*ROWS[:number], one | {"ports": "9"}, *ROWS[number + 1:]]
        report.check(f"another answer of archgen is noticed in a tree: {one['from']} -> {one['to']}", [] if flows.compare(TREE, STACK, other, WORKLOADS).problems else ["accepted"])
