import type { Process } from '../../../linux/process.ts'
import type { DiscoveryConfig } from '../config/config.ts'
import { KubernetesObjects } from './kubernetes-objects.ts'
import { kubernetesTargets } from './kubernetes-targets.ts'

/** Labels of something that may be scraped, `__address__` among them. */
export type Found = Readonly<Record<string, string>>

/** Finds targets for a configuration's sections; says when anything may have changed. */
export class Discovery {
  readonly #process: Process
  readonly #kubernetes: KubernetesObjects
  changed = true

  constructor(process: Process, fault: (error: unknown) => void) {
    this.#process = process
    this.#kubernetes = new KubernetesObjects(
      process,
      () => {
        this.changed = true
      },
      fault,
    )
  }

  stop(): void {
    this.#kubernetes.stop()
  }

  find(config: DiscoveryConfig): Found[] {
    const found: Found[] = []
    for (const { targets, labels } of config.static)
      for (const target of targets) found.push({ __address__: target, ...labels })
    for (const file of config.files) found.push(...this.#fromFile(file))
    for (const sd of config.kubernetes) found.push(...kubernetesTargets(this.#kubernetes, sd))
    return found
  }

  #fromFile(path: string): Found[] {
    try {
      const groups = JSON.parse(this.#process.files.readText(path)) as {
        targets: string[]
        labels?: Record<string, string>
      }[]
      return groups.flatMap(({ targets, labels }) => targets.map((target) => ({ __address__: target, ...labels })))
    } catch {
      return []
    }
  }
}
