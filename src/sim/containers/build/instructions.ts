import type { ContainerConfig } from '../images/config.ts'
import { BuildError } from './build-error.ts'
import { type Instruction, instruction, jsonForm, pairs, substitute, words } from './dockerfile.ts'

/** What an instruction that only changes the configuration did: how history shows it, and a folder that must exist. */
export interface Outcome {
  label: string
  folder?: string
}

/** Where ARG gets its values from. */
export interface BuildArguments {
  /** Of `--build-arg`. */
  argument(name: string): string | undefined
  /** Of an ARG before the first FROM. */
  globalArgument(name: string): string | undefined
}

/** What an instruction sees and changes of a stage. */
export interface StageState {
  config: ContainerConfig
  author: string | undefined
  /** Build arguments declared in this stage. */
  readonly args: Map<string, string | undefined>
  cmdSet: boolean
  /** A variable's value: the environment's, or a build argument's. */
  environment(name: string): string | undefined
}

type Change = (builder: BuildArguments, stage: StageState, step: Instruction) => Outcome

const list = (argv: readonly string[]) => `[${argv.map((arg) => JSON.stringify(arg)).join(' ')}]`

function expand(stage: StageState, text: string): string {
  return substitute(text, (name) => stage.environment(name))
}

function form(stage: StageState, rest: string): string[] {
  return jsonForm(rest) ?? (rest === '' ? [] : [...(stage.config.Shell ?? ['/bin/sh', '-c']), rest])
}

function setEnv(env: readonly string[] | null, name: string, value: string): string[] {
  const lines = [...(env ?? [])]
  const at = lines.findIndex((line) => line.startsWith(`${name}=`))
  if (at >= 0) lines[at] = `${name}=${value}`
  else lines.push(`${name}=${value}`)
  return lines
}

function nanoseconds(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  const units: Record<string, number> = { ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }
  let sum = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) sum += Number(number) * units[unit!]!
  if (sum === 0 && text !== '0' && text !== '0s') throw new BuildError(`time: invalid duration "${text}"`)
  if (sum > 0 && sum < 1e6) throw new BuildError(`Interval "${flag}" cannot be less than 1ms`)
  return sum
}

