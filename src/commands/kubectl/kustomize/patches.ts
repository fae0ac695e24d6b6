import { jsonPatch } from '../../../sim/kubernetes/apiserver/patch/json-patch.ts'
import { mergePatch } from '../../../sim/kubernetes/apiserver/patch/merge-patch.ts'
import { strategicMergePatch } from '../../../sim/kubernetes/apiserver/patch/strategic-merge-patch.ts'
import type { Process } from '../../../sim/linux/process.ts'
import { matchingLabels } from '../commands/create/selector.ts'
import { parseGroupVersion } from '../discovery/resource.ts'
import { CliError } from '../errors/errors.ts'
import { shapeOf } from '../patch/schema.ts'
import { parseYaml, splitDocuments } from '../yaml/load.ts'
import type { Resource } from './accumulate.ts'
import type { Kustomization, PatchTarget } from './kustomization.ts'

/** Changes resources by `patches`, `patchesStrategicMerge` and `patchesJson6902`. */
export function applyPatches(process: Process, folder: string, k: Kustomization, resources: Resource[]): void {
  const read = (path: string) => {
    const full = path.startsWith('/') ? path : `${folder}/${path}`
    if (!process.files.exists(full))
      throw new CliError(
        `failed to get the patch file from path(${path}): evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`,
      )
    return process.files.readText(full)
  }
  for (const entry of k.patchesStrategicMerge ?? []) {
    for (const patch of documents(entry.includes('\n') ? entry : read(entry))) strategic(resources, patch, undefined)
  }
  for (const { path, patch, target } of [...(k.patches ?? []), ...(k.patchesJson6902 ?? [])]) {
    const text = patch ?? read(path ?? '')
    for (const body of documents(text)) {
      if (Array.isArray(body)) {
        if (!target) throw new CliError(`must specify a target for patch ${JSON.stringify(text)}`)
        for (const r of matching(resources, target)) r.object = jsonPatch(r.object, body)
      } else strategic(resources, body, target)
    }
  }
}

const documents = (text: string): any[] =>
  splitDocuments(text)
    .map((document) => parseYaml(document) as any)
    .filter((value) => value !== null && value !== undefined)

function strategic(resources: Resource[], patch: any, target: PatchTarget | undefined): void {
  const { group, version } = parseGroupVersion(patch.apiVersion ?? '')
  const found = target
    ? matching(resources, target)
    : resources.filter(
        (r) =>
          r.object.kind === patch.kind &&
          r.object.apiVersion === (group ? `${group}/${version}` : version) &&
          (r.names.includes(patch.metadata?.name) || r.object.metadata.name === patch.metadata?.name),
      )
  if (found.length === 0 && !target) {
    throw new CliError(
      `no resource matches strategic merge patch "${patch.kind}.${version}.${group || '[noGrp]'}/${patch.metadata?.name}.[noNs]": no matches for Id ${patch.kind}.${version}.${group || '[noGrp]'}/${patch.metadata?.name}.[noNs]; failed to find unique target for patch ${patch.kind}.${version}.${group || '[noGrp]'}/${patch.metadata?.name}.[noNs]`,
    )
  }
  for (const resource of found) {
    if (patch.$patch === 'delete') {
      resources.splice(resources.indexOf(resource), 1)
      continue
    }
    const { name, namespace } = resource.object.metadata
    const shape = shapeOf(resource.object.apiVersion, resource.object.kind)
    const merged: any = shape ? strategicMergePatch(shape, resource.object, patch) : mergePatch(resource.object, patch)
    resource.object = { ...merged, metadata: { ...merged.metadata, name, ...(namespace ? { namespace } : {}) } }
  }
}

function matching(resources: readonly Resource[], target: PatchTarget): Resource[] {
  const full = (pattern: string | undefined, value: string) => !pattern || new RegExp(`^(?:${pattern})$`).test(value)
  const labels = matchingLabels(target.labelSelector ?? '')
  return resources.filter(({ object, names }) => {
    const { group, version } = parseGroupVersion(object.apiVersion)
    return (
      full(target.group, group) &&
      full(target.version, version) &&
      full(target.kind, object.kind) &&
      (full(target.name, object.metadata.name) || names.some((name) => full(target.name, name))) &&
      full(target.namespace, object.metadata.namespace ?? '') &&
      labels(object)
    )
  })
}
