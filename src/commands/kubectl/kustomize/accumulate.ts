import type { Process } from '../../../sim/linux/process.ts'
import { CliError } from '../errors/errors.ts'
import { parseYaml, splitDocuments } from '../yaml/load.ts'
import { generate } from './generators.ts'
import type { Kustomization } from './kustomization.ts'
import { applyPatches } from './patches.ts'
import { transform } from './transform.ts'

export interface Resource {
  object: any
  /** Names it has had, the first one being that of its file: by these others refer to it. */
  names: string[]
  /** Gets a content hash behind its name. */
  hashed?: boolean
}

const FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** Objects of one kustomization: its resources and bases, generated, patched and transformed. */
export function accumulate(process: Process, folder: string, warnings: string[]): Resource[] {
  const k = readKustomization(process, folder, warnings)
  const resources: Resource[] = []
  for (const entry of [...(k.resources ?? []), ...(k.bases ?? []), ...(k.components ?? [])]) {
    resources.push(...readEntry(process, folder, entry, warnings))
  }
  generate(process, folder, k, resources)
  applyPatches(process, folder, k, resources)
  transform(k, resources)
  return resources
}

function readKustomization(process: Process, folder: string, warnings: string[]): Kustomization {
  const found = FILES.map((name) => `${folder}/${name}`).filter((path) => process.files.exists(path))
  if (found.length === 0) {
    const full = folder.startsWith('/') ? folder : `${process.cwd}/${folder}`
    throw new CliError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${full}'`,
    )
  }
  if (found.length > 1) throw new CliError(`Found multiple kustomization files under: ${folder}`)
  const k = (parse(process, found[0]!) ?? {}) as Kustomization
  const deprecated = (field: string, other: string) =>
    warnings.push(
      `'${field}' is deprecated. Please use '${other}' instead. Run 'kustomize edit fix' to update your Kustomization automatically.`,
    )
  if (k.bases) deprecated('bases', 'resources')
  if (k.commonLabels) deprecated('commonLabels', 'labels')
  if (k.patchesJson6902) deprecated('patchesJson6902', 'patches')
  if (k.patchesStrategicMerge) deprecated('patchesStrategicMerge', 'patches')
  return k
}

function parse(process: Process, path: string): unknown {
  try {
    return parseYaml(process.files.readText(path))
  } catch (error) {
    throw new CliError(`invalid Kustomization: ${(error as Error).message}`)
  }
}

function readEntry(process: Process, folder: string, entry: string, warnings: string[]): Resource[] {
  const path = entry.startsWith('/') ? entry : `${folder}/${entry}`
  if (/^https?:\/\//.test(entry)) throw new CliError(`not simulated: a kustomization resource from ${entry}`)
  if (!process.files.exists(path)) {
    const full = path.startsWith('/') ? path : `${process.cwd}/${path}`
    throw new CliError(
      `accumulating resources: accumulation err='accumulating resources from '${entry}': evalsymlink failure on '${full}' : lstat ${full}: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`,
    )
  }
  if (process.files.stat(path).type === 'directory') return accumulate(process, path.replace(/\/+$/, ''), warnings)
  return splitDocuments(process.files.readText(path))
    .map((text) => parseYaml(text) as any)
    .filter((object) => object !== null && object !== undefined)
    .flatMap((object) => (object.kind?.endsWith('List') && Array.isArray(object.items) ? object.items : [object]))
    .map((object) => ({ object, names: [object.metadata?.name ?? ''] }))
}
