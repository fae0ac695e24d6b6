import { CliError } from '../../errors/errors.ts'
import { list } from '../../flags/flag.ts'
import { generator } from './generator.ts'
import { ruleFlags, rulesOf } from './rbac-rules.ts'

export const createClusterRole = generator({
  name: 'clusterrole',
  short: 'Create a cluster role',
  examples: `
# Create a cluster role named "pod-reader" that allows user to perform "get", "watch" and "list" on pods
kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods

# Create a cluster role named "monitoring" with AggregationRule specified
kubectl create clusterrole monitoring --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"`,
  use: 'clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  clusterWide: true,
  flags: [
    ...ruleFlags(),
    list('aggregation-rule', 'An aggregation label selector for combining ClusterRoles.'),
    list('non-resource-url', 'A partial url that user should have access to.'),
  ],
  async build(session, name) {
    const { flags } = session
    const head = { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name } }
    const aggregation = flags.list('aggregation-rule')
    if (aggregation.length > 0) {
      if (flags.changed('verb') || flags.changed('resource') || flags.changed('non-resource-url')) {
        throw new CliError('aggregation rule must be specified without nonResourceURLs, resources or resourceNames')
      }
      const matchLabels = Object.fromEntries(aggregation.map((pair) => pair.split('=') as [string, string]))
      return { ...head, rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] } }
    }
    const urls = flags.list('non-resource-url')
    if (urls.length > 0 && flags.list('resource').length === 0) {
      if (flags.list('verb').length === 0) throw new CliError('at least one verb must be specified')
      return { ...head, rules: [{ verbs: flags.list('verb'), nonResourceURLs: urls }] }
    }
    return { ...head, rules: await rulesOf(session) }
  },
})
