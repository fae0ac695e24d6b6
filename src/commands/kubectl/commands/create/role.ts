import { generator } from './generator.ts'
import { ruleFlags, rulesOf } from './rbac-rules.ts'

export const createRole = generator({
  name: 'role',
  short: 'Create a role with single rule',
  examples: `
# Create a role named "pod-reader" that allows user to perform "get", "watch" and "list" on pods
kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods

# Create a role named "foo" with SubResource specified
kubectl create role foo --verb=get,list,watch --resource=pods,pods/status`,
  use: 'role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  flags: ruleFlags(),
  async build(session, name) {
    return {
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name },
      rules: await rulesOf(session),
    }
  },
})
