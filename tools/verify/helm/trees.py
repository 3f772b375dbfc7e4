"""The charts of an architecture that are installed one by one: their policies together, as a cluster has them."""

import json

from helm import flows, render
from helm.stack import CannotRead, Stack

DECLARATION, HOME = "archgen/declaration", "archgen/namespace"


def of(folders):
    """Charts of trees, by the folder NAME/helm."""
    found = {}
    for chart in map(render.Chart, folders):
        if chart.folder != chart.root:
            found.setdefault(chart.root, []).append(chart)
    return found


def environments(tree):
    return sorted({name for chart in tree for name in chart.environments() if name})


def manifests(session, chart, environment):
    """What a chart renders to, each in the namespace that it is installed in."""
    home = chart.annotations.get(HOME, "kube-system")
    run = session.template(session.newest, chart.folder, chart.files(environment), namespace=home)
    if run.code:
        raise CannotRead(run.err)
    found = render.documents(run.out)
    for document in found:
        document["metadata"].setdefault("namespace", home)
    return found


def homes(documents, tree):
    """Every namespace that a service is installed in is one that the tree makes."""
    made = {document["metadata"]["name"] for document in documents if document["kind"] == "Namespace"}
    for chart in tree:
        if (home := chart.annotations.get(HOME)) and home not in made:
            yield f"{chart.called} is for the namespace {home}, and no chart makes it"


def restricted(documents):
    """Pods are in no namespace whose Pod Security Standard is looser than what they keep, and every one has a default deny."""
    denied = {d["metadata"]["namespace"] for d in documents if d["kind"] == "NetworkPolicy" and d["spec"]["podSelector"] == {} and set(d["spec"].get("policyTypes", ())) == {"Ingress", "Egress"}
              and not d["spec"].get("ingress") and not d["spec"].get("egress")}
    for document in documents:
        if document["kind"] == "Deployment" and document["metadata"]["namespace"] not in denied:
            yield f"{document['metadata']['name']}: nothing denies the pods of {document['metadata']['namespace']} what no policy admits"


def compared(session, report, root, tree, archgen):
    for environment in environments(tree):
        here = [chart for chart in tree if environment in chart.environments()]
        services = [chart for chart in here if DECLARATION in chart.annotations]
        try:
            documents = [document for chart in here for document in manifests(session, chart, environment)]
        except CannotRead as error:
            report.check(f"{root}: {environment}: the tree renders", [error])
            continue
        report.check(f"{root}: {environment}: the namespaces of {len(services)} services are made, and deny what is not admitted", [*homes(documents, services), *restricted(documents)])
        template = root.parent / environment / "cloudformation" / "template.json"
        if not services or not template.exists() or not (archgen or (root.parent / environment / "reach.jsonl").exists()):
            continue
        workloads = {chart.annotations[DECLARATION]: chart.called for chart in services}
        try:
            stack = Stack(json.loads(template.read_text()))
            outcome = flows.compare(documents, stack, flows.listed(archgen, root.parent.name, environment, template), workloads)
        except CannotRead as error:
            outcome = flows.Outcome(0, 0, [error])
        report.check(f"{root}: {environment}: network policies of the tree let through what archgen says "
                     f"({outcome.pairs} pairs{f', {outcome.alike} not told apart by address' if outcome.alike else ''})", outcome.problems)
