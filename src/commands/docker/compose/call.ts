import type { Process } from '../../../sim/linux/process.ts'
import { DaemonError, type EngineClient } from '../cli/engine-client.ts'
import type { Flag } from '../cli/flag.ts'
import type { FlagValues } from '../cli/flag-values.ts'
import { CommandError, type Session } from '../cli/session.ts'
import type { ContainerSummary } from '../format/containers.ts'
import type { Project } from './project.ts'

/** A running compose command. */
export interface ComposeCall {
  process: Process
  project: Project
  client: EngineClient
  flags: FlagValues
  args: readonly string[]
}

export interface ComposeCommand {
  name: string
  usage: string
  summary: string
  flags: readonly Flag[]
  /** Flags after the first argument belong to what is run. */
  passesArguments?: boolean
  run(call: ComposeCall): Promise<number>
}

export const serviceOf = (one: ContainerSummary) => one.Labels['com.docker.compose.service'] ?? ''
export const nameOf = (one: ContainerSummary) => one.Names[0]!.replace(/^\//, '')
const isOneOff = (one: ContainerSummary) => one.Labels['com.docker.compose.oneoff'] === 'True'

export async function exists(client: EngineClient, path: string): Promise<boolean> {
  try {
    await client.get(path)
    return true
  } catch (error) {
    if (error instanceof DaemonError && error.status === 404) return false
    throw error
  }
}

/** The project's containers, of the services named on the command line. */
export async function containersOf(
  call: ComposeCall,
  options: { all?: boolean; oneOff?: boolean } = {},
): Promise<ContainerSummary[]> {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${call.project.name}`] })
  const all = options.all === false ? {} : { all: 1 }
  const list = await call.client.get<ContainerSummary[]>('/containers/json', { filters, ...all })
  for (const name of call.args)
    if (!call.project.services[name] && !list.some((one) => serviceOf(one) === name))
      throw new CommandError(`no such service: ${name}`)
  return list
    .filter((one) => options.oneOff || !isOneOff(one))
    .filter((one) => call.args.length === 0 || call.args.includes(serviceOf(one)))
    .sort((a, b) => (a.Names[0]! < b.Names[0]! ? -1 : 1))
}

/** A docker command run on behalf of compose. */
export function session(call: ComposeCall, values: FlagValues, args: readonly string[], path: string): Session {
  const { process, client } = call
  return {
    process,
    client,
    flags: values,
    args,
    path,
    print: (text) => process.print(text),
    printError: (text) => process.printError(text),
  }
}
