import type { Line } from '../../../course/text/span.ts'
import type { KubeObject } from '../../../sim/kubernetes/api/object.ts'
import { theme } from '../../theme.ts'
import type { LiveFigure } from './figure.ts'
import { podMarks, podState } from './pod-marks.ts'

const most = 5

/** A Service and the Pods its selector finds: the ready ones behind arrows. */
export const service: LiveFigure = {
  height: most + 1,
  lines(client, name, words) {
    const found = client.list('services').find((item) => item.metadata.name === name)
    if (!found) return [[{ text: `Service ${name}: ${words.notYet}`, sgr: theme.dim }]]
    const selector = Object.entries((found.spec?.selector ?? {}) as Record<string, string>)
    const pods = client
      .list('pods')
      .filter(
        (pod) =>
          pod.metadata.namespace === found.metadata.namespace &&
          selector.length > 0 &&
          selector.every(([key, value]) => pod.metadata.labels?.[key] === value),
      )
    const head: Line = [
      { text: `Service ${name}`, sgr: theme.strong },
      { text: `  ${found.spec?.clusterIP ?? ''}:${found.spec?.ports?.[0]?.port ?? ''}` },
    ]
    if (pods.length === 0) return [head, [{ text: `  ✗ ${words.noEndpoints}`, sgr: theme.bad }]]
    return [head, ...pods.slice(0, most).map((pod, i) => endpointLine(pod, i === Math.min(pods.length, most) - 1))]
  },
}

function endpointLine(pod: KubeObject, last: boolean): Line {
  const ready = podState(pod) === 'ready'
  const branch = last ? '└' : '├'
  return [
    { text: `   ${branch}${ready ? '──►' : '╌╌ '} `, ...(ready ? {} : { sgr: theme.dim }) },
    podMarks[podState(pod)],
    { text: ` ${(pod.status?.podIP ?? '').padEnd(12)} ` },
    { text: pod.metadata.name ?? '', sgr: theme.dim },
  ]
}
