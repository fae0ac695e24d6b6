import type { KubeObject } from '../api/object.ts'
import { defineController } from './shared/controller.ts'
import { formatTime } from './shared/meta.ts'

const SCHEMAS = 'flowschemas.flowcontrol.apiserver.k8s.io'
const LEVELS = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'

/** Says on each FlowSchema whether the priority level it names is there (the API server's own config consumer). */
export const flowSchemaController = defineController(
  'api-priority-and-fairness-config-consumer-v1',
  (controller) => {
    const { api } = controller
    controller.watch(SCHEMAS, ({ type, object }) => {
      if (type !== 'DELETED' && isStale(object)) controller.enqueue(object.metadata.name)
    })
    controller.watch(LEVELS, ({ object }) => {
      for (const schema of api.list(SCHEMAS))
        if (levelOf(schema) === object.metadata.name && isStale(schema)) controller.enqueue(schema.metadata.name)
    })

    function isStale(schema: KubeObject): boolean {
      const isThere = api.get(LEVELS, undefined, levelOf(schema)) !== undefined
      return dangling(schema)?.status !== (isThere ? 'False' : 'True')
    }

    return (name) => {
      const schema = api.get(SCHEMAS, undefined, name)
      if (!schema || !isStale(schema)) return
      const level = levelOf(schema)
      const isThere = api.get(LEVELS, undefined, level) !== undefined
      const condition = {
        type: 'Dangling',
        status: isThere ? 'False' : 'True',
        lastTransitionTime: formatTime(api.now()),
        reason: isThere ? 'Found' : 'NotFound',
        message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} ${isThere ? 'and it exists' : 'but there is no such object'}`,
      }
      api.update(
        SCHEMAS,
        { ...schema, status: { ...schema.status, conditions: [condition] } },
        { subresource: 'status' },
      )
    }
  },
  { unseeded: true },
)

const levelOf = (schema: KubeObject): string => schema.spec.priorityLevelConfiguration.name
const dangling = (schema: KubeObject) =>
  schema.status?.conditions?.find((condition: { type: string }) => condition.type === 'Dangling')
