import { SystemError } from '../../../linux/errors.ts'
import type { NodeServices } from '../node.ts'

/** Takes a mount of the node away; nothing happens where none is. */
export function unmountIfMounted(node: NodeServices, path: string): void {
  try {
    node.host?.system.unmount(path, { recursive: true, lazy: true })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
}
