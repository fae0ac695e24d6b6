import { defineController } from './shared/controller.ts'

const TTL = 'node.alpha.kubernetes.io/ttl'

/** Tells kubelets how long they may keep Secrets and ConfigMaps: not at all in clusters of this size. */
export const ttlController = defineController('ttl-controller', (controller) => {
  const { api } = controller
  controller.watch('nodes', ({ type, object }) => {
    if (type !== 'DELETED' && object.metadata.annotations?.[TTL] === undefined) controller.enqueue(object.metadata.name)
  })
  return (name) => {
    const node = api.get('nodes', undefined, name)
    if (node && node.metadata.annotations?.[TTL] === undefined) {
      api.patch('nodes', undefined, name, { metadata: { annotations: { [TTL]: '0' } } }, { type: 'merge' })
    }
  }
})
