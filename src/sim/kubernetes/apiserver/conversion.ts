import type { KubeObject } from '../api/object.ts'
import type { ResourceInfo } from './registry.ts'

interface Converter {
  toStorage(object: any): KubeObject
  fromStorage(object: any): KubeObject
}

/** Between the versions of one resource, by `group/version/resource`. */
export const CONVERTERS = new Map<string, Converter>()

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
