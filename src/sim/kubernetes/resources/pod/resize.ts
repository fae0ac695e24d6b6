import { type FieldError, forbiddenField, invalid } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { milliValue, quantityValue } from '../../api/quantity.ts'
import { forbidden } from '../../api/status-error.ts'
import type { KindContext, SubresourceUpdate } from '../definition.ts'
import { qosClass } from './qos.ts'
import { validatePodSpec } from './validate.ts'

const RESIZABLE = new Set(['cpu', 'memory'])

/** pods/resize: only requests and limits of CPU and memory, and their policy; everything else in the body is passed over. */
export const resize: SubresourceUpdate = {
  prepare(object, old) {
    const wanted = new Map<string, any>(
      [...(object.spec.containers ?? []), ...(object.spec.initContainers ?? [])].map((c: any) => [c.name, c]),
    )
    const changed = (list: any[] | undefined) =>
      list?.map((c) => {
        const next = wanted.get(c.name)
        return next
          ? { ...c, resources: next.resources ?? {}, ...(next.resizePolicy ? { resizePolicy: next.resizePolicy } : {}) }
          : c
      })
    object.spec = {
      ...old.spec,
      containers: changed(old.spec.containers),
      ...(old.spec.initContainers ? { initContainers: changed(old.spec.initContainers) } : {}),
    }
  },
  validate(object, old, context) {
    const errors: FieldError[] = [...validatePodSpec(object.spec, 'spec')]
    const before = qosClass(old.spec)
    if (qosClass(object.spec) !== before)
      errors.push(invalid('spec', before, 'Pod QOS Class may not change as a result of resizing'))
    for (const [i, container] of object.spec.containers.entries()) {
      const previous = old.spec.containers[i]?.resources ?? {}
      for (const kind of ['limits', 'requests'])
        for (const name of Object.keys(previous[kind] ?? {}))
          if (container.resources?.[kind]?.[name] === undefined)
            errors.push(forbiddenField(`spec.containers[${i}].resources.${kind}`, `resource ${kind} cannot be removed`))
    }
    const rest = (spec: any) =>
      spec.containers.map((c: any) => [others(c.resources?.requests), others(c.resources?.limits)])
    if (errors.length === 0 && !deepEqual(rest(object.spec), rest(old.spec)))
      errors.push(forbiddenField('spec', 'only cpu and memory resources are mutable'))
    if (errors.length === 0) checkNode(object, context)
    return errors
  },
}

const others = (list: Record<string, string> | undefined) =>
  Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !RESIZABLE.has(name)))

/** More than the node could ever give is refused at once. */
function checkNode(pod: any, context: KindContext): void {
  const node = pod.spec.nodeName ? context.get<any>('nodes', undefined, pod.spec.nodeName) : undefined
  if (!node) return
  const refuse = (name: string, requested: number, allocatable: number) => {
    if (requested > allocatable)
      throw forbidden(
        { group: '', resource: 'pods' },
        pod.metadata.name,
        `node didn't have enough allocatable resources: ${name}, requested: ${requested}, allocatable: ${allocatable}`,
      )
  }
  const total = (name: string, value: (text: string) => number) =>
    pod.spec.containers.reduce(
      (sum: number, c: any) => sum + (c.resources?.requests?.[name] ? value(c.resources.requests[name]) : 0),
      0,
    )
  const { cpu, memory } = node.status?.allocatable ?? {}
  if (cpu !== undefined) refuse('cpu', total('cpu', milliValue), milliValue(cpu))
  if (memory !== undefined) refuse('memory', total('memory', quantityValue), quantityValue(memory))
}
