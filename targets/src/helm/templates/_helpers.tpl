{{/*
A text of the values: as it is, what a reference names, or several of both put together.
Use: include "archgen.text" (list $ VALUE)
*/}}
{{- define "archgen.text" -}}
{{- $root := index . 0 -}}
{{- $value := index . 1 -}}
{{- if kindIs "slice" $value -}}
{{- range $value -}}{{- include "archgen.text" (list $root .) -}}{{- end -}}
{{- else if kindIs "map" $value -}}
{{- if hasKey $value "parameter" -}}
{{- $given := index ($root.Values.parameters | default dict) $value.parameter -}}
{{- include "archgen.text" (list $root (required (printf "parameters.%s is needed" $value.parameter) $given)) -}}
{{- else if hasKey $value "store" -}}
{{- $store := index ($root.Values.stores | default dict) $value.store | default dict -}}
{{- $given := index $store $value.attribute -}}
{{- include "archgen.text" (list $root (required (printf "stores.%s.%s is needed" $value.store $value.attribute) $given)) -}}
{{- else if hasKey $value "aws" -}}
{{- $given := index ($root.Values.aws | default dict) $value.aws -}}
{{- required (printf "aws.%s is needed" $value.aws) $given -}}
{{- else -}}
{{- $value.service -}}
{{- if include "archgen.isShared" (list $root $value.service) -}}.{{ $root.Values.shared.namespace }}{{- end -}}
{{- end -}}
{{- else if kindIs "float64" $value -}}
{{- if eq (floor $value) $value -}}{{- int64 $value -}}{{- else -}}{{- $value -}}{{- end -}}
{{- else if not (kindIs "invalid" $value) -}}
{{- $value -}}
{{- end -}}
{{- end -}}

{{/* Whether a service is in the release of all tenants, and this one is a tenant's. Use: include "archgen.isShared" (list $ NAME) */}}
{{- define "archgen.isShared" -}}
{{- $root := index . 0 -}}
{{- if and $root.Values.tenant (not (index $root.Values.services (index . 1))) -}}true{{- end -}}
{{- end -}}

