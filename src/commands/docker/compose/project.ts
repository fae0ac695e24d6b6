import { parse, YAMLParseError } from 'yaml'
import type { Process } from '../../../sim/linux/process.ts'
import { absolute } from '../cli/container-options.ts'
import { CommandError } from '../cli/session.ts'

export interface ServiceFile {
  image?: string
  build?: string | { context?: string; dockerfile?: string; args?: Record<string, string>; target?: string }
  command?: string | string[]
  entrypoint?: string | string[]
  container_name?: string
  hostname?: string
  environment?: Record<string, string | number | boolean | null> | string[]
  env_file?: string | string[]
  ports?: (string | number)[]
  expose?: (string | number)[]
  volumes?: (string | { type: string; source?: string; target: string; read_only?: boolean })[]
  depends_on?: string[] | Record<string, { condition?: string }>
  networks?: string[] | Record<string, { aliases?: string[]; ipv4_address?: string } | null>
  network_mode?: string
  restart?: string
  working_dir?: string
  user?: string
  labels?: Record<string, string> | string[]
  tty?: boolean
  stdin_open?: boolean
  privileged?: boolean
  healthcheck?: {
    test?: string | string[]
    interval?: string
    timeout?: string
    retries?: number
    start_period?: string
    disable?: boolean
  }
}

export interface Project {
  name: string
  folder: string
  file: string
  services: Record<string, ServiceFile>
  volumes: Record<string, { name?: string; external?: boolean } | null>
  networks: Record<string, { name?: string; driver?: string; external?: boolean } | null>
}

const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

/** Reads the project of a folder, or of `-f`. Throws CommandError. */
export function loadProject(process: Process, options: { file?: string; name?: string }): Project {
  const { files } = process
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/'
  const file = options.file
    ? absolute(process.cwd, options.file)
    : FILES.map((name) => absolute(process.cwd, name)).find((path) => files.exists(path))
  if (!file) throw new CommandError('no configuration file provided: not found', 14)
  if (!files.exists(file)) throw new CommandError(`open ${file}: no such file or directory`, 14)
  const folder = folderOf(file)
  const env = new Map(process.env)
  const dotEnv = `${folder === '/' ? '' : folder}/.env`
  if (files.exists(dotEnv))
    for (const [name, value] of envLines(files.readText(dotEnv))) if (!env.has(name)) env.set(name, value)
  let value: Partial<Project> & { name?: string }
  try {
    value = interpolate(parse(files.readText(file)) ?? {}, env) as Partial<Project>
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new CommandError(`yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`, 15)
    throw error
  }
  if (!value.services || Object.keys(value.services).length === 0) throw new CommandError('no service selected', 14)
  for (const [name, service] of Object.entries(value.services))
    if (!service?.image && !service?.build)
      throw new CommandError(
        `service "${name}" has neither an image nor a build context specified: invalid compose project`,
        15,
      )
  const name = options.name ?? process.env.get('COMPOSE_PROJECT_NAME') ?? value.name ?? folder.split('/').at(-1)!
  return {
    name: name.toLowerCase().replace(/[^a-z0-9_-]/g, ''),
    folder,
    file,
    services: value.services,
    volumes: value.volumes ?? {},
    networks: value.networks ?? {},
  }
}

export function envLines(text: string): [string, string][] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && line.includes('='))
    .map((line) => [
      line.slice(0, line.indexOf('=')).trim(),
      line
        .slice(line.indexOf('=') + 1)
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2'),
    ])
}

function interpolate(value: unknown, env: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string')
    return value.replace(
      /\$\$|\$(?:(\w+)|\{(\w+)(?:(:?[-?+])([^}]*))?\})/g,
      (whole, plain?: string, name?: string, operator?: string, word?: string) => {
        if (whole === '$$') return '$'
        const found = env.get(plain ?? name ?? '')
        const empty = operator?.startsWith(':') ? !found : found === undefined
        if (operator?.endsWith('-') && empty) return word ?? ''
        if (operator?.endsWith('?') && empty)
          throw new CommandError(`required variable ${name} is missing a value: ${word}`, 15)
        if (operator?.endsWith('+')) return empty ? '' : (word ?? '')
        return found ?? ''
      },
    )
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, env)]))
  return value
}

/** Services after those they depend on. */
export function inOrder(project: Project, wanted: readonly string[]): string[] {
  const out: string[] = []
  const visit = (name: string, path: readonly string[]) => {
    if (out.includes(name)) return
    if (path.includes(name)) throw new CommandError(`dependency cycle detected: ${[...path, name].join(' -> ')}`, 15)
    const service = project.services[name]
    if (!service) throw new CommandError(`no such service: ${name}`)
    const needs = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {})
    for (const need of needs) visit(need, [...path, name])
    out.push(name)
  }
  for (const name of wanted.length > 0 ? wanted : Object.keys(project.services).sort()) visit(name, [])
  return out
}
