import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalid,
  notFoundField,
  notSupported,
  required,
} from '../../api/field-error.ts'
import { isDns1123Label } from '../../api/names.ts'
import { isPort, nonNegative, oneOf, PORT_RANGE, portName, portOrName } from '../validation.ts'
import { validateResources } from './validate-resources.ts'

export interface ContainerSetting {
  /** Names of the Pod's volumes; those that are claims in block mode do not matter here. */
  volumes: ReadonlySet<string>
  restartPolicy: string
  hostNetwork: boolean
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']
const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

export function validateContainers(
  containers: any[] | undefined,
  field: string,
  setting: ContainerSetting,
): FieldError[] {
  if (!containers || containers.length === 0) return [required(field)]
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [i, container] of containers.entries()) {
    const path = `${field}[${i}]`
    errors.push(...validateContainerCommon(container, path, setting))
    if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name))
    else names.add(container.name)
    errors.push(...validateLifecycle(container.lifecycle, `${path}.lifecycle`))
    errors.push(...validateProbes(container, path))
    errors.push(...validateRestartPolicy(container, path))
  }
  errors.push(...hostPortConflicts(containers, field))
  return errors
}

const CONTAINER_POLICIES = ['Always', 'Never', 'OnFailure']

function validateRestartPolicy(container: any, path: string): FieldError[] {
  if (container.restartPolicy === undefined) return []
  return CONTAINER_POLICIES.includes(container.restartPolicy)
    ? []
    : [notSupported(`${path}.restartPolicy`, container.restartPolicy, CONTAINER_POLICIES)]
}

export function validateInitContainers(
  containers: any[] | undefined,
  regular: any[] | undefined,
  field: string,
  setting: ContainerSetting,
): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>((regular ?? []).map((c) => c.name))
  for (const [i, container] of (containers ?? []).entries()) {
    const path = `${field}[${i}]`
    errors.push(...validateContainerCommon(container, path, setting))
    if (container.restartPolicy !== undefined && !CONTAINER_POLICIES.includes(container.restartPolicy))
      errors.push(notSupported(`${path}.restartPolicy`, container.restartPolicy, CONTAINER_POLICIES))
    if (names.has(container.name)) errors.push(duplicate(`${path}.name`, container.name))
    else if (container.name) names.add(container.name)
    errors.push(...hostPortConflicts([container], field))
    if (container.restartPolicy === 'Always') {
      errors.push(...validateLifecycle(container.lifecycle, `${path}.lifecycle`))
      errors.push(...validateProbes(container, path))
      continue
    }
    for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])
      if (container[name] && container.restartPolicy === undefined)
        errors.push(
          forbiddenField(`${path}.${name}`, 'may not be set for init containers without restartPolicy=Always'),
        )
  }
  return errors
}