{{/* The labels by which the pods of a service are found. Use: include "archgen.selector" (list $ NAME) */}}
{{- define "archgen.selector" -}}
app.kubernetes.io/name: {{ index . 1 }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
{{- end -}}

{{/* The labels of everything. Use: include "archgen.labels" (list $ NAME) */}}
{{- define "archgen.labels" -}}
{{- $root := index . 0 -}}
{{ include "archgen.selector" . }}
app.kubernetes.io/part-of: {{ $root.Chart.Name }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
environment: {{ $root.Values.global.environment }}
{{- with $root.Values.tenant }}
tenant: {{ .key | quote }}
{{- end }}
{{- end -}}

{{/* The image of a service. Use: include "archgen.image" (list $ SERVICE) */}}
{{- define "archgen.image" -}}
{{- $root := index . 0 -}}
{{- $image := (index . 1).image -}}
{{- if $image.ecr -}}
{{- $registry := list (dict "aws" "accountId") ".dkr.ecr." (dict "aws" "region") "." (dict "aws" "urlSuffix") "/" -}}
{{- include "archgen.text" (list $root $registry) -}}
{{- end -}}
{{- include "archgen.text" (list $root $image.repository) -}}
{{- $tag := include "archgen.text" (list $root $image.tag) -}}
{{- $digest := include "archgen.text" (list $root $image.digest) -}}
{{- if $tag -}}:{{ $tag }}{{- end -}}
{{- if $digest -}}@{{ $digest }}{{- end -}}
{{- end -}}

{{/* Whether scaling has something to follow. Use: include "archgen.scales" (list $ SERVICE) */}}
{{- define "archgen.scales" -}}
{{- $root := index . 0 -}}
{{- with (index . 1).autoscaling -}}
{{- if or .cpu .memory (and .external $root.Values.externalMetrics.enabled) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a pod of a service may do, as the restricted Pod Security Standard has it. */}}
{{- define "archgen.podSecurity" -}}
{{- $root := index . 0 -}}
{{- $user := include "archgen.text" (list $root (index . 1).security.user) | int64 -}}
runAsNonRoot: true
runAsUser: {{ $user }}
runAsGroup: {{ $user }}
fsGroup: {{ $user }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* What a container of a service may do. */}}
{{- define "archgen.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: {{ (index . 1).security.readOnlyRootFilesystem }}
runAsNonRoot: true
capabilities:
  drop:
    - ALL
{{- end -}}

{{/* The labels that the nodes of a service must have. Use: include "archgen.nodeSelector" (list $ SERVICE) */}}
{{- define "archgen.nodeSelector" -}}
{{- $root := index . 0 -}}
{{- $service := index . 1 -}}
kubernetes.io/arch: {{ $service.architecture }}
kubernetes.io/os: linux
{{- range $key, $value := $service.nodeSelector }}
{{- if not (kindIs "invalid" $value) }}
{{ $key }}: {{ include "archgen.text" (list $root $value) | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The taints that do not keep a service off. Use: include "archgen.tolerations" (list $ TOLERATIONS) */}}
{{- define "archgen.tolerations" -}}
{{- range index . 1 }}
- key: {{ .key | quote }}
  {{- if .value }}
  operator: Equal
  value: {{ .value | quote }}
  {{- else }}
  operator: Exists
  {{- end }}
  effect: {{ .effect }}
{{- end }}
{{- end -}}

{{/* The environment variables of a service. Use: include "archgen.environment" (list $ NAME SERVICE) */}}
{{- define "archgen.environment" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $service := index . 2 -}}
{{- range $key, $value := $service.environment }}
{{- if not (kindIs "invalid" $value) }}
- name: {{ $key }}
  value: {{ include "archgen.text" (list $root $value) | quote }}
{{- end }}
{{- end }}
{{- range $key, $value := $service.secrets }}
{{- if $value }}
- name: {{ $key }}
  valueFrom:
    secretKeyRef:
      name: {{ $name }}
      key: {{ $key }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Where a container of a service sees its folders. */}}
{{- define "archgen.mounts" -}}
{{- $root := index . 0 -}}
- name: tmp
  mountPath: /tmp
{{- range $volume, $value := (index . 1).volumes }}
{{- if $value }}
- name: {{ printf "volume-%s" $volume }}
  mountPath: {{ include "archgen.text" (list $root $value.path) | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The folders of a service. Use: include "archgen.volumes" (list $ NAME SERVICE) */}}
{{- define "archgen.volumes" -}}
{{- $name := index . 1 -}}
- name: tmp
  emptyDir: {}
{{- range $volume, $value := (index . 2).volumes }}
{{- if $value }}
- name: {{ printf "volume-%s" $volume }}
  {{- if $value.efs }}
  persistentVolumeClaim:
    claimName: {{ printf "%s-%s" $name $volume }}
  {{- else }}
  emptyDir: {}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* CPU and memory of a service. */}}
{{- define "archgen.resources" -}}
{{- $root := index . 0 -}}
{{- $resources := (index . 1).resources -}}
requests:
  cpu: {{ include "archgen.text" (list $root $resources.requests.cpu) | quote }}
  memory: {{ include "archgen.text" (list $root $resources.requests.memory) | quote }}
limits:
  memory: {{ include "archgen.text" (list $root $resources.limits.memory) | quote }}
{{- end -}}

{{/* How the request of a check is made. Use: include "archgen.httpGet" (list $ HTTP) */}}
{{- define "archgen.httpGet" -}}
{{- $root := index . 0 -}}
{{- $http := index . 1 -}}
httpGet:
  path: {{ include "archgen.text" (list $root $http.path) | quote }}
  port: {{ include "archgen.text" (list $root $http.port) | int }}
{{- end -}}

{{/* How the command of a check is run. */}}
{{- define "archgen.exec" -}}
{{- $root := index . 0 -}}
exec:
  command:
    - /bin/sh
    - -c
    - {{ include "archgen.text" (list $root (index . 1).command) | quote }}
{{- end -}}

