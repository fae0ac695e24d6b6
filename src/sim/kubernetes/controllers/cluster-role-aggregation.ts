import { defineController } from './shared/controller.ts'
import { equal } from './shared/equal.ts'
import { matchesSelector } from './shared/selector.ts'

const RESOURCE = 'clusterroles.rbac.authorization.k8s.io'

/** Fills the rules of ClusterRoles that are put together from others by label. */
export const clusterRoleAggregationController = defineController('clusterrole-aggregation-controller', (controller) => {
  const { api } = controller
  const composed = new Set<string>()
  controller.watch(RESOURCE, ({ type, object }) => {
    if (object.aggregationRule && type !== 'DELETED') composed.add(object.metadata.name)
    else composed.delete(object.metadata.name)
    for (const name of composed) controller.enqueue(name)
  })
  return (name) => {
    const role = api.get(RESOURCE, undefined, name)
    if (!role?.aggregationRule) return
    const rules: unknown[] = []
    for (const selector of role.aggregationRule.clusterRoleSelectors ?? []) {
      for (const other of api.list(RESOURCE)) {
        if (other.metadata.name === name || !matchesSelector(selector, other.metadata.labels)) continue
        for (const rule of other.rules ?? []) if (!rules.some((known) => equal(known, rule))) rules.push(rule)
      }
    }
    if (!equal(rules, role.rules ?? [])) api.update(RESOURCE, { ...role, rules })
  }
})