function validateContainerCommon(container: any, path: string, setting: ContainerSetting): FieldError[] {
  const errors: FieldError[] = []
  const { name = '', image = '' } = container
  if (name === '') errors.push(required(`${path}.name`))
  else for (const p of isDns1123Label(name)) errors.push(invalid(`${path}.name`, name, p))
  if (image === '') errors.push(required(`${path}.image`))
  else if (image !== image.trim())
    errors.push(invalid(`${path}.image`, image, 'must not have leading or trailing whitespace'))
  if (
    container.terminationMessagePolicy &&
    !['File', 'FallbackToLogsOnError'].includes(container.terminationMessagePolicy)
  )
    errors.push(
      notSupported(`${path}.terminationMessagePolicy`, container.terminationMessagePolicy, [
        'FallbackToLogsOnError',
        'File',
      ]),
    )
  errors.push(...validatePorts(container.ports, `${path}.ports`, setting.hostNetwork))
  errors.push(...validateEnv(container.env, `${path}.env`))
  errors.push(...validateEnvFrom(container.envFrom, `${path}.envFrom`))
  errors.push(...validateMounts(container.volumeMounts, `${path}.volumeMounts`, setting.volumes))
  errors.push(...oneOf(container.imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`))
  errors.push(...validateResources(container.resources, `${path}.resources`))
  errors.push(...validateSecurityContext(container.securityContext, `${path}.securityContext`))
  return errors
}

function validatePorts(ports: any[] | undefined, field: string, hostNetwork: boolean): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [i, port] of (ports ?? []).entries()) {
    const path = `${field}[${i}]`
    if (port.name) {
      const problems = portName(port.name)
      for (const p of problems) errors.push(invalid(`${path}.name`, port.name, p))
      if (problems.length === 0 && names.has(port.name)) errors.push(duplicate(`${path}.name`, port.name))
      names.add(port.name)
    }
    if (!port.containerPort) errors.push(required(`${path}.containerPort`))
    else if (!isPort(port.containerPort)) errors.push(invalid(`${path}.containerPort`, port.containerPort, PORT_RANGE))
    if (port.hostPort && !isPort(port.hostPort)) errors.push(invalid(`${path}.hostPort`, port.hostPort, PORT_RANGE))
    if (hostNetwork && port.hostPort && port.hostPort !== port.containerPort)
      errors.push(invalid(`${path}.hostPort`, port.hostPort, 'must match `containerPort` when `hostNetwork` is true'))
    if (!port.protocol) errors.push(required(`${path}.protocol`))
    else if (!PROTOCOLS.includes(port.protocol)) errors.push(notSupported(`${path}.protocol`, port.protocol, PROTOCOLS))
  }
  return errors
}

function hostPortConflicts(containers: any[], field: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [i, container] of containers.entries())
    for (const [j, port] of (container.ports ?? []).entries()) {
      if (!port.hostPort) continue
      const key = `${port.protocol}/${port.hostIP ?? ''}/${port.hostPort}`
      if (seen.has(key)) errors.push(duplicate(`${field}[${i}].ports[${j}].hostPort`, key))
      seen.add(key)
    }
  return errors
}

const ENV_WORDS = "a valid environment variable name must consist only of printable ASCII characters other than '='"
const FIELD_PATHS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]
const RESOURCE_FIELDS = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
]

function validateEnv(env: any[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, variable] of (env ?? []).entries()) {
    const path = `${field}[${i}]`
    if (!variable.name) errors.push(required(`${path}.name`))
    else if (!/^[ -<>-~]+$/.test(variable.name)) errors.push(invalid(`${path}.name`, variable.name, ENV_WORDS))
    const from = variable.valueFrom
    if (!from) continue
    const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'].filter(
      (s) => from[s],
    )
    if (sources.length === 0)
      errors.push(
        invalid(
          `${path}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
        ),
      )
    else if (variable.value)
      errors.push(invalid(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty'))
    else if (sources.length > 1)
      errors.push(invalid(`${path}.valueFrom`, '', 'may not have more than one field specified at a time'))
    if (from.fieldRef) {
      const { fieldPath } = from.fieldRef
      if (!fieldPath) errors.push(required(`${path}.valueFrom.fieldRef.fieldPath`))
      else if (!FIELD_PATHS.includes(fieldPath) && !/^metadata\.(labels|annotations)\['.+'\]$/.test(fieldPath)) {
        if (
          /^(metadata|spec|status)\./.test(fieldPath) &&
          /^(metadata\.(labels|annotations)|status\.phase|spec\.restartPolicy)$/.test(fieldPath)
        )
          errors.push(notSupported(`${path}.valueFrom.fieldRef.fieldPath`, fieldPath, FIELD_PATHS))
        else
          errors.push(
            invalid(
              `${path}.valueFrom.fieldRef.fieldPath`,
              fieldPath,
              `error converting fieldPath: field label not supported: ${fieldPath}`,
            ),
          )
      }
    }
    const resource = from.resourceFieldRef
    if (resource) {
      if (!resource.resource) errors.push(required(`${path}.valueFrom.resourceFieldRef.resource`))
      else if (
        !RESOURCE_FIELDS.includes(resource.resource) &&
        !/^(limits|requests)\.hugepages-/.test(resource.resource)
      )
        errors.push(notSupported(`${path}.valueFrom.resourceFieldRef.resource`, resource.resource, RESOURCE_FIELDS))
    }
    for (const kind of ['configMapKeyRef', 'secretKeyRef']) {
      if (!from[kind]) continue
      if (!from[kind].name) errors.push(required(`${path}.valueFrom.${kind}.name`))
      if (!from[kind].key) errors.push(required(`${path}.valueFrom.${kind}.key`))
      else
        for (const p of configKey(from[kind].key))
          errors.push(invalid(`${path}.valueFrom.${kind}.key`, from[kind].key, p))
    }
  }
  return errors
}

const KEY_WORDS = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`

/** Keys of ConfigMaps and Secrets. */
export function configKey(key: string): string[] {
  const problems: string[] = []
  if (key.length > 253) problems.push('must be no more than 253 characters')
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) problems.push(KEY_WORDS)
  if (key === '.') problems.push("must not be '.'")
  else if (key === '..') problems.push("must not be '..'")
  else if (key.startsWith('..')) problems.push("must not start with '..'")
  return problems
}

function validateEnvFrom(sources: any[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, source] of (sources ?? []).entries()) {
    const path = `${field}[${i}]`
    if (source.prefix && !/^[ -<>-~]+$/.test(source.prefix))
      errors.push(invalid(`${path}.prefix`, source.prefix, ENV_WORDS))
    const kinds = ['configMapRef', 'secretRef'].filter((kind) => source[kind])
    for (const kind of kinds) if (!source[kind].name) errors.push(required(`${path}.${kind}.name`))
    if (kinds.length === 0) errors.push(invalid(field, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (kinds.length > 1) errors.push(invalid(field, '', 'may not have more than one field specified at a time'))
  }
  return errors
}

function validateMounts(mounts: any[] | undefined, field: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = []
  const paths = new Set<string>()
  for (const [i, mount] of (mounts ?? []).entries()) {
    const path = `${field}[${i}]`
    if (!mount.name) errors.push(required(`${path}.name`))
    if (!volumes.has(mount.name)) errors.push(notFoundField(`${path}.name`, mount.name ?? ''))
    if (!mount.mountPath) errors.push(required(`${path}.mountPath`))
    if (paths.has(mount.mountPath)) errors.push(invalid(`${path}.mountPath`, mount.mountPath, 'must be unique'))
    paths.add(mount.mountPath)
    for (const name of ['subPath', 'subPathExpr']) {
      const value = mount[name]
      if (!value) continue
      if (value.startsWith('/')) errors.push(invalid(`${path}.${name}`, value, 'must be a relative path'))
      if (value.split('/').includes('..')) errors.push(invalid(`${path}.${name}`, value, "must not contain '..'"))
    }
    if (mount.subPath && mount.subPathExpr)
      errors.push(invalid(`${path}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
    if (mount.mountPropagation && !['Bidirectional', 'HostToContainer', 'None'].includes(mount.mountPropagation))
      errors.push(
        notSupported(`${path}.mountPropagation`, mount.mountPropagation, ['Bidirectional', 'HostToContainer', 'None']),
      )
  }
  return errors
}

