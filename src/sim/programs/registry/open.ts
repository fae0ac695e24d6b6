import { layerPool } from '../../containers/images/layer-pool.ts'
import type { Registry } from '../../containers/images/registry.ts'
import type { Kernel } from '../../linux/kernel.ts'
import { RemoteRegistry } from './remote.ts'

/** What an engine takes as `openRegistry`: registries that run in the simulated network, reached from its machine. */
export function remoteRegistries(
  kernel: Kernel,
  world: ReadonlyMap<string, Registry>,
): (domain: string) => Promise<Registry> {
  const open = new Map<string, RemoteRegistry>()
  return async (domain) => {
    let registry = open.get(domain)
    if (!registry) {
      registry = new RemoteRegistry(domain, kernel.init.net, layerPool(world))
      open.set(domain, registry)
    }
    return registry
  }
}
