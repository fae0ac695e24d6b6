/** What of a kustomization file is understood. */
export interface Kustomization {
  resources?: string[]
  bases?: string[]
  components?: string[]
  namespace?: string
  namePrefix?: string
  nameSuffix?: string
  commonLabels?: Record<string, string>
  labels?: { pairs: Record<string, string>; includeSelectors?: boolean; includeTemplates?: boolean }[]
  commonAnnotations?: Record<string, string>
  images?: { name: string; newName?: string; newTag?: string; digest?: string }[]
  replicas?: { name: string; count: number }[]
  configMapGenerator?: GeneratorArgs[]
  secretGenerator?: GeneratorArgs[]
  generatorOptions?: GeneratorOptions
  patches?: { path?: string; patch?: string; target?: PatchTarget }[]
  patchesStrategicMerge?: string[]
  patchesJson6902?: { path?: string; patch?: string; target: PatchTarget }[]
}

export interface GeneratorOptions {
  disableNameSuffixHash?: boolean
  labels?: Record<string, string>
  annotations?: Record<string, string>
  immutable?: boolean
}

export interface GeneratorArgs {
  name: string
  namespace?: string
  behavior?: 'create' | 'merge' | 'replace'
  literals?: string[]
  files?: string[]
  envs?: string[]
  env?: string
  type?: string
  options?: GeneratorOptions
}

export interface PatchTarget {
  group?: string
  version?: string
  kind?: string
  name?: string
  namespace?: string
  labelSelector?: string
  annotationSelector?: string
}
