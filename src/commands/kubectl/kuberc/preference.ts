import type { Process } from '../../../sim/linux/process.ts'
import { CliError } from '../errors/errors.ts'
import { toYaml } from '../yaml/dump.ts'
import { parseYaml } from '../yaml/load.ts'

export interface Option {
  name: string
  default: string
}

/** A kuberc file (kubectl.config.k8s.io/v1beta1 Preference). */
export interface Preference {
  defaults: { command: string; options?: Option[] }[]
  aliases: { name: string; command: string; prependArgs?: string[]; appendArgs?: string[]; options?: Option[] }[]
}

/** Where preferences are kept; undefined when they are turned off. */
export function kubercPath(process: Process, explicit: string): string | undefined {
  if (explicit) return explicit
  const fromEnvironment = process.env.get('KUBERC')
  if (fromEnvironment === 'off' || process.env.get('KUBECTL_KUBERC') === 'false') return undefined
  return fromEnvironment || `${process.env.get('HOME') ?? '/root'}/.kube/kuberc`
}

export function readPreference(process: Process, path: string): Preference {
  let value: any
  try {
    value = parseYaml(process.files.readText(path)) ?? {}
  } catch (error) {
    throw new CliError(`error parsing kuberc file ${path}: ${(error as Error).message}`)
  }
  // Version v1alpha1 called them flags and overrides.
  const options = (entry: any) => ({ ...entry, options: entry.options ?? entry.flags })
  return {
    defaults: (value.defaults ?? value.overrides ?? []).map(options),
    aliases: (value.aliases ?? []).map(options),
  }
}

export function preferenceText(preference: Preference): string {
  return toYaml({
    apiVersion: 'kubectl.config.k8s.io/v1beta1',
    kind: 'Preference',
    aliases: preference.aliases.length > 0 ? preference.aliases : null,
    defaults: preference.defaults.length > 0 ? preference.defaults : null,
  })
}
