{{- define "visitwire.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- /* Labels that never change: {root, service} */}}
{{- define "visitwire.selector" -}}
app.kubernetes.io/name: visitwire
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}
{{- end }}

{{- define "visitwire.labels" -}}
{{ include "visitwire.selector" . }}
app.kubernetes.io/part-of: visitwire
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "visitwire.image" -}}
{{- $image := .root.Values.image -}}
{{- $name := printf "%s%s%s" (empty $image.registry | ternary "" (printf "%s/" (trimSuffix "/" $image.registry))) $image.prefix .service -}}
{{- with index $image.digests .service }}{{ $name }}@{{ . }}{{ else }}{{ $name }}:{{ $image.tag | default .root.Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "visitwire.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (.Values.serviceAccount.create | ternary (include "visitwire.name" .) "default") }}
{{- end }}

{{- define "visitwire.readsWithModel" -}}
{{- dig "languageModel" "enabled" false .Values.stages.visits -}}
{{- end }}

{{- /* The keys of the Secret that a service gets, of those that there are; a JSON object of lists in one place. */}}
{{- define "visitwire.secretKeys" -}}
{{- $needs := dict
  "ingestion" (list "ingestion-database-url" "push-token")
  "extraction" (list)
  "attribution" (list)
  "visits" (ternary (list "llm-key" "llm-database-url") (list) (include "visitwire.readsWithModel" .root | eq "true"))
  "alerting" (list "database-url" "alerting-key" "smtp-password")
  "gateway" (list "database-url" "gateway-database-url" "alerting-key" "gateway-oidc-client-secret")
  "topics" (list) -}}
{{- $found := list -}}
{{- range append (index $needs .service) "broker-password" -}}
{{- if has . $.root.Values.secret.keys }}{{ $found = append $found . }}{{ end -}}
{{- end -}}
{{- toJson (dict "keys" $found) -}}
{{- end }}

{{- /* What every container of ours is told: {root, service, settings} */}}
{{- define "visitwire.env" -}}
{{- $values := .root.Values -}}
{{- $settings := merge (dict) (.settings | default dict) $values.settings -}}
- {name: VISITWIRE_BROKER, value: {{ $values.broker.servers | quote }}}
- {name: VISITWIRE_BROKER_PROTOCOL, value: {{ $values.broker.protocol | quote }}}
{{- if hasPrefix "SASL" $values.broker.protocol }}
- {name: VISITWIRE_BROKER_MECHANISM, value: {{ $values.broker.mechanism | quote }}}
- {name: VISITWIRE_BROKER_USERNAME, value: {{ required "broker.username is needed with a SASL protocol" $values.broker.username | quote }}}
{{- if eq $values.broker.mechanism "OAUTHBEARER" }}
- {name: VISITWIRE_BROKER_TOKEN_URL, value: {{ required "broker.token.url is needed with OAUTHBEARER" $values.broker.token.url | quote }}}
{{- with $values.broker.token.scope }}
- {name: VISITWIRE_BROKER_TOKEN_SCOPE, value: {{ . | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- with $values.broker.tls }}{{ if .secretName }}
- {name: VISITWIRE_BROKER_CA, value: {{ printf "/etc/visitwire/tls/%s" .ca | quote }}}
{{- if .certificate }}
- {name: VISITWIRE_BROKER_CERTIFICATE, value: {{ printf "/etc/visitwire/tls/%s" .certificate | quote }}}
- {name: VISITWIRE_BROKER_KEY, value: {{ printf "/etc/visitwire/tls/%s" (required "broker.tls.key is needed with broker.tls.certificate" .key) | quote }}}
{{- end }}{{ end }}{{ end }}
- {name: VISITWIRE_REPLICATION, value: {{ $values.broker.replication | quote }}}
{{- with $values.broker.topicPrefix }}
- {name: VISITWIRE_TOPIC_PREFIX, value: {{ . | quote }}}
{{- end }}
{{- with $values.broker.groupPrefix }}
- {name: VISITWIRE_GROUP_PREFIX, value: {{ . | quote }}}
{{- end }}
{{- range (include "visitwire.secretKeys" . | fromJson).keys }}
- {name: {{ printf "VISITWIRE_%s_FILE" (. | upper | replace "-" "_") }}, value: {{ printf "/etc/visitwire/secret/%s" . | quote }}}
{{- end }}
{{- range $name, $value := $settings }}
- {name: {{ printf "VISITWIRE_%s" ($name | upper) }}, value: {{ (kindIs "string" $value | ternary $value (toJson $value)) | quote }}}
{{- end }}
{{- end }}

{{- define "visitwire.mounts" -}}
- {name: data, mountPath: /data}
- {name: tmp, mountPath: /tmp}
{{- if (include "visitwire.secretKeys" . | fromJson).keys }}
- {name: secret, mountPath: /etc/visitwire/secret, readOnly: true}
{{- end }}
{{- if .root.Values.broker.tls.secretName }}
- {name: tls, mountPath: /etc/visitwire/tls, readOnly: true}
{{- end }}
{{- end }}

{{- define "visitwire.volumes" -}}
{{- $keys := (include "visitwire.secretKeys" . | fromJson).keys -}}
- name: data
{{- with .data }}{{ if .existingClaim }}
  persistentVolumeClaim: {claimName: {{ .existingClaim }}}
{{- else }}
  emptyDir: {{ .emptyDir | default dict | toJson }}
{{- end }}{{ else }}
  emptyDir: {}
{{- end }}
- name: tmp
  emptyDir: {}
{{- if $keys }}
- name: secret
  secret:
    secretName: {{ .root.Values.secret.name }}
    defaultMode: 0440
    items:
    {{- range $keys }}
      - {key: {{ . }}, path: {{ . }}}
    {{- end }}
{{- end }}
{{- if .root.Values.broker.tls.secretName }}
- name: tls
  secret: {secretName: {{ .root.Values.broker.tls.secretName }}, defaultMode: 0440}
{{- end }}
{{- end }}

{{- define "visitwire.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "visitwire.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* The services that run, with what they are given: {"name": {...}} */}}
{{- define "visitwire.services" -}}
{{- $all := merge (dict) .Values.stages (dict "gateway" .Values.gateway) -}}
{{- $on := dict -}}
{{- range $name, $given := $all }}{{ if $given.enabled }}{{ $_ := set $on $name $given }}{{ end }}{{ end -}}
{{- toJson $on -}}
{{- end }}

{{- /* What would start and then not work, said now. */}}
{{- define "visitwire.check" -}}
{{- $keys := .Values.secret.keys -}}
{{- $need := dict -}}
{{- if or .Values.stages.alerting.enabled .Values.gateway.enabled }}{{ $_ := set $need "database-url" "the ledger, which alerting and gateway share" }}{{ $_ := set $need "alerting-key" "what seals subscriptions' addresses" }}{{ end -}}
{{- if .Values.gateway.enabled }}{{ $_ := set $need "gateway-database-url" "the gateway's read model" }}{{ end -}}
{{- if .Values.stages.ingestion.enabled }}{{ $_ := set $need "ingestion-database-url" "what ingestion remembers" }}{{ end -}}
{{- if .Values.stages.ingestion.push.enabled }}{{ $_ := set $need "push-token" "who may push" }}{{ end -}}
{{- if hasPrefix "SASL" .Values.broker.protocol }}{{ $_ := set $need "broker-password" "who we are to the broker" }}{{ end -}}
{{- range $key, $why := $need -}}
{{- if not (has $key $keys) }}{{ fail (printf "the Secret %s needs the key %s (%s); put it there and into secret.keys" $.Values.secret.name $key $why) }}{{ end -}}
{{- end -}}
{{- end }}