const healthcheck: Change = (_builder, stage, step) => {
  const [, kind = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(step.rest) ?? []
  if (kind.toUpperCase() === 'NONE') {
    stage.config.Healthcheck = { Test: ['NONE'] }
    return { label: ' HEALTHCHECK NONE' }
  }
  if (kind.toUpperCase() !== 'CMD')
    throw new BuildError(`Unknown type ${JSON.stringify(kind)} in HEALTHCHECK (try CMD)`)
  const argv = jsonForm(rest)
  const Interval = nanoseconds(step.flags.interval, 'interval')
  const Timeout = nanoseconds(step.flags.timeout, 'timeout')
  const StartPeriod = nanoseconds(step.flags['start-period'], 'start-period')
  const Test = argv ? ['CMD', ...argv] : ['CMD-SHELL', rest]
  stage.config.Healthcheck = {
    Test,
    ...(Interval ? { Interval } : {}),
    ...(Timeout ? { Timeout } : {}),
    ...(StartPeriod ? { StartPeriod } : {}),
    ...(step.flags.retries ? { Retries: Number(step.flags.retries) } : {}),
  }
  const shown = Object.entries(step.flags)
    .map(([name, value]) => `--${name}=${value} `)
    .join('')
  return { label: ` HEALTHCHECK &{${list(Test)} ${JSON.stringify(shown)}}` }
}

/** Instructions that make no files (WORKDIR makes a folder), by name. */
export const INSTRUCTIONS: Readonly<Record<string, Change>> = {
  ARG: (builder, stage, step) => {
    const labels: string[] = []
    for (const word of words(step.rest)) {
      const [name = '', fallback] = word.split(/=(.*)/s)
      const value =
        builder.argument(name) ?? (fallback === undefined ? builder.globalArgument(name) : expand(stage, fallback))
      stage.args.set(name, value)
      labels.push(fallback === undefined ? name : `${name}=${fallback}`)
    }
    return { label: ` ARG ${labels.join(' ')}` }
  },
  CMD: (_builder, stage, step) => {
    const argv = form(stage, step.rest)
    stage.config.Cmd = argv
    stage.cmdSet = true
    return { label: ` CMD ${list(argv)}` }
  },
  ENTRYPOINT: (_builder, stage, step) => {
    const argv = form(stage, step.rest)
    stage.config.Entrypoint = argv
    // A new entrypoint makes the base image's command meaningless.
    if (!stage.cmdSet) stage.config.Cmd = null
    return { label: ` ENTRYPOINT ${list(argv)}` }
  },
  ENV: (_builder, stage, step) => {
    const added = pairs(expand(stage, step.rest))
    for (const [name, value] of added) {
      if (name === '') throw new BuildError('ENV names can not be blank')
      stage.config.Env = setEnv(stage.config.Env, name, value)
    }
    return { label: ` ENV ${added.map(([name, value]) => `${name}=${value}`).join(' ')}` }
  },
  EXPOSE: (_builder, stage, step) => {
    const ports = words(expand(stage, step.rest))
    for (const port of ports) {
      const [number = '', protocol = 'tcp'] = port.split('/')
      const [from = 0, to = from] = number.split('-').map(Number)
      if (!/^\d+(?:-\d+)?$/.test(number)) throw new BuildError(`invalid containerPort: ${number}`)
      for (let one = from; one <= to; one++)
        stage.config.ExposedPorts = { ...stage.config.ExposedPorts, [`${one}/${protocol}`]: {} }
    }
    return { label: ` EXPOSE ${ports.join(' ')}` }
  },
  HEALTHCHECK: healthcheck,
  LABEL: (_builder, stage, step) => {
    const added = pairs(expand(stage, step.rest))
    stage.config.Labels = { ...stage.config.Labels, ...Object.fromEntries(added) }
    return { label: ` LABEL ${added.map(([name, value]) => `${name}=${value}`).join(' ')}` }
  },
  MAINTAINER: (_builder, stage, step) => {
    stage.author = step.rest
    return { label: ` MAINTAINER ${step.rest}` }
  },
  ONBUILD: (_builder, stage, step) => {
    const trigger = instruction(step.rest, step.line)
    if (['ONBUILD', 'MAINTAINER', 'FROM'].includes(trigger.name))
      throw new BuildError(
        trigger.name === 'ONBUILD'
          ? "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
          : `${trigger.name} isn't allowed as an ONBUILD trigger`,
      )
    stage.config.OnBuild = [...(stage.config.OnBuild ?? []), step.rest]
    return { label: ` ONBUILD ${step.rest}` }
  },
  SHELL: (_builder, stage, step) => {
    const argv = jsonForm(step.rest)
    if (!argv?.length) throw new BuildError('SHELL requires the arguments to be in JSON form')
    stage.config.Shell = argv
    return { label: ` SHELL ${list(argv)}` }
  },
  STOPSIGNAL: (_builder, stage, step) => {
    stage.config.StopSignal = expand(stage, step.rest)
    return { label: ` STOPSIGNAL ${stage.config.StopSignal}` }
  },
  USER: (_builder, stage, step) => {
    stage.config.User = expand(stage, step.rest)
    return { label: ` USER ${stage.config.User}` }
  },
  VOLUME: (_builder, stage, step) => {
    const paths = jsonForm(step.rest) ?? words(expand(stage, step.rest))
    stage.config.Volumes = { ...stage.config.Volumes, ...Object.fromEntries(paths.map((path) => [path, {}])) }
    return { label: ` VOLUME [${paths.join(' ')}]` }
  },
  WORKDIR: (_builder, stage, step) => {
    const path = expand(stage, step.rest).replace(/^"(.*)"$/, '$1')
    const joined = path.startsWith('/') ? path : `${stage.config.WorkingDir}/${path}`
    const parts: string[] = []
    for (const part of joined.split('/')) {
      if (part === '' || part === '.') continue
      if (part === '..') parts.pop()
      else parts.push(part)
    }
    stage.config.WorkingDir = `/${parts.join('/')}`
    return { label: `WORKDIR ${stage.config.WorkingDir}`, folder: stage.config.WorkingDir }
  },
}
