"""Pod templates in manifests, and what the Pod Security standard "restricted" and our own promises ask of them.

https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections import namedtuple

from helm.manifests import named

Pod = namedtuple("Pod", "owner kind document labels spec")   # `document` is what makes it
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")
RESTRICTED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range",
           "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes"}


def of(documents):
    for document in documents:
        kind, spec = document.get("kind"), document.get("spec") or {}
        if kind == "Pod":
            metadata, inner = document["metadata"], spec
        elif kind in WORKLOADS or kind == "Job":
            metadata, inner = spec["template"].get("metadata") or {}, spec["template"]["spec"]
        elif kind == "CronJob":
            template = spec["jobTemplate"]["spec"]["template"]
            metadata, inner = template.get("metadata") or {}, template["spec"]
        else:
            continue
        yield Pod(named(document), kind, document, metadata.get("labels") or {}, inner)


def containers(pod):
    for group in ("initContainers", "containers", "ephemeralContainers"):
        yield from pod.spec.get(group) or []


def restricted(pod):
    """Every rule of the standard, its profile "baseline" included."""
    own = pod.spec.get("securityContext") or {}
    for switch in ("hostNetwork", "hostPID", "hostIPC"):
        if pod.spec.get(switch):
            yield f"{switch} is on"
    if (own.get("windowsOptions") or {}).get("hostProcess"):
        yield "windowsOptions.hostProcess is on"
    yield from (f"sysctl {one['name']} is not allowed" for one in own.get("sysctls") or [] if one["name"] not in SYSCTLS)
    for volume in pod.spec.get("volumes") or []:
        yield from (f"volume {volume['name']} is a {kind}" for kind in sorted(set(volume) - {"name"} - RESTRICTED_VOLUMES))
    for container in containers(pod):
        yield from (f"container {container['name']}: {problem}" for problem in _container(container, container.get("securityContext") or {}, own))


def _container(container, context, own):
    if context.get("privileged"):
        yield "it is privileged"
    if context.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation is not false"
    if context.get("runAsNonRoot", own.get("runAsNonRoot")) is not True:
        yield "runAsNonRoot is not true"
    if 0 in (context.get("runAsUser"), own.get("runAsUser")):
        yield "runAsUser is 0"
    profile = (context.get("seccompProfile") or own.get("seccompProfile") or {}).get("type")
    if profile not in ("RuntimeDefault", "Localhost"):
        yield f"its seccompProfile is {profile}"
    if (context.get("procMount") or "Default") != "Default":
        yield "procMount is not Default"
    capabilities = context.get("capabilities") or {}
    if "ALL" not in (capabilities.get("drop") or []):
        yield "it does not drop ALL capabilities"
    yield from (f"it adds the capability {one}" for one in capabilities.get("add") or [] if one != "NET_BIND_SERVICE")
    yield from (f"hostPort {port['hostPort']}" for port in container.get("ports") or [] if port.get("hostPort"))
    for one in (own, context):
        if (one.get("appArmorProfile") or {}).get("type", "RuntimeDefault") not in ("RuntimeDefault", "Localhost"):
            yield "its appArmorProfile is Unconfined"
        if (one.get("seLinuxOptions") or {}).get("user") or (one.get("seLinuxOptions") or {}).get("role"):
            yield "seLinuxOptions set a user or role"


def promised(pod):
    """What our charts promise beyond the standard."""
    if pod.spec.get("automountServiceAccountToken") is not False:
        yield "automountServiceAccountToken is not false"
    for container in containers(pod):
        name, context, resources = container["name"], container.get("securityContext") or {}, container.get("resources") or {}
        if context.get("readOnlyRootFilesystem") is not True:
            yield f"container {name}: readOnlyRootFilesystem is not true"
        for part, kinds in (("requests", ("cpu", "memory")), ("limits", ("memory",))):
            yield from (f"container {name}: no {part}.{kind}" for kind in kinds if kind not in (resources.get(part) or {}))
        tag = container["image"].rpartition("/")[2].partition("@")
        if not tag[2] and (":" not in tag[0] or tag[0].endswith(":latest")):
            yield f"container {name}: the image {container['image']} has no tag of its own"
    if pod.kind not in WORKLOADS:
        return
    zones = [one for one in pod.spec.get("topologySpreadConstraints") or [] if one.get("topologyKey") == "topology.kubernetes.io/zone"]
    if not zones:
        yield "it is not spread over zones"
    for one in zones:
        wanted = (one.get("labelSelector") or {}).get("matchLabels") or {}
        if not wanted or not wanted.items() <= pod.labels.items():
            yield "what is spread over zones is not its own pods"
    if not pod.spec.get("terminationGracePeriodSeconds"):
        yield "terminationGracePeriodSeconds is not set"
    for container in pod.spec.get("containers") or []:
        if container.get("ports") and "preStop" not in (container.get("lifecycle") or {}):
            yield f"container {container['name']}: it has ports and no preStop hook, so that it stops before nothing is sent to it any more"
        if "livenessProbe" in container and "readinessProbe" not in container:
            yield f"container {container['name']}: livenessProbe without readinessProbe"


def problems(documents):
    for pod in of(documents):
        yield from (f"{pod.owner}: {problem}" for problem in [*restricted(pod), *promised(pod)])
