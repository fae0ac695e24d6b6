import type { Process } from '../../sim/linux/process.ts'
import { Exit } from './command.ts'
import { capture } from './shell.ts'

export interface ProfileNode {
  /** Its machine: `minikube`, `minikube-m02`. */
  machine: string
  ip: string
  controlPlane: boolean
}

/** What minikube keeps of a cluster in ~/.minikube/profiles/NAME/config.json. */
export interface Profile {
  name: string
  driver: string
  kubernetesVersion: string
  runtime: string
  apiPort: number
  cpus: number
  /** MB */
  memory: number
  nodes: ProfileNode[]
  addons: Record<string, boolean>
}

export const home = (process: Process): string =>
  process.env.get('MINIKUBE_HOME') ?? `${process.env.get('HOME') ?? '/root'}/.minikube`
const folder = (process: Process, name: string) => `${home(process)}/profiles/${name}`

export function loadProfile(process: Process, name: string): Profile | undefined {
  const path = `${folder(process, name)}/config.json`
  return process.files.exists(path) ? (JSON.parse(process.files.readText(path)) as Profile) : undefined
}

export function saveProfile(process: Process, profile: Profile): void {
  process.files.mkdir(folder(process, profile.name), { parents: true })
  process.files.write(`${folder(process, profile.name)}/config.json`, `${JSON.stringify(profile, null, '\t')}\n`)
}

export function removeProfile(process: Process, name: string): void {
  const path = folder(process, name)
  if (!process.files.exists(path)) return
  for (const entry of process.files.list(path)) process.files.unlink(`${path}/${entry.name}`)
  process.files.rmdir(path)
}

export function profiles(process: Process): Profile[] {
  const path = `${home(process)}/profiles`
  if (!process.files.exists(path)) return []
  return process.files.list(path).flatMap(({ name }) => loadProfile(process, name) ?? [])
}

/** The profile, or the words with which minikube ends when there is none. */
export function needProfile(process: Process, name: string): Profile {
  const found = loadProfile(process, name)
  if (found) return found
  throw new Exit('', `Profile "${name}" not found. Run "minikube profile list" to view all profiles.`, 85)
}

/** `running`, `exited`, …; undefined when there is no such container. */
export async function containerState(process: Process, machine: string): Promise<string | undefined> {
  const { stdout, status } = await capture(process, [
    'docker',
    'container',
    'inspect',
    machine,
    '--format',
    '{{.State.Status}}',
  ])
  return status === 0 ? stdout.trim() : undefined
}

/** The name of the n-th node's machine, from 1. */
export const machineName = (profile: string, n: number): string =>
  n === 1 ? profile : `${profile}-m${String(n).padStart(2, '0')}`

/** Whether a node is meant: by its machine, or by the end of that (`m02`). */
export const isNamed = ({ machine }: ProfileNode, name: string): boolean =>
  machine === name || machine.endsWith(`-${name}`)
