export interface Addon {
  name: string
  maintainer: string
  images: readonly string[]
  manifest: string
  /** Where `addons list --docs` points. */
  docs?: string
  /** Started with every new cluster. */
  isDefault?: boolean
  /** What must be ready before it counts as enabled. */
  verify?: { namespace: string; label: string }
  /** What is said once it runs. */
  tip?: string
}

/** A ServiceAccount that has a ClusterRole in all namespaces. */
export const account = (name: string, namespace: string, role: string) => `apiVersion: v1
kind: ServiceAccount
metadata: {name: ${name}, namespace: ${namespace}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ${name}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role}}
subjects:
- {kind: ServiceAccount, name: ${name}, namespace: ${namespace}}
---
`
