import type { Layer } from './layer.ts'

const POOLS = new WeakMap<object, Map<string, Layer>>()

/** Every layer that a world has seen, by its diff id: archives and registries give back the shared object. */
export function layerPool(world: object): Map<string, Layer> {
  let pool = POOLS.get(world)
  if (!pool) {
    pool = new Map()
    POOLS.set(world, pool)
  }
  return pool
}
