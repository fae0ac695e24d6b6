/** What the server fills into a PodSpec, in Pods and in templates. Changes the spec. */
export function defaultPodSpec(spec: any): void {
  if (spec.serviceAccount && !spec.serviceAccountName) spec.serviceAccountName = spec.serviceAccount
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  spec.restartPolicy ||= 'Always'
  spec.dnsPolicy ||= 'ClusterFirst'
  spec.terminationGracePeriodSeconds ??= 30
  if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1
  spec.securityContext ??= {}
  spec.schedulerName ||= 'default-scheduler'
  for (const list of [spec.initContainers, spec.containers, spec.ephemeralContainers])
    for (const container of list ?? []) defaultContainer(container)
  for (const volume of spec.volumes ?? []) defaultVolume(volume)
}

/** What is only filled into Pods themselves. */
export function defaultPod(pod: any): void {
  const { spec } = pod
  if (!spec) return
  defaultPodSpec(spec)
  spec.enableServiceLinks ??= true
  for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
    const { resources } = container
    if (resources?.limits) {
      const requests: Record<string, string> = { ...resources.requests }
      for (const [name, value] of Object.entries<string>(resources.limits)) requests[name] ??= value
      resources.requests = requests
    }
    if (spec.hostNetwork) for (const port of container.ports ?? []) port.hostPort ||= port.containerPort
  }
  if (spec.resources?.limits) {
    spec.resources.requests ??= {}
    for (const [name, value] of Object.entries(spec.resources.limits)) spec.resources.requests[name] ??= value
  }
}

function defaultContainer(container: any): void {
  container.imagePullPolicy ||= pullPolicyOf(container.image ?? '')
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  container.resources ??= {}
  for (const port of container.ports ?? []) port.protocol ||= 'TCP'
  for (const variable of container.env ?? []) {
    const ref = variable.valueFrom?.fieldRef
    if (ref) ref.apiVersion ||= 'v1'
    const resource = variable.valueFrom?.resourceFieldRef
    if (resource) resource.divisor ??= '0'
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'])
    if (container[name]) defaultProbe(container[name])
  for (const handler of [container.lifecycle?.postStart, container.lifecycle?.preStop])
    if (handler?.httpGet) defaultHttpGet(handler.httpGet)
}

function defaultProbe(probe: any): void {
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
  if (probe.httpGet) defaultHttpGet(probe.httpGet)
  if (probe.grpc) probe.grpc.service ??= ''
}

function defaultHttpGet(action: any): void {
  action.path ||= '/'
  action.scheme ||= 'HTTP'
}

function pullPolicyOf(image: string): string {
  const rest = image.slice(image.lastIndexOf('/') + 1)
  if (rest.includes('@')) return rest.split('@')[0]!.endsWith(':latest') ? 'Always' : 'IfNotPresent'
  const tag = rest.includes(':') ? rest.slice(rest.lastIndexOf(':') + 1) : 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function defaultVolume(volume: any): void {
  if (Object.keys(volume).every((key) => key === 'name')) volume.emptyDir = {}
  for (const name of ['secret', 'configMap', 'downwardAPI', 'projected'])
    if (volume[name]) volume[name].defaultMode ??= 420
  if (volume.hostPath) volume.hostPath.type ??= ''
  for (const item of volume.downwardAPI?.items ?? []) if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1'
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600
    for (const item of source.downwardAPI?.items ?? []) if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1'
  }
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec
  if (claim) claim.volumeMode ??= 'Filesystem'
}
