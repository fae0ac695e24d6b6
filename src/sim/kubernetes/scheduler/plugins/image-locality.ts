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
    return true
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

function sizeOn(node: { status?: any } | undefined, image: string): number {
  for (const { names = [], sizeBytes = 0 } of node?.status?.images ?? []) if (names.includes(image)) return sizeBytes
  return 0
}

/** `nginx:alpine` → `docker.io/library/nginx:alpine` */
function fullName(image: string): string {
  const tagged = image.includes('@') || /:[^/]*$/.test(image) ? image : `${image}:latest`
  const first = tagged.slice(0, Math.max(0, tagged.indexOf('/')))
  if (first.includes('.') || first.includes(':') || first === 'localhost') return tagged
  return tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`
}
