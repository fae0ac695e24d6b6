import { parse, YAMLParseError } from 'yaml'
import type { Process } from '../../../sim/linux/process.ts'
import { absolute } from '../cli/container-options.ts'
import { CommandError } from '../cli/session.ts'
import { validateFile } from './validate.ts'

export interface ServiceFile {
  image?: string
  build?:
    | string
    | {
        context?: string
        dockerfile?: string
        args?: Record<string, string | number | null> | string[]
        target?: string
        no_cache?: boolean
      }
  profiles?: string[]
  cap_add?: string[]
  cap_drop?: string[]
  extra_hosts?: string[]
  dns?: string | string[]
  init?: boolean
  read_only?: boolean
  tmpfs?: string | string[]
  stop_signal?: string
  stop_grace_period?: string
  domainname?: string
  mem_limit?: string | number
  cpus?: string | number
  pid?: string
  ipc?: string
  sysctls?: Record<string, string | number> | string[]
  pull_policy?: string
  command?: string | string[]
  entrypoint?: string | string[]
  container_name?: string
  hostname?: string
  environment?: Record<string, string | number | boolean | null> | string[]
  env_file?: string | string[]
  ports?: (string | number | { target: number; published?: string | number; host_ip?: string; protocol?: string })[]
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
  volumes: Record<string, { name?: string; driver?: string; external?: boolean } | null>
  networks: Record<string, NetworkFile | null>
  /** Remarks on the file, told before anything is done. */
  warnings: string[]
}

export interface NetworkFile {
  name?: string
  driver?: string
  external?: boolean
  internal?: boolean
  ipam?: { config?: { subnet?: string; gateway?: string }[] }
}

const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

/** Reads the project of a folder, or of `-f`. Throws CommandError. */
export function loadProject(
  process: Process,
  options: {
    file: string | undefined
    name: string | undefined
    folder: string | undefined
    envFile: string | undefined
    profiles: readonly string[]
  },
): Project {
  const { files } = process
  const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/')) || '/'
  const file = options.file
    ? absolute(process.cwd, options.file)
    : searchUpwards(process, options.folder ? absolute(process.cwd, options.folder) : process.cwd)
  if (!file) throw new CommandError('no configuration file provided: not found', 14)
  if (!files.exists(file)) throw new CommandError(`open ${file}: no such file or directory`, 14)
  const folder = options.folder ? absolute(process.cwd, options.folder) : folderOf(file)
  const env = new Map(process.env)
  const dotEnv = options.envFile ? absolute(process.cwd, options.envFile) : `${folder === '/' ? '' : folder}/.env`
  if (options.envFile && !files.exists(dotEnv)) throw new CommandError(`couldn't find env file: ${dotEnv}`, 14)
  if (files.exists(dotEnv))
    for (const [name, value] of envLines(files.readText(dotEnv))) if (!env.has(name)) env.set(name, value)
  const warnings: string[] = []
  let value: Partial<Project> & { name?: string }
  try {
    value = interpolate(parse(files.readText(file)) ?? {}, env, warnings) as Partial<Project>
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw new CommandError(`yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]}`, 15)
    throw error
  }
  if ('version' in value)
    warnings.push(
      `${file}: the attribute \`version\` is obsolete, it will be ignored, please remove it to avoid potential confusion`,
    )
  validateFile(file, value)
  for (const [name, service] of Object.entries(value.services ?? {}))
    if (!service?.image && !service?.build)
      throw new CommandError(
        `service ${JSON.stringify(name)} has neither an image nor a build context specified: invalid compose project`,
        15,
      )
  if (!value.services || Object.keys(value.services).length === 0) throw new CommandError('no service selected', 14)
  const services = Object.fromEntries(
    Object.entries(value.services).filter(
      ([, { profiles }]) => !profiles?.length || profiles.some((profile) => options.profiles.includes(profile)),
    ),
  )
  checkReferences(value)
  const name = options.name ?? process.env.get('COMPOSE_PROJECT_NAME') ?? value.name ?? folder.split('/').at(-1)!
  return {
    name: name.toLowerCase().replace(/[^a-z0-9_-]/g, ''),
    folder,
    file,
    services,
    volumes: value.volumes ?? {},
    networks: value.networks ?? {},
    warnings,
  }
}

/** The file lies in this folder or in one above. */
function searchUpwards(process: Process, start: string): string | undefined {
  for (let folder = start; ; folder = folder.slice(0, folder.lastIndexOf('/')) || '/') {
    const found = FILES.map((name) => absolute(folder, name)).find((path) => process.files.exists(path))
    if (found || folder === '/') return found
  }
}

/** Services may only name networks and volumes that the file has. */
function checkReferences({ services = {}, networks = {}, volumes = {} }: Partial<Project>): void {
  const undefinedOne = (name: string, what: string) =>
    new CommandError(`service ${JSON.stringify(name)} refers to undefined ${what}: invalid compose project`, 15)
  for (const [name, service] of Object.entries(services)) {
    const own = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {})
    for (const network of own)
      if (network !== 'default' && !(network in (networks ?? {}))) throw undefinedOne(name, `network ${network}`)
    for (const volume of service.volumes ?? []) {
      const source =
        typeof volume === 'string'
          ? volume.includes(':')
            ? volume.slice(0, volume.indexOf(':'))
            : undefined
          : volume.type === 'volume'
            ? volume.source
            : undefined
      if (source && !/^[./~]/.test(source) && !(source in (volumes ?? {}))) throw undefinedOne(name, `volume ${source}`)
    }
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

function interpolate(value: unknown, env: ReadonlyMap<string, string>, warnings: string[]): unknown {
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
        const warning = `The ${JSON.stringify(plain ?? name)} variable is not set. Defaulting to a blank string.`
        if (found === undefined && !operator && !warnings.includes(warning)) warnings.push(warning)
        return found ?? ''
      },
    )
  if (Array.isArray(value)) return value.map((item) => interpolate(item, env, warnings))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, interpolate(item, env, warnings)]))
  return value
}

export const needsOf = ({ depends_on }: ServiceFile): string[] =>
  Array.isArray(depends_on) ? depends_on : Object.keys(depends_on ?? {})

/** Services after those they depend on. */
export function inOrder(project: Project, wanted: readonly string[]): string[] {
  const out: string[] = []
  const visit = (name: string, path: readonly string[]) => {
    if (out.includes(name)) return
    if (path.includes(name)) throw new CommandError(`dependency cycle detected: ${[...path, name].join(' -> ')}`, 15)
    const service = project.services[name]
    if (!service) throw new CommandError(`no such service: ${name}`)
    for (const need of needsOf(service)) {
      if (!project.services[need])
        throw new CommandError(
          `service ${JSON.stringify(name)} depends on undefined service ${JSON.stringify(need)}: invalid compose project`,
          15,
        )
      visit(need, [...path, name])
    }
    out.push(name)
  }
  for (const name of wanted.length > 0 ? wanted : Object.keys(project.services).sort()) visit(name, [])
  return out
}
