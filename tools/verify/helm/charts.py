"""Every chart in a folder: lint, rendering with every file of values, refusals, and what it renders to."""

import difflib

from helm import manifests, pods, references, refusals, render

FIELDS = {"apiVersion": "v2", "type": "application"}
WANTED = ("Chart.yaml", "values.yaml", "values.schema.json", "templates")


def find(paths):
    """Charts in folders: NAME/helm, and in a tree NAME/helm/CHART and NAME/helm/services/CHART."""
    found = set()
    for path in paths:
        for file in render.Path(path).rglob("Chart.yaml"):
            chart = file.parent
            if "helm" in (chart.name, chart.parent.name) or (chart.parent.name, chart.parent.parent.name) == ("services", "helm"):
                found.add(chart)
    return sorted(found)


def switches(values, to):
    """Values that turn on everything that can be turned on, or off."""
    turned = {}
    for key, value in values.items():
        if key == "enabled" and value is (not to):
            turned[key] = to
        elif isinstance(value, dict) and (inner := switches(value, to)):
            turned[key] = inner
    return turned


def shape(chart):
    """Files and the facts of the chart itself."""
    missing = [name for name in WANTED if not (chart.folder / name).exists()]
    if missing:
        return [f"there is no {name}" for name in missing]
    about = render.load((chart.folder / "Chart.yaml").read_text())
    problems = [f"Chart.yaml: {key} is {about.get(key)}, not {wanted}" for key, wanted in FIELDS.items() if about.get(key) != wanted]
    problems += [f"Chart.yaml: the name is {about.get('name')}, not {chart.called}"] if about.get("name") != chart.called else []
    problems += ["Chart.yaml: it depends on charts from elsewhere"] if any(not str(d.get("repository", "")).startswith("file://") for d in about.get("dependencies", [])) else []
    if len(chart.environments()) < 2:
        problems.append("there is no values-ENVIRONMENT.yaml")
    return problems


def schema(chart):
    root = refusals.read(chart.folder)
    try:
        refusals.jsonschema.Draft7Validator.check_schema(root)
    except refusals.jsonschema.SchemaError as error:
        return [f"values.schema.json: {error.message}"]
    wanted = "http://json-schema.org/draft-07/schema#"
    return ([] if root.get("$schema") == wanted else [f"$schema is {root.get('$schema')}, not {wanted}"]) + list(dict.fromkeys(refusals.open_objects(root)))


def only_differences(chart, environment):
    """A file of an environment says nothing that values.yaml says already."""
    layer = render.load(chart.environments()[environment][0].read_text()) or {}
    nothing = object()
    for path, value in refusals.leaves(layer):
        below = chart.values
        for key in path:
            below = below.get(key, nothing) if isinstance(below, dict) else nothing
        if below is not nothing and below == value and type(below) is type(value):
            yield f"{'.'.join(path)} is in values.yaml already"


def linted(session, chart, environment):
    for version in session.commands:
        run = session.lint(version, chart.folder, chart.files(environment))
        if run.code or "[WARNING]" in run.out or "[ERROR]" in run.out:
            yield f"helm {version}: {run.out}{run.err}"


def rendered(session, chart, environment, *more):
    """The documents, and what is wrong with rendering: twice the same bytes, and the same documents by all versions."""
    texts, problems = {}, []
    at = {"namespace": chart.release, "release": chart.release} if isinstance(chart, render.Tenant) else {}
    for version in session.commands:
        run = session.template(version, chart.folder, chart.files(environment), *more, **at)
        if run.code or run.err.strip():
            problems.append(f"helm {version}: {run.err}")
            continue
        texts[version] = run.out
        again = session.template(version, chart.folder, chart.files(environment), *more, **at).out
        if again != run.out:
            problems.append(f"helm {version} renders differently the second time:\n" + "\n".join(difflib.unified_diff(run.out.splitlines(), again.splitlines(), lineterm="", n=0)))
    try:
        documents = {version: render.documents(text) for version, text in texts.items()}
    except render.yaml.YAMLError as error:
        return [], [*problems, f"no YAML: {error}"]
    first = next(iter(documents.values()), [])
    order = {manifests.named(document): document for document in first}
    for version, others in documents.items():
        theirs = {manifests.named(document): document for document in others}
        problems += [f"helm {version} renders {name} differently" for name in sorted({*order, *theirs}) if order.get(name) != theirs.get(name)]
    problems += [] if first or problems else ["nothing is rendered"]
    return first, problems


