import type { Process } from '../../../sim/linux/process.ts'
import { CliError, ConfigurationError } from '../errors/errors.ts'
import { goFileError } from '../errors/report.ts'
import { toYaml } from '../yaml/dump.ts'
import { parseYaml } from '../yaml/load.ts'
import { emptyConfig, type KubeConfig } from './config.ts'

export interface LoadedConfig {
  config: KubeConfig
  /** Files in order of precedence; the first existing one is written to. */
  paths: readonly string[]
  /** Which file defined `clusters/NAME`, `contexts/NAME`, `users/NAME` or `current-context`. */
  origin: ReadonlyMap<string, string>
}

/** Where kubectl looks: `--kubeconfig`, `$KUBECONFIG`, `~/.kube/config`. */
export function configPaths(process: Process, flag: string): { paths: string[]; explicit: boolean } {
  if (flag) return { paths: [flag], explicit: true }
  const fromEnvironment = (process.env.get('KUBECONFIG') ?? '').split(':').filter(Boolean)
  if (fromEnvironment.length > 0) return { paths: fromEnvironment, explicit: false }
  return { paths: [`${process.env.get('HOME') ?? '/root'}/.kube/config`], explicit: false }
}

/** Reads and merges the kubeconfig files; what an earlier file says wins. */
export function loadConfig(process: Process, flag: string): LoadedConfig {
  const { paths, explicit } = configPaths(process, flag)
  const merged = emptyConfig()
  const origin = new Map<string, string>()
  for (const path of paths) {
    if (!process.files.exists(path)) {
      if (explicit) throw new CliError(`stat ${path}: no such file or directory`)
      continue
    }
    mergeInto(merged, origin, readConfig(process, path), path)
  }
  return { config: merged, paths, origin }
}

export function readConfig(process: Process, path: string): KubeConfig {
  let text: string
  try {
    text = process.files.readText(path)
  } catch (error) {
    throw new CliError(`error loading config file "${path}": ${goFileError('open', path, error)}`)
  }
  let parsed: unknown
  try {
    parsed = parseYaml(text)
  } catch (error) {
    throw new ConfigurationError(`error loading config file "${path}": ${(error as Error).message}`)
  }
  const value = (parsed ?? {}) as Partial<KubeConfig>
  return {
    ...emptyConfig(),
    ...value,
    clusters: value.clusters ?? [],
    contexts: value.contexts ?? [],
    users: value.users ?? [],
    'current-context': value['current-context'] ?? '',
  }
}

function mergeInto(merged: KubeConfig, origin: Map<string, string>, file: KubeConfig, path: string): void {
  for (const section of ['clusters', 'contexts', 'users'] as const) {
    for (const entry of file[section]) {
      if (merged[section].some((e) => e.name === entry.name)) continue
      ;(merged[section] as unknown[]).push(entry)
      origin.set(`${section}/${entry.name}`, path)
    }
  }
  if (!merged['current-context'] && file['current-context']) {
    merged['current-context'] = file['current-context']
    origin.set('current-context', path)
  }
  if (file.preferences && Object.keys(file.preferences).length > 0) merged.preferences = file.preferences
}

export function writeConfig(process: Process, path: string, config: KubeConfig): void {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  if (folder && !process.files.exists(folder)) process.files.mkdir(folder, { parents: true, mode: 0o755 })
  process.files.write(path, toYaml(config), { mode: 0o600 })
}
