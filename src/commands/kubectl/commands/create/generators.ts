import type { Command } from '../../command.ts'
import { createClusterRole } from './cluster-role.ts'
import { createConfigMap } from './config-map.ts'
import { createCronJob } from './cron-job.ts'
import { createDeployment } from './deployment.ts'
import { createDisruptionBudget } from './disruption-budget.ts'
import { createIngress } from './ingress.ts'
import { createJob } from './job.ts'
import { createNamespace } from './namespace.ts'
import { createPriorityClass } from './priority-class.ts'
import { createQuota } from './quota.ts'
import { createRole } from './role.ts'
import { createClusterRoleBinding, createRoleBinding } from './role-binding.ts'
import { createSecret } from './secret.ts'
import { createService } from './service.ts'
import { createServiceAccount } from './service-account.ts'
import { createToken } from './token.ts'

/** `kubectl create deployment` and its siblings. */
export const GENERATORS: readonly Command[] = [
  createClusterRole,
  createClusterRoleBinding,
  createConfigMap,
  createCronJob,
  createDeployment,
  createIngress,
  createJob,
  createNamespace,
  createDisruptionBudget,
  createPriorityClass,
  createQuota,
  createRole,
  createRoleBinding,
  createSecret,
  createService,
  createServiceAccount,
  createToken,
]
