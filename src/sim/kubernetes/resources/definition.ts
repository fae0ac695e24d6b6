import type { FieldError } from '../api/field-error.ts'
import type { KubeObject, ResourceName } from '../api/object.ts'

/** What a kind's code may ask of the server it runs in. */
export interface KindContext {
  get<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
  ): T | undefined
  list<T extends KubeObject = KubeObject>(resource: ResourceName, namespace?: string): readonly T[]
  /** ms since 1970 */
  now(): number
  /** RFC 3339, of now */
  timestamp(): string
  /** A warning header of the answer. */
  warn(text: string): void
  readonly user: { name: string; groups: readonly string[] }
  readonly dryRun: boolean
  readonly operation: 'CREATE' | 'UPDATE'
}

export type Cell = string | number | boolean | null

/** How a subresource that is a part of the object is written. */
export interface SubresourceUpdate {
  /** Takes over from the body only what the subresource is for. */
  prepare(object: any, old: any): void
  validate(object: any, old: any, context: KindContext): FieldError[]
}

/** What is particular to one kind. Everything else comes from the API's field data. */
export interface KindDefinition {
  /** `pods`, `deployments.apps` */
  readonly resource: ResourceName
  /** Fills in what was left out. Changes the object. Applied to every version-converted input. */
  defaults?(object: any): void
  /** Before admission and validation of a new object: initial status and what clients may not set. */
  prepareCreate?(object: any, context: KindContext): void
  prepareUpdate?(object: any, old: any, context: KindContext): void
  prepareStatusUpdate?(object: any, old: any, context: KindContext): void
  validate?(object: any, context: KindContext): FieldError[]
  /** In addition to `validate`, unless `update` replaces it. */
  validateUpdate?(object: any, old: any, context: KindContext): FieldError[]
  validateStatusUpdate?(object: any, old: any, context: KindContext): FieldError[]
  /** By name: `resize`. */
  subresources?: Record<string, SubresourceUpdate>
  warnings?(object: any, old: any | undefined, context: KindContext): string[]
  /** Field selectors beyond metadata.name and metadata.namespace. */
  fields?: Record<string, (object: any) => string>
  /** A Table row, in the order of the columns of `api/data/columns`. */
  cells?(object: any, now: number): Cell[]
  /** The rule for metadata.name; a DNS subdomain unless given. */
  name?: 'subdomain' | 'label' | 'service' | 'path'
  /** Called after the object was stored or removed (not in a dry run). */
  afterWrite?(object: any, old: any | undefined, context: KindContext): void
}
