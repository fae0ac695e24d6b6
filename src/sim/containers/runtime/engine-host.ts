import type { Kernel } from '../../linux/kernel.ts'
import type { KernelProcess } from '../../linux/process/kernel-process.ts'
import type { Random } from '../../time/random.ts'
import type { MountSpec } from '../engine.ts'
import type { Container } from './container.ts'
import type { LayerStorage } from './layer-storage.ts'

/** What a container needs of its engine. */
export interface EngineHost {
  readonly kernel: Kernel
  readonly storage: LayerStorage
  readonly random: Random
  find(id: string): Container | undefined
  removed(container: Container): void
  /** Waits a moment that varies between two numbers of milliseconds. */
  delay(min: number, max: number): Promise<void>
  sleep(ms: number): Promise<void>
  /** hosts, hostname and resolv.conf as files of the machine, to be mounted. */
  containerFiles(container: Container): MountSpec[]
  /** The process that is the parent of a container's first process. */
  shimOf(container: Container): KernelProcess
  releaseShim(container: Container, shim: KernelProcess | undefined): void
}
