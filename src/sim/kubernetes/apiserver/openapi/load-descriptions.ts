/// <reference path="./descriptions-module.d.ts" />
import { hold, type Waiting } from '../../../time/waiting.ts'
import type { Descriptions } from './schemas.ts'

let loaded: Descriptions | undefined

/** The sentences about types and fields: large, so loaded when the first document is read. */
export function loadDescriptions(waiting: Waiting): Descriptions | Promise<Descriptions> {
  if (loaded) return loaded
  return hold(
    waiting,
    import('kubebook:api-descriptions').then((module) => {
      loaded = module.default
      return module.default
    }),
  )
}
