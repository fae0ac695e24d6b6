import { hasFiles } from '../../builder/files.ts'
import { findInfos } from '../../builder/infos.ts'
import { readAll } from '../../builder/manifest-files.ts'
import type { Command } from '../../command.ts'
import { resourcePath } from '../../discovery/resource.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { array, bool, list, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { mapContainers, podSpecPath, setEach, setFlags, withPodSpec } from './each.ts'

export const setEnv: Command = {
  name: 'env',
  short: 'Update environment variables on a pod template',
  long: `Update environment variables on a pod template.

 List environment variable definitions in one or more pods, pod templates. Add, update, or remove container environment variable definitions in one or more pod templates (within replication controllers or deployment configurations). View or modify the environment variable definitions on all containers in the specified pods or pod templates, or just those that match a wildcard.`,
  examples: `
# Update deployment 'registry' with a new environment variable
kubectl set env deployment/registry STORAGE_DIR=/local

# List the environment variables defined on a deployment 'sample-build'
kubectl set env deployment/sample-build --list

# Import environment from a config map with a prefix
kubectl set env --from=configmap/myconfigmap --prefix=MYSQL_ deployment/myapp

# Remove the environment variable ENV from container 'c1' in all deployment configs
kubectl set env deployments --all --containers="c1" ENV-`,
  use: 'env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags: [
    ...setFlags(),
    string('containers', 'The names of containers in the selected pod templates to change - may use wildcards', {
      shorthand: 'c',
      default: '*',
    }),
    array('env', 'Specify a key-value pair for an environment variable to set into each container.', {
      shorthand: 'e',
    }),
    string('from', 'The name of a resource from which to inject environment variables'),
    list('keys', 'Comma-separated list of keys to import from specified resource'),
    bool(
      'list',
      'If true, display the environment and any changes in the standard format. this flag will removed when we have kubectl view env.',
    ),
    bool(
      'overwrite',
      'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
      { default: 'true' },
    ),
    string('prefix', 'Prefix to append to variable names'),
    bool('resolve', 'If true, show secret or configmap references when listing variables'),
  ],
  run,
}

interface EnvChanges {
  set: any[]
  remove: string[]
}

async function run(session: Session): Promise<void> {
  const { flags } = session
  const resources: string[] = []
  const texts: string[] = [...flags.list('env')]
  for (const arg of session.args) {
    if (arg === '-' || (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && !arg.includes('/')))
      texts.push(arg)
    else resources.push(arg)
  }
  if (resources.length === 0 && !hasFiles(session)) {
    throw new CliError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  const changes = await changesOf(session, texts)
  if (flags.bool('list')) return listEnv(session, resources, changes)
  await setEach(session, resources, {
    operation: 'env updated',
    failure: 'env update to pod template',
    change: (object) =>
      withPodSpec(object, (spec) => {
        const result = mapContainers(spec, flags.string('containers'), (container) =>
          changed(session, container, changes),
        )
        if (result.matched === 0)
          throw new CliError(
            `${object.kind}/${object.metadata.name} does not have any containers matching ${JSON.stringify(flags.string('containers'))}`,
          )
        return result.spec
      }),
  })
}

const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/

async function changesOf(session: Session, texts: readonly string[]): Promise<EnvChanges> {
  const changes: EnvChanges = { set: [], remove: [] }
  for (const text of texts) {
    if (text === '-') {
      for (const line of (await readAll(session.process)).split('\n'))
        if (line.includes('=')) changes.set.push(pair(line))
    } else if (text.includes('=')) changes.set.push(pair(text))
    else changes.remove.push(text.slice(0, -1))
  }
  const from = session.flags.string('from')
  if (from) changes.set.push(...(await imported(session, from)))
  return changes
}

function pair(text: string): any {
  const eq = text.indexOf('=')
  const name = text.slice(0, eq)
  if (!NAME.test(name))
    throw new CliError(
      `${JSON.stringify(name)} is not a valid key name: a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
    )
  return { name, value: text.slice(eq + 1) }
}

/** References to all keys of a config map or secret. */
async function imported(session: Session, from: string): Promise<any[]> {
  const [type, name] = from.split('/')
  if (!type || !name) throw new CliError(`--from must be of the form TYPE/NAME`)
  const resource = await session.mapper.resource(type)
  const object = await session.client.json({ path: resourcePath(resource, session.namespace, name) })
  if (!['ConfigMap', 'Secret'].includes(object.kind)) throw new CliError(`unsupported resource specified in --from`)
  const wanted = session.flags.list('keys')
  const ref = object.kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef'
  return Object.keys(object.data ?? {})
    .filter((key) => wanted.length === 0 || wanted.includes(key))
    .sort()
    .map((key) => ({
      name: `${session.flags.string('prefix')}${key.replace(/[^A-Za-z0-9]/g, '_')}`.toUpperCase(),
      valueFrom: { [ref]: { name, key } },
    }))
}

function changed(session: Session, container: any, changes: EnvChanges): any {
  const env: any[] = (container.env ?? []).filter((e: any) => !changes.remove.includes(e.name))
  for (const variable of changes.set) {
    const at = env.findIndex((e) => e.name === variable.name)
    if (at < 0) env.push(variable)
    else {
      if (!session.flags.bool('overwrite') && env[at].value !== variable.value) {
        throw new CliError(`'${variable.name}' already has a value (${env[at].value ?? ''}), and --overwrite is false`)
      }
      env[at] = variable
    }
  }
  if (env.length === 0 && !container.env) return container
  const { env: _, ...rest } = container
  return env.length > 0 ? { ...container, env } : rest
}

async function listEnv(session: Session, resources: readonly string[], changes: EnvChanges): Promise<void> {
  const { flags } = session
  const { infos, errors } = await findInfos(session, resources, {
    all: flags.bool('all'),
    selector: flags.string('selector'),
    latest: true,
  })
  for (const info of infos) {
    const path = podSpecPath(info.object.kind)
    if (!path) continue
    const spec = path.reduce((value: any, field) => value?.[field], info.object)
    for (const container of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) {
      await session.print(`# ${info.object.kind} ${info.name}, container ${container.name}\n`)
      for (const variable of changed(session, container, changes).env ?? [])
        await session.print(`${await shown(session, info.namespace, variable)}\n`)
    }
  }
  throwAll(errors)
}

async function shown(session: Session, namespace: string | undefined, variable: any): Promise<string> {
  const from = variable.valueFrom
  if (!from) return `${variable.name}=${variable.value ?? ''}`
  const [kind, ref] = from.configMapKeyRef
    ? ['configmap', from.configMapKeyRef]
    : from.secretKeyRef
      ? ['secret', from.secretKeyRef]
      : []
  if (!kind) {
    const source = from.fieldRef
      ? `field path ${from.fieldRef.fieldPath}`
      : `${from.resourceFieldRef?.resource} from container ${from.resourceFieldRef?.containerName ?? ''}`
    return `# ${variable.name} from ${source}`
  }
  if (!session.flags.bool('resolve')) return `# ${variable.name} from ${kind} ${ref.name}, key ${ref.key}`
  const object = await session.client.json({ path: `/api/v1/namespaces/${namespace}/${kind}s/${ref.name}` })
  const value = object.data?.[ref.key]
  return `${variable.name}=${kind === 'secret' && value !== undefined ? atob(value) : (value ?? '')}`
}
