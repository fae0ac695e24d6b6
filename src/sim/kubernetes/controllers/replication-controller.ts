import { defineController } from './shared/controller.ts'
import { manageReplicas } from './shared/replica-manager.ts'

export const replicationController = defineController(
  'replicationcontroller-controller',
  (controller) => manageReplicas(controller, 'replicationcontrollers', 'ReplicationController'),
  { account: 'replication-controller', eventSource: 'replication-controller' },
)
