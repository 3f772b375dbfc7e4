"""What manifests name is there: no schema sees that."""

from helm import pods
from helm.manifests import named


def matches(selector, labels):
    """A label selector; an empty one selects everything."""
    selector = selector or {}
    if not (selector.get("matchLabels") or {}).items() <= labels.items():
        return False
    for one in selector.get("matchExpressions") or []:
        key, operator, values = one["key"], one["operator"], one.get("values") or []
        held = {"In": labels.get(key) in values, "NotIn": key not in labels or labels[key] not in values, "Exists": key in labels, "DoesNotExist": key not in labels}
        if not held[operator]:
            return False
    return True


def ports(pod):
    return [port for container in pod.spec.get("containers") or [] for port in container.get("ports") or []]


def problems(documents):
    by_kind = {}
    for document in documents:
        by_kind.setdefault(document["kind"], {})[document["metadata"]["name"]] = document
    found = list(pods.of(documents))
    lasting = [pod for pod in found if pod.kind in pods.WORKLOADS]
    secrets = {name: set(secret.get("data") or {}) | set(secret.get("stringData") or {}) for name, secret in by_kind.get("Secret", {}).items()}
    for name, one in by_kind.get("ExternalSecret", {}).items():
        target = (one["spec"].get("target") or {}).get("name") or name
        secrets[target] = {data["secretKey"] for data in one["spec"].get("data") or []} if not one["spec"].get("dataFrom") else None
    maps = {name: set(one.get("data") or {}) for name, one in by_kind.get("ConfigMap", {}).items()}
    for pod in found:
        yield from (f"{pod.owner}: {problem}" for problem in _pod(pod, by_kind, secrets, maps))
    for document in documents:
        yield from (f"{named(document)}: {problem}" for problem in _document(document, by_kind, found, lasting))
    for pod in lasting:
        owners = [named(d) for d in documents if d["kind"] in pods.WORKLOADS and matches(d["spec"]["selector"], pod.labels)]
        if len(owners) > 1:
            yield f"the pods of {pod.owner} are selected by {', '.join(owners)}"


def _pod(pod, by_kind, secrets, maps):
    account = pod.spec.get("serviceAccountName")
    if account and account != "default" and account not in by_kind.get("ServiceAccount", {}):
        yield f"there is no ServiceAccount {account}"
    volumes = {volume["name"] for volume in pod.spec.get("volumes") or []}
    for container in pods.containers(pod):
        names = [one["name"] for one in container.get("env") or []]
        yield from (f"the environment has {name} twice" for name in sorted({name for name in names if names.count(name) > 1}))
        for one in container.get("env") or []:
            for kind, having in (("secretKeyRef", secrets), ("configMapKeyRef", maps)):
                reference = (one.get("valueFrom") or {}).get(kind)
                if reference and (reference["name"] not in having or having[reference["name"]] is not None and reference["key"] not in having[reference["name"]]):
                    yield f"{one['name']} is the key {reference['key']} of {reference['name']}, which nothing makes"
        for source in container.get("envFrom") or []:
            for kind, having in (("secretRef", secrets), ("configMapRef", maps)):
                if kind in source and source[kind]["name"] not in having:
                    yield f"envFrom takes {source[kind]['name']}, which nothing makes"
        yield from (f"it mounts {mount['name']}, which is no volume" for mount in container.get("volumeMounts") or [] if mount["name"] not in volumes)
        named_ports = {port.get("name") for port in container.get("ports") or []} | {port["containerPort"] for port in container.get("ports") or []}
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            action = next((container[probe][kind] for kind in ("httpGet", "tcpSocket", "grpc") if kind in container.get(probe, {})), None)
            if action and action["port"] not in named_ports:
                yield f"its {probe} asks the port {action['port']}, which it does not have"


def _document(document, by_kind, found, lasting):
    kind, spec = document["kind"], document.get("spec") or {}
    if kind in pods.WORKLOADS:
        labels = spec["template"]["metadata"].get("labels") or {}
        if not matches(spec["selector"], labels) or spec["selector"] in ({}, None):
            yield "it does not select its own pods"
        if kind == "Deployment" and "replicas" in spec and any(_scaled(one, document) for one in by_kind.get("HorizontalPodAutoscaler", {}).values()):
            yield "it sets replicas and is scaled by an HPA: every upgrade would set them back"
    elif kind == "Service":
        selected = [pod for pod in lasting if spec.get("selector") and matches({"matchLabels": spec["selector"]}, pod.labels)]
        if spec.get("type") != "ExternalName" and len(selected) != 1:
            yield f"it selects the pods of {', '.join(pod.owner for pod in selected) or 'nothing'}"
        for port in spec.get("ports") or []:
            target = port.get("targetPort", port["port"])
            if any(target not in {p.get("name") for p in ports(pod)} | {p["containerPort"] for p in ports(pod)} for pod in selected):
                yield f"its port {port['port']} goes to {target}, which the container does not have"
    elif kind == "HorizontalPodAutoscaler":
        if not any(_scaled(document, other) for kind in pods.WORKLOADS for other in by_kind.get(kind, {}).values()):
            yield f"there is no {spec['scaleTargetRef']['kind']} {spec['scaleTargetRef']['name']}"
    elif kind == "PodDisruptionBudget":
        selected = [pod for pod in lasting if matches(spec.get("selector"), pod.labels)]
        if len(selected) != 1:
            yield f"it protects the pods of {', '.join(pod.owner for pod in selected) or 'nothing'}"
    elif kind == "Ingress":
        for rule in spec.get("rules") or []:
            for path in rule["http"]["paths"]:
                yield from _backend(path["backend"], by_kind, document)
        if "defaultBackend" in spec:
            yield from _backend(spec["defaultBackend"], by_kind, document)
    elif kind == "ServiceMonitor":
        selected = [one for one in by_kind.get("Service", {}).values() if matches(spec["selector"], one["metadata"].get("labels") or {})]
        # what names its namespaces is about charts of others
        if not selected and "namespaceSelector" not in spec:
            yield "it selects no Service"
        for endpoint in spec["endpoints"]:
            if "port" in endpoint and any(endpoint["port"] not in {p.get("name") for p in one["spec"]["ports"]} for one in selected):
                yield f"it asks the port {endpoint['port']}, which a Service it selects does not have"
    elif kind == "NetworkPolicy":
        # one for all pods of a namespace is for those of other charts too
        if spec["podSelector"] and not any(matches(spec["podSelector"], pod.labels) for pod in found):
            yield "it is for no pod"


def _scaled(autoscaler, workload):
    target = autoscaler["spec"]["scaleTargetRef"]
    return (target["kind"], target["name"]) == (workload["kind"], workload["metadata"]["name"])


def _backend(backend, by_kind, ingress):
    if "service" not in backend:
        return
    name, port = backend["service"]["name"], backend["service"]["port"]
    if port.get("name") == "use-annotation":
        if f"alb.ingress.kubernetes.io/actions.{name}" not in (ingress["metadata"].get("annotations") or {}):
            yield f"there is no annotation for the action {name}"
        return
    service = by_kind.get("Service", {}).get(name)
    if service is None:
        yield f"there is no Service {name}"
    elif not any(port.get("number") == one["port"] or port.get("name") and port["name"] == one.get("name") for one in service["spec"]["ports"]):
        yield f"Service {name} has no port {port.get('number') or port.get('name')}"
