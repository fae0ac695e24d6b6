import type { KubeObject } from '../../api/object.ts'
import type { KindContext } from '../../resources/definition.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions } from '../request-context.ts'

export interface AdmissionAttributes {
  operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'
  info: ResourceInfo
  subresource: string
  namespace: string | undefined
  name: string
  /** May be changed while admitting; absent on DELETE. */
  object: KubeObject | undefined
  /** Read-only. */
  old: KubeObject | undefined
  options: CallOptions
  context: KindContext
  /** The request's options object: CreateOptions, UpdateOptions, DeleteOptions. */
  operationOptions?: object
  /** Which resource serves a kind. */
  resourceOfKind?: (apiVersion: string, kind: string) => { name: string; namespaced: boolean } | undefined
  /** Writes another object's status (usage of a quota). */
  setStatus?: (resource: string, object: KubeObject, status: object) => void
}

/** One admission controller. Both throw ApiError to refuse. */
export interface AdmissionPlugin {
  readonly name: string
  /** May change the object. */
  admit?(attributes: AdmissionAttributes): void
  /** Looks at the final object. */
  validate?(attributes: AdmissionAttributes): void
  /** After the write succeeded (usage of a quota). */
  committed?(attributes: AdmissionAttributes): void
}