def judge(session, chart):
    """(what, problems) of one chart, and its documents by environment."""
    problems = shape(chart)
    yield "has the files of a chart", problems, None
    if problems:
        return
    yield "its schema is closed", schema(chart), None
    given = render.load(chart.given.read_text()) or {} if chart.given.exists() else {}
    for environment in chart.environments():
        name = environment or "values.yaml alone"
        if environment:
            yield f"{name}: its values are differences only", only_differences(chart, environment), None
        problems = list(linted(session, chart, environment))
        yield f"{name}: helm lint --strict", problems, None
        documents, problems = rendered(session, chart, environment)
        yield f"{name}: helm template ({len(documents)} manifests)", problems, (environment, documents)
        if problems:
            continue
        yield from contents(name, documents)
        for to, word in ((True, "on"), (False, "off")):
            if layer := switches(chart.all_values(environment), to):
                documents, problems = rendered(session, chart, environment, layer)
                yield f"{name}: helm template with everything {word} ({len(documents)} manifests)", problems, None
                if not problems:
                    yield from contents(f"{name}, everything {word}", documents)
    yield from tenants(session, chart)
    last = list(chart.environments())[-1]
    tried, asked, problems = refusals.problems(session, chart, last, given)
    yield f"{last}: the schema refuses wrong values ({tried} by itself, {asked} runs of helm)", problems, None


def alone(documents):
    """A tenant's namespace has a quota, and denies all its pods what no policy admits; no two objects are outside of it but policies."""
    own = [d for d in documents if "namespace" not in d["metadata"]]
    if not any(d["kind"] == "ResourceQuota" and {"requests.cpu", "requests.memory", "limits.memory", "pods"} <= d["spec"]["hard"].keys() for d in own):
        yield "no ResourceQuota holds it to CPU, memory and pods"
    if not any(d["kind"] == "LimitRange" for d in own):
        yield "there is no LimitRange"
    if not any(d["kind"] == "NetworkPolicy" and d["spec"]["podSelector"] == {} and set(d["spec"]["policyTypes"]) == {"Ingress", "Egress"} and not d["spec"].keys() & {"ingress", "egress"} for d in own):
        yield "no policy denies all pods of the namespace what no other admits"
    yield from (f"{manifests.named(d)} is in another namespace" for d in documents if d not in own and d["kind"] != "NetworkPolicy")


def tenants(session, chart):
    """The releases of tenants, by each file of theirs over each file of an environment."""
    for number, tenant in enumerate(found := render.tenants(chart)):
        for environment in list(chart.environments())[1:]:
            name = f"{environment}: tenants/{tenant.file.name}"
            yield f"{name}: helm lint --strict", list(linted(session, tenant, environment)), None
            documents, problems = rendered(session, tenant, environment)
            yield f"{name}: helm template ({len(documents)} manifests)", problems, None
            if problems:
                continue
            own = [d for d in documents if "namespace" not in d["metadata"]]
            yield f"{name}: every manifest is valid for Kubernetes {manifests.VERSION}", list(manifests.problems(documents)), None
            yield from list(contents(name, own))[1:]
            yield f"{name}: the namespace has a quota, limits and a default deny", list(alone(documents)), None
        if number == len(found) - 1:
            given = render.load(tenant.given.read_text()) or {} if tenant.given.exists() else {}
            last = list(chart.environments())[-1]
            tried, asked, problems = refusals.problems(session, tenant, last, given)
            yield f"{last}: tenants/{tenant.file.name}: the schema refuses wrong values ({tried} by itself, {asked} runs of helm)", problems, None


def contents(name, documents):
    problems = list(manifests.problems(documents))
    yield f"{name}: every manifest is valid for Kubernetes {manifests.VERSION}", problems, None
    if not problems:
        yield f"{name}: what manifests refer to is there", references.problems(documents), None
        yield f"{name}: pods are \"restricted\" and keep our promises", pods.problems(documents), None
