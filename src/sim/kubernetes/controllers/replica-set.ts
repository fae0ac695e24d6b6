import { defineController } from './shared/controller.ts'
import { manageReplicas } from './shared/replica-manager.ts'

export const replicaSetController = defineController('replicaset-controller', (controller) =>
  manageReplicas(controller, 'replicasets.apps', 'ReplicaSet'),
)
