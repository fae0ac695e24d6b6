import type { Process } from '../../../sim/linux/process.ts'
import { base64, utf8 } from '../commands/create/key-values.ts'
import { CliError } from '../errors/errors.ts'
import type { Resource } from './accumulate.ts'
import type { GeneratorArgs, Kustomization } from './kustomization.ts'

/** Adds (or merges) what configMapGenerator and secretGenerator make. */
export function generate(process: Process, folder: string, k: Kustomization, resources: Resource[]): void {
  for (const args of k.configMapGenerator ?? []) add(resources, args, k, configMap(process, folder, args))
  for (const args of k.secretGenerator ?? []) add(resources, args, k, secret(process, folder, args))
}

function values(process: Process, folder: string, args: GeneratorArgs): [string, Uint8Array][] {
  const encoder = new TextEncoder()
  const read = (path: string) => {
    const full = path.startsWith('/') ? path : `${folder}/${path}`
    if (!process.files.exists(full))
      throw new CliError(
        `loading KV pairs: file sources: [${path}]: evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`,
      )
    return process.files.readBytes(full)
  }
  const out: [string, Uint8Array][] = []
  for (const path of [...(args.envs ?? []), ...(args.env ? [args.env] : [])]) {
    for (const line of new TextDecoder().decode(read(path)).split('\n')) {
      const text = line.trim()
      if (text === '' || text.startsWith('#')) continue
      const eq = text.indexOf('=')
      out.push(eq < 0 ? [text, encoder.encode('')] : [text.slice(0, eq), encoder.encode(text.slice(eq + 1))])
    }
  }
  for (const literal of args.literals ?? []) {
    const eq = literal.indexOf('=')
    if (eq <= 0)
      throw new CliError(
        `loading KV pairs: literal sources: [${literal}]: invalid literal source ${literal}, expected key=value`,
      )
    out.push([literal.slice(0, eq), encoder.encode(literal.slice(eq + 1).replace(/^(['"])(.*)\1$/s, '$2'))])
  }
  for (const source of args.files ?? []) {
    const eq = source.indexOf('=')
    const [key, path] = eq < 0 ? [source.split('/').at(-1)!, source] : [source.slice(0, eq), source.slice(eq + 1)]
    out.push([key, read(path)])
  }
  return out
}

function configMap(process: Process, folder: string, args: GeneratorArgs): any {
  const data: Record<string, string> = {}
  const binaryData: Record<string, string> = {}
  for (const [key, bytes] of values(process, folder, args)) {
    const text = utf8(bytes)
    if (text === undefined) binaryData[key] = base64(bytes)
    else data[key] = text
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: args.name },
    ...(Object.keys(data).length > 0 ? { data } : {}),
    ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
  }
}

function secret(process: Process, folder: string, args: GeneratorArgs): any {
  const data = Object.fromEntries(values(process, folder, args).map(([key, bytes]) => [key, base64(bytes)]))
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: args.name },
    ...(Object.keys(data).length > 0 ? { data } : {}),
    type: args.type ?? 'Opaque',
  }
}

function add(resources: Resource[], args: GeneratorArgs, k: Kustomization, object: any): void {
  const options = { ...k.generatorOptions, ...args.options }
  if (args.namespace) object.metadata.namespace = args.namespace
  const labels = { ...k.generatorOptions?.labels, ...args.options?.labels }
  const annotations = { ...k.generatorOptions?.annotations, ...args.options?.annotations }
  if (Object.keys(labels).length > 0) object.metadata.labels = labels
  if (Object.keys(annotations).length > 0) object.metadata.annotations = annotations
  if (options.immutable) object.immutable = true
  const hashed = !options.disableNameSuffixHash
  const existing = resources.find((r) => r.object.kind === object.kind && r.names.includes(args.name))
  if (!existing || !args.behavior || args.behavior === 'create') {
    if (existing)
      throw new CliError(`merging from generator: id resid.ResId{} exists; behavior must be merge or replace`)
    resources.push({ object, names: [args.name], hashed })
    return
  }
  const { name } = existing.object.metadata
  const merged =
    args.behavior === 'merge' ? { ...existing.object, data: { ...existing.object.data, ...object.data } } : object
  existing.object = { ...merged, metadata: { ...existing.object.metadata, ...object.metadata, name } }
}
