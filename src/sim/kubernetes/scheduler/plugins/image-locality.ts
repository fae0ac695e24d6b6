import type { SchedulerPlugin } from '../plugin.ts'

const MIN = 23 * 1024 * 1024
const MAX = 1000 * 1024 * 1024

/** Prefers nodes that have the Pod's images already, the more the bigger they are. */
export const imageLocality: SchedulerPlugin = {
  name: 'ImageLocality',
  weight: 1,
  preScore(cycle, nodes) {
    const holders = new Map<string, number>()
    for (const image of images(cycle.pod)) {
      holders.set(image, nodes.filter(({ node }) => sizeOn(node, image) > 0).length)
    }
    cycle.state.set('ImageLocality', { holders, total: nodes.length })
    return [...holders.values()].some((count) => count > 0)
  },
  score(cycle, { node }) {
    const { holders, total } = cycle.state.get('ImageLocality') as { holders: Map<string, number>; total: number }
    const wanted = images(cycle.pod)
    let sum = 0
    for (const image of wanted) sum += Math.floor((sizeOn(node, image) * (holders.get(image) ?? 0)) / total)
    const max = MAX * wanted.length
    return Math.floor((100 * (Math.min(Math.max(sum, MIN), max) - MIN)) / (max - MIN))
  },
}

function images({ spec }: { spec?: any }): string[] {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ image }) => fullName(image ?? ''))
}

const sizes = new WeakMap<object, Map<string, number>>()

function sizeOn(node: { status?: any } | undefined, image: string): number {
  const images = node?.status?.images
  if (!images) return 0
  let known = sizes.get(images)
  if (!known) {
    known = new Map()
    for (const { names = [], sizeBytes = 0 } of images) for (const name of names) known.set(name, sizeBytes)
    sizes.set(images, known)
  }
  return known.get(image) ?? 0
}

/** `nginx:alpine` → `docker.io/library/nginx:alpine` */
function fullName(image: string): string {
  const tagged = image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`
  const first = tagged.slice(0, Math.max(0, tagged.indexOf('/')))
  if (first.includes('.') || first.includes(':') || first === 'localhost') return tagged
  return tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`
}
