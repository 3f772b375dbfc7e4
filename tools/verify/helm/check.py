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


def compared(session, report, chart, environment, documents, archgen, form):
    template = beside(chart, environment)
    if not template.exists():
        if archgen:
            report.check(f"{chart.folder}: {environment}: there is a template to compare with", [f"no {template}"])
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
