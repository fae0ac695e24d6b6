import { hasFiles } from '../builder/files.ts'
import {
  allFlag,
  allNamespacesFlag,
  fieldSelectorFlag,
  filenameFlags,
  localFlag,
  selectorFlag,
} from '../builder/flags.ts'
import type { Info, Infos } from '../builder/info.ts'
import { findInfos, refresh } from '../builder/infos.ts'
import { targetsOf } from '../builder/targets.ts'
import { waitGone } from '../client/wait-gone.ts'
import { watchObject } from '../client/watch-object.ts'
import type { Command } from '../command.ts'
import { resourcePath } from '../discovery/resource.ts'
import { CliError, isNotFound, throwAll } from '../errors/errors.ts'
import { array, duration } from '../flags/flag.ts'
import { JsonPath, JsonPathError, relaxedExpression } from '../jsonpath/jsonpath.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'

export const wait: Command = {
  name: 'wait',
  short: 'Experimental: Wait for a specific condition on one or many resources',
  long: `Experimental: Wait for a specific condition on one or many resources.

 The command takes multiple resources and waits until the specified condition is seen in the Status field of every given resource.

 Alternatively, the command can wait for the given set of resources to be created or deleted by providing the "create" or "delete" keyword as the value to the --for flag.

 A successful message will be printed to stdout indicating when the specified condition has been met. You can use -o option to change to output destination.`,
  examples: `
# Wait for the pod "busybox1" to contain the status condition of type "Ready"
kubectl wait --for=condition=Ready pod/busybox1

# Wait for the pod "busybox1" to contain the status phase to be "Running"
kubectl wait --for=jsonpath='{.status.phase}'=Running pod/busybox1

# Wait for the pod "busybox1" to be deleted, with a timeout of 60s, after having issued the "delete" command
kubectl delete pod/busybox1
kubectl wait --for=delete pod/busybox1 --timeout=60s`,
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  flags: [
    ...printFlags(),
    ...filenameFlags('identifying the resource.'),
    allFlag('Select all resources in the namespace of the specified resource types'),
    allNamespacesFlag(),
    fieldSelectorFlag(),
    array(
      'for',
      "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. The default condition-value is true. Condition values are compared after Unicode simple case folding, which is a more general form of case-insensitivity. Repeat flag to wait for multiple conditions.",
    ),
    localFlag(),
    selectorFlag(),
    duration(
      'timeout',
      "The length of time to wait before giving up.  Zero means check once and don't wait, negative means wait for a week.",
      { default: '30s' },
    ),
  ],
  run,
}

const WEEK = 604_800_000

/** Whether an object has reached the wanted state. */
type Condition = (object: any) => boolean

async function run(session: Session): Promise<void> {
  const { flags } = session
  const conditions = flags.list('for')
  if (conditions.length === 0) throw new CliError('unrecognized condition: []')
  for (const text of conditions) await waitFor(session, text)
}

async function waitFor(session: Session, text: string): Promise<void> {
  const timeout = session.flags.duration('timeout')
  const deadline = session.process.uptime() + (timeout < 0 ? WEEK : timeout)
  const lower = text.toLowerCase()
  if (lower === 'create') return waitCreated(session, deadline)
  const condition = lower === 'delete' ? undefined : conditionOf(text)
  const { infos, errors } = await named(session, condition === undefined)
  const failed: Error[] = [...errors]
  if (infos.length === 0 && errors.length === 0) {
    if (condition === undefined) return
    throw new CliError('no matching resources found')
  }
  for (const info of infos) {
    try {
      const met = condition
        ? await untilMet(session, info, condition, deadline)
        : await untilGone(session, info, deadline)
      if (!met) throw new CliError(`timed out waiting for the condition on ${info.resource.resource}/${info.name}`)
      await session.print(printerFor(session, { operation: 'condition met' }).print(met))
    } catch (error) {
      failed.push(error as Error)
    }
  }
  throwAll(failed)
}

function named(session: Session, ignoreNotFound: boolean): Promise<Infos> {
  const { flags, args } = session
  return findInfos(session, args, {
    all: flags.bool('all'),
    allNamespaces: flags.bool('all-namespaces'),
    selector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    latest: true,
    ignoreNotFound,
  })
}

