import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** What stands in a `fidelity.yaml` beside a kind's code. */
export interface Declaration {
  /** `core.v1.Pod` */
  kind: string
  /** The files and folders of src/sim/kubernetes that act on objects of this kind; none: it is only kept. */
  actors: string[]
  /** The cluster itself makes such objects: what it writes counts as simulated. */
  made?: boolean
  /** Another version of the same stored objects, converted. */
  sameAs?: string
  /** Types that the code treats as another: `core.v1.EphemeralContainer` → `core.v1.Container`. */
  alike?: Record<string, string>
  /** Fields that are read somewhere without anything coming of it: `core.v1.PodSpec.hostUsers` → why. */
  stored?: Record<string, string>
  /** Fields whose reading cannot be followed: → a piece of an actor's source that shows it. */
  simulated?: Record<string, string>
  /** Fields whose use is answered with an error → a piece of an actor's source that says so. */
  refused?: Record<string, string>
}

export function declarations(root: string): Declaration[] {
  const folder = join(root, 'src/sim/kubernetes')
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith('fidelity.yaml'))
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document) => ({ actors: [], ...(document as { toJS(): Partial<Declaration> }).toJS() }) as Declaration)
}