{{/*
The probes of a service. Readiness is what the load balancer asks, liveness what ECS asks. Until it has
started, neither counts: for as long as ECS would wait.
*/}}
{{- define "archgen.probes" -}}
{{- $root := index . 0 -}}
{{- with (index . 1).health -}}
{{- $ready := .http | default .command -}}
{{- $alive := .command | default .http -}}
{{- $interval := include "archgen.text" (list $root $ready.interval) | int | max 1 -}}
{{- $failures := include "archgen.text" (list $root (ternary $ready.unhealthy $ready.retries (kindIs "map" .http))) | int | max 1 -}}
{{- $successes := 1 -}}
{{- if .http -}}{{- $successes = include "archgen.text" (list $root .http.healthy) | int | max 1 -}}{{- end -}}
{{- $grace := include "archgen.text" (list $root $ready.grace) | int -}}
startupProbe:
  {{- if .http }}
  {{- include "archgen.httpGet" (list $root .http) | nindent 2 }}
  {{- else }}
  {{- include "archgen.exec" (list $root .command) | nindent 2 }}
  {{- end }}
  periodSeconds: 5
  timeoutSeconds: {{ include "archgen.text" (list $root $ready.timeout) | int | max 1 }}
  failureThreshold: {{ max 1 (div (add (max $grace (mul $interval $failures)) 4) 5) }}
readinessProbe:
  {{- if .http }}
  {{- include "archgen.httpGet" (list $root .http) | nindent 2 }}
  {{- else }}
  {{- include "archgen.exec" (list $root .command) | nindent 2 }}
  {{- end }}
  periodSeconds: {{ $interval }}
  timeoutSeconds: {{ include "archgen.text" (list $root $ready.timeout) | int | max 1 }}
  successThreshold: {{ $successes }}
  failureThreshold: {{ $failures }}
livenessProbe:
  {{- if .command }}
  {{- include "archgen.exec" (list $root .command) | nindent 2 }}
  {{- else }}
  {{- include "archgen.httpGet" (list $root .http) | nindent 2 }}
  {{- end }}
  periodSeconds: {{ include "archgen.text" (list $root $alive.interval) | int | max 1 }}
  timeoutSeconds: {{ include "archgen.text" (list $root $alive.timeout) | int | max 1 }}
  failureThreshold: {{ include "archgen.text" (list $root (ternary $alive.retries $alive.unhealthy (kindIs "map" .command))) | int | max 1 }}
{{- end -}}
{{- end -}}

{{/*
The peers of a connection in a network policy. The internet is every address but those that are private,
shared, local or for many (RFC 1918, 6598, 3927, 5771, 1112).
*/}}
{{- define "archgen.peers" -}}
{{- $root := index . 0 -}}
{{- $connection := index . 1 -}}
{{- if $connection.internet }}
- ipBlock:
    cidr: 0.0.0.0/0
    except:
      - 10.0.0.0/8
      - 100.64.0.0/10
      - 127.0.0.0/8
      - 169.254.0.0/16
      - 172.16.0.0/12
      - 192.168.0.0/16
      - 224.0.0.0/4
      - 240.0.0.0/4
{{- else if $connection.network }}
{{- range required (printf "networks.%s is needed" $connection.network) (index $root.Values.networks $connection.network) }}
- ipBlock:
    cidr: {{ include "archgen.text" (list $root .) | quote }}
{{- end }}
{{- else if $connection.pods }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ $connection.namespace }}
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ $connection.pods }}
{{- else if $connection.others }}
- namespaceSelector:
    matchExpressions:
      - key: kubernetes.io/metadata.name
        operator: NotIn
        values:
          {{- toYaml $connection.others | nindent 10 }}
{{- else if include "archgen.isShared" (list $root $connection.service) }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ $root.Values.shared.namespace }}
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {{ $connection.service }}
      app.kubernetes.io/instance: {{ $root.Values.shared.release }}
{{- else }}
- podSelector:
    matchLabels:
      {{- include "archgen.selector" (list $root $connection.service) | nindent 6 }}
{{- end }}
{{- end -}}

{{/* The ports of a connection in a network policy. */}}
{{- define "archgen.ports" -}}
{{- range .ports }}
- protocol: {{ .protocol }}
  {{- with .port }}
  port: {{ int . }}
  {{- end }}
  {{- with .endPort }}
  endPort: {{ int . }}
  {{- end }}
{{- end }}
{{- end -}}
