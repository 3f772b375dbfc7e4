{{/* What each policy holds pods to, in CEL. */}}
{{- define "addons.policies" -}}
requests-and-limits:
  message: every container says how much CPU and memory it needs, and how much memory it may have
  expression: >-
    variables.containers.all(it, has(it.resources) && has(it.resources.requests) && has(it.resources.limits)
    && 'cpu' in it.resources.requests && 'memory' in it.resources.requests && 'memory' in it.resources.limits)
probes:
  message: every container has a liveness probe and a readiness probe
  expression: >-
    object.spec.containers.all(it, has(it.livenessProbe) && has(it.readinessProbe))
non-root:
  message: no container runs as root
  expression: >-
    variables.containers.all(it, it.?securityContext.?runAsNonRoot.orValue(
    object.spec.?securityContext.?runAsNonRoot.orValue(false)))
read-only-root-filesystem:
  message: no container writes to its own image
  expression: >-
    variables.containers.all(it, it.?securityContext.?readOnlyRootFilesystem.orValue(false))
image-tags:
  message: every image has a tag other than latest, or a digest
  expression: >-
    variables.containers.all(it, it.image.contains('@sha256:')
    || (it.image.matches('^.+:[^/:]+$') && !it.image.endsWith(':latest')))
own-namespace:
  message: nothing runs in the namespace default
  expression: >-
    object.metadata.?namespace.orValue('default') != 'default'
{{- end }}