export function validateSecurityContext(context: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!context) return errors
  for (const name of ['runAsUser', 'runAsGroup'])
    if (context[name] !== undefined && (context[name] < 0 || context[name] > 2147483647))
      errors.push(invalid(`${path}.${name}`, context[name], 'must be between 0 and 2147483647, inclusive'))
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged)
      errors.push(invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
    if (context.capabilities?.add?.includes('CAP_SYS_ADMIN'))
      errors.push(
        invalid(path, context, 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'),
      )
  }
  return errors
}

function validateProbes(container: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name]
    if (!probe) continue
    errors.push(...validateHandler(probe, `${path}.${name}`))
    for (const field of [
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ])
      errors.push(...nonNegative(probe[field], `${path}.${name}.${field}`))
    if (probe.terminationGracePeriodSeconds !== undefined && probe.terminationGracePeriodSeconds <= 0)
      errors.push(
        invalid(
          `${path}.${name}.terminationGracePeriodSeconds`,
          probe.terminationGracePeriodSeconds,
          'must be greater than 0',
        ),
      )
    if (name !== 'readinessProbe' && probe.successThreshold !== 1)
      errors.push(invalid(`${path}.${name}.successThreshold`, probe.successThreshold, 'must be 1'))
    if (name === 'readinessProbe' && probe.terminationGracePeriodSeconds !== undefined)
      errors.push(
        invalid(
          `${path}.readinessProbe.terminationGracePeriodSeconds`,
          probe.terminationGracePeriodSeconds,
          'must not be set for readinessProbes',
        ),
      )
  }
  return errors
}

function validateLifecycle(lifecycle: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  for (const name of ['postStart', 'preStop'])
    if (lifecycle?.[name]) errors.push(...validateHandler(lifecycle[name], `${path}.${name}`, true))
  return errors
}

function validateHandler(handler: any, path: string, isHook = false): FieldError[] {
  const errors: FieldError[] = []
  let count = 0
  const one = (name: string, check: (action: any, path: string) => void) => {
    if (!handler[name]) return
    if (count > 0) errors.push(forbiddenField(`${path}.${name}`, 'may not specify more than 1 handler type'))
    else check(handler[name], `${path}.${name}`)
    count++
  }
  one('exec', (action, at) => {
    if (!action.command?.length) errors.push(required(`${at}.command`))
  })
  one('httpGet', (action, at) => {
    if (!action.path) errors.push(required(`${at}.path`))
    errors.push(...portOrName(action.port, `${at}.port`))
    if (!['HTTP', 'HTTPS'].includes(action.scheme))
      errors.push(notSupported(`${at}.scheme`, action.scheme, ['HTTP', 'HTTPS']))
    for (const header of action.httpHeaders ?? [])
      if (!/^[-A-Za-z0-9]+$/.test(header.name ?? ''))
        errors.push(
          invalid(
            `${at}.httpHeaders`,
            header.name ?? '',
            `a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
          ),
        )
  })
  one('tcpSocket', (action, at) => errors.push(...portOrName(action.port, `${at}.port`)))
  one('grpc', (action, at) => {
    if (!isPort(action.port)) errors.push(invalid(`${at}.port`, action.port ?? 0, PORT_RANGE))
  })
  if (isHook) one('sleep', (action, at) => errors.push(...nonNegative(action.seconds, `${at}.seconds`)))
  if (count === 0) errors.push(required(path, 'must specify a handler type'))
  return errors
}
