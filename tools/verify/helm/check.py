"""Every chart in folders DIR/NAME/helm and in the trees there, and what stands beside it in DIR/NAME/ENV."""

import json

from helm import charts, flows, render, services, trees
from helm.stack import CannotRead, Stack


def beside(chart, environment):
    return chart.root.parent / environment / "cloudformation" / "template.json"


def check(paths, report, archgen=None, only=None, form=None):
    found = [folder for folder in charts.find(paths) if only is None or render.Chart(folder).name == only]
    if not found:
        report.check("there are charts", [f"no NAME/helm/Chart.yaml in {', '.join(map(str, paths))}"])
        return
    with render.Session() as session:
        for folder in found:
            chart = render.Chart(folder)
            for what, problems, documents in charts.judge(session, chart):
                passed = report.check(f"{folder}: {what}", problems)
                if passed and documents and documents[0] and chart.folder == chart.root:
                    compared(session, report, chart, *documents, archgen, form)
        for root, tree in trees.of(found).items():
            trees.compared(session, report, root, tree, archgen)


def releases(session, chart, environment, stack, layered):
    """(chart, its documents, where its services are) of the release of all tenants and those of tenants, each in its namespace."""
    shared = chart.values["shared"]
    own = set(stack.of_tenants())
    everywhere = {name: (shared["namespace"], name.replace("_", "-").replace(".", "-")) for name in stack.services() if name not in own}
    listed = [(chart, shared["namespace"], shared["release"], everywhere)]
    for tenant in render.tenants(chart):
        if tenant.declaration in own:
            home = {tenant.declaration: (tenant.release, tenant.tenant["pool"].replace("_", "-"))}
            listed.append((tenant, tenant.release, tenant.release, home))
    if missing := own - {name for *_, homes in listed for name in homes}:
        raise CannotRead(f"no file in tenants/ is for {', '.join(sorted(missing))}")
    for one, namespace, release, homes in listed:
        layer = services.told_apart(one, environment) if layered else {}
        run = session.template(session.newest, one.folder, one.files(environment), layer, namespace=namespace, release=release)
        if run.code:
            raise CannotRead(run.err)
        documents = render.documents(run.out)
        for document in documents:
            document["metadata"].setdefault("namespace", namespace)
        yield one, documents, homes, one.all_values(environment, layer)


def apart(session, report, chart, environment, template, archgen, form):
    """The same where tenants have releases of their own: all of them together are what ECS is told."""
    stack = Stack(json.loads(template.read_text()))
    rows, count = [], 0
    try:
        every = list(releases(session, chart, environment, stack, True))
        together = [document for _, documents, *_ in every for document in documents]
        all_homes = {name: home for _, _, homes, _ in every for name, home in homes.items()}
        found = services.found(stack, together, all_homes)
        for _, documents, homes, values in every:
            own = [document for document in documents if document["metadata"]["namespace"] in {namespace for namespace, _ in homes.values()}]
            rows += services.compare(stack, own, values, homes, found)
            count += 1
    except CannotRead as error:
        problems = [error]
    else:
        problems = services.problems(rows)
    report.check(f"{chart.folder}: {environment}: Kubernetes is told of each service what ECS is told ({len(rows)} facts, {count} releases)", problems)
    if form:
        print(services.FORMS[form](rows))
    if not archgen:
        return
    try:
        every = list(releases(session, chart, environment, stack, False))
        together = [document for _, documents, *_ in every for document in documents]
        all_homes = {name: home for _, _, homes, _ in every for name, home in homes.items()}
        outcome = flows.compare(together, stack, flows.listed(archgen, chart.name, environment, template), None, all_homes)
    except CannotRead as error:
        outcome = flows.Outcome(0, 0, [error])
    report.check(f"{chart.folder}: {environment}: network policies of all {count} releases together let through what `archgen reach` says "
                 f"({outcome.pairs} pairs{f', {outcome.alike} not told apart by address' if outcome.alike else ''})", outcome.problems)


def compared(session, report, chart, environment, documents, archgen, form):
    template = beside(chart, environment)
    if not template.exists():
        if archgen:
            report.check(f"{chart.folder}: {environment}: there is a template to compare with", [f"no {template}"])
        return
    if chart.values.get("shared"):
        apart(session, report, chart, environment, template, archgen, form)
        return
    stack = Stack(json.loads(template.read_text()))
    layer = services.told_apart(chart, environment)
    try:
        run = session.template(session.newest, chart.folder, chart.files(environment), layer)
        if run.code:
            raise CannotRead(run.err)
        rows = list(services.compare(stack, render.documents(run.out), chart.all_values(environment, layer)))
    except CannotRead as error:
        rows, problems = [], [error]
    else:
        problems = services.problems(rows)
    report.check(f"{chart.folder}: {environment}: Kubernetes is told of each service what ECS is told ({len(rows)} facts)", problems)
    if form:
        print(services.FORMS[form](rows))
    if archgen:
        try:
            outcome = flows.compare(documents, stack, flows.listed(archgen, chart.name, environment, template))
        except CannotRead as error:
            outcome = flows.Outcome(0, 0, [error])
        report.check(f"{chart.folder}: {environment}: network policies let through what `archgen reach` says "
                     f"({outcome.pairs} pairs{f', {outcome.alike} not told apart by address' if outcome.alike else ''})", outcome.problems)
