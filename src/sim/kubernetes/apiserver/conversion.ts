import type { KubeObject } from '../api/object.ts'
import { autoscalingV1 } from './conversions/autoscaling-v1.ts'
import { eventsV1 } from './conversions/events-v1.ts'
import type { ResourceInfo } from './registry.ts'

export interface Converter {
  toStorage(object: any): KubeObject
  fromStorage(object: any): KubeObject
}

/** Between the versions of one resource, by `group/version/resource`. */
const CONVERTERS = new Map<string, Converter>([
  ['autoscaling/v1/horizontalpodautoscalers', autoscalingV1],
  ['events.k8s.io/v1/events', eventsV1],
])

const key = (info: ResourceInfo) => `${info.group}/${info.version}/${info.resource}`

export function toStorage(info: ResourceInfo, object: KubeObject): KubeObject {
  return CONVERTERS.get(key(info))?.toStorage(object) ?? object
}

export function fromStorage(info: ResourceInfo, object: KubeObject): KubeObject {
  const converter = CONVERTERS.get(key(info))
  if (converter) return converter.fromStorage(object)
  const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}
