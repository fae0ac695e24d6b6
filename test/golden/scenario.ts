import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'

/** A command typed in the recording; compared. */
export interface RunStep {
  kind: 'run'
  run: string
  stdout: string
  stderr: string
  exit: number
  unstable: boolean
  /** Lines typed at prompts, when it ran under a pseudo terminal. */
  input: string[] | undefined
  /** The terminal's content at the end, rendered. */
  screen: string | undefined
}

/** A command polled until its output matches; not compared. */
export interface WaitStep {
  kind: 'wait'
  wait: string
  until: RegExp
  /** Seconds. */
  timeout: number
}

/** A fault from outside. */
export interface ActStep {
  kind: 'act'
  act: 'node-down' | 'node-up'
  node: string
}

export type Step = RunStep | WaitStep | ActStep

/** One recorded file. */
export interface Scenario {
  path: string
  /** The folder it lies in: `rollouts`. */
  area: string
  title: string
  /** A Docker recording: a machine of its own instead of a cluster. */
  docker: boolean
  images: string[]
  files: Record<string, string>
  steps: Step[]
  header: Record<string, unknown>
}

/** Every recording below a folder (or the file itself), in order of path. */
export function findScenarios(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const child = join(path, name)
      if (statSync(child).isDirectory()) return findScenarios(child)
      return name.endsWith('.yaml') ? [child] : []
    })
}

export function loadScenario(path: string): Scenario {
  const raw = parse(readFileSync(path, 'utf8'), { merge: true }) as Record<string, any>
  return {
    path,
    area: basename(dirname(path)),
    title: String(raw.title ?? ''),
    docker: raw.recorded?.docker !== undefined,
    images: raw.images ?? [],
    files: raw.files ?? {},
    header: raw.recorded ?? {},
    steps: (raw.steps as Record<string, any>[]).map(toStep),
  }
}

function toStep(raw: Record<string, any>): Step {
  if (raw.act !== undefined) {
    const [act, node] = String(raw.act).split(/\s+/)
    return { kind: 'act', act: act as ActStep['act'], node: node ?? '' }
  }
  if (raw.wait !== undefined)
    return { kind: 'wait', wait: raw.wait, until: new RegExp(raw.until, 'm'), timeout: raw.timeout ?? 60 }
  return {
    kind: 'run',
    run: String(raw.run),
    stdout: text(raw.stdout),
    stderr: text(raw.stderr),
    exit: raw.exit ?? 0,
    unstable: raw.unstable === true,
    input: raw.tty ? (raw.input ?? []).map(String) : undefined,
    screen: raw.tty ? text(raw.screen) : undefined,
  }
}

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