function conditionOf(text: string): Condition {
  const eq = text.indexOf('=')
  const kind = text.slice(0, eq < 0 ? text.length : eq).toLowerCase()
  const rest = eq < 0 ? '' : text.slice(eq + 1)
  if (kind === 'condition' && rest) {
    const [type = '', value = 'true'] = rest.split('=')
    return (object) => statusCondition(object, type, value)
  }
  if (kind === 'jsonpath' && rest) return jsonPathCondition(rest)
  throw new CliError(`unrecognized condition: ${JSON.stringify(text)}`)
}

function statusCondition(object: any, type: string, value: string): boolean {
  const found = (object.status?.conditions ?? []).find((c: any) => c.type.toLowerCase() === type.toLowerCase())
  if (!found) return false
  const generation = object.metadata?.generation
  const observed = found.observedGeneration ?? object.status?.observedGeneration
  if (generation !== undefined && observed !== undefined && observed < generation) return false
  return String(found.status).toLowerCase() === value.toLowerCase()
}

function jsonPathCondition(text: string): Condition {
  const close = text.lastIndexOf('}')
  const eq = text.indexOf('=', Math.max(0, close))
  const expression = (eq < 0 ? text : text.slice(0, eq)).replace(/^'|'$/g, '')
  const wanted = eq < 0 ? undefined : text.slice(eq + 1).replace(/^(['"])(.*)\1$/, '$2')
  if (wanted === '') throw new CliError('jsonpath wait has to have a value after equal sign')
  let path: JsonPath
  try {
    path = new JsonPath(relaxedExpression(expression))
  } catch (error) {
    if (error instanceof JsonPathError) throw new CliError(error.message)
    throw error
  }
  return (object) => {
    const values = path.find(object)
    if (values.length === 0) return false
    if (values.length > 1) throw new CliError('given jsonpath expression matches more than one value')
    const [value] = values
    if (wanted === undefined) return value !== null && value !== ''
    if (typeof value === 'object')
      throw new CliError('jsonpath leads to a nested object or list which is not supported')
    return String(value).trim() === wanted.trim()
  }
}

/** The object once the condition holds; undefined when the deadline came first. */
async function untilMet(session: Session, info: Info, condition: Condition, deadline: number): Promise<any> {
  const object = { apiVersion: info.object.apiVersion, kind: info.object.kind }
  if (condition(info.object)) return info.object
  const path = resourcePath(info.resource, info.namespace)
  const fieldSelector = `metadata.name=${info.name}`
  for (;;) {
    const list = await session.client.json({ path, query: [['fieldSelector', fieldSelector]] })
    const [item] = list.items ?? []
    if (item && condition({ ...object, ...item })) return { ...object, ...item }
    const met = await watchObject(session, info, list.metadata?.resourceVersion, deadline, (change) =>
      (change.type === 'ADDED' || change.type === 'MODIFIED') && condition(change.object)
        ? { ...object, ...change.object }
        : undefined,
    )
    if (met !== undefined) return met === 'late' ? undefined : met
  }
}

async function untilGone(session: Session, info: Info, deadline: number): Promise<any> {
  const gone = await waitGone(session, info, info.object?.metadata?.uid, deadline)
  return gone ? info.object : undefined
}

async function waitCreated(session: Session, deadline: number): Promise<void> {
  const { flags, args } = session
  const targets = hasFiles(session)
    ? []
    : await targetsOf(session, args, { all: flags.bool('all'), selector: flags.string('selector') })
  for (;;) {
    try {
      const { infos, errors } = await named(session, false)
      const other = errors.find((error) => !isNotFound(error))
      if (other) throw other
      if (errors.length === 0 && infos.length >= Math.max(1, targets.filter((t) => t.name).length)) {
        for (const info of infos)
          await session.print(
            printerFor(session, { operation: 'condition met' }).print((await refresh(session, info)).object),
          )
        return
      }
    } catch (error) {
      if (!isNotFound(error)) throw error
    }
    if (session.process.uptime() >= deadline) throw new CliError('timed out waiting for the condition')
    await session.process.sleep(500)
  }
}
