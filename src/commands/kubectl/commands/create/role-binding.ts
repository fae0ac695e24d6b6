import { CliError } from '../../errors/errors.ts'
import { array, type FlagSpec, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { generator } from './generator.ts'

export const subjectFlags = (): FlagSpec[] => [
  array('group', 'Groups to bind to the role. The flag can be repeated to add multiple groups.'),
  array(
    'serviceaccount',
    'Service accounts to bind to the role, in the format <namespace>:<name>. The flag can be repeated to add multiple service accounts.',
  ),
  array('user', 'Usernames to bind to the role. The flag can be repeated to add multiple users.'),
]

const GROUP = 'rbac.authorization.k8s.io'

export function subjectsOf(session: Session): Record<string, string>[] {
  const { flags } = session
  return [
    ...flags.list('user').map((name) => ({ kind: 'User', apiGroup: GROUP, name })),
    ...flags.list('group').map((name) => ({ kind: 'Group', apiGroup: GROUP, name })),
    ...flags.list('serviceaccount').map((text) => {
      const [namespace, name, ...more] = text.split(':')
      if (!namespace || !name || more.length > 0) throw new CliError('serviceaccount must be <namespace>:<name>')
      return { kind: 'ServiceAccount', name, namespace }
    }),
  ]
}

export const createRoleBinding = generator({
  name: 'rolebinding',
  short: 'Create a role binding for a particular role or cluster role',
  examples: `
# Create a role binding for user1, user2, and group1 using the admin cluster role
kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1

# Create a role binding for service account monitoring:sa-dev using the admin role
kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev`,
  use: 'rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: [
    ...subjectFlags(),
    string('clusterrole', 'ClusterRole this RoleBinding should reference'),
    string('role', 'Role this RoleBinding should reference'),
  ],
  failure: 'failed to create rolebinding: ',
  build(session, name) {
    const role = session.flags.string('role')
    const clusterRole = session.flags.string('clusterrole')
    if ((role === '') === (clusterRole === ''))
      throw new CliError('exactly one of clusterrole or role must be specified')
    const subjects = subjectsOf(session)
    return {
      kind: 'RoleBinding',
      apiVersion: `${GROUP}/v1`,
      metadata: { name },
      ...(subjects.length > 0 ? { subjects } : {}),
      roleRef: { apiGroup: GROUP, kind: role ? 'Role' : 'ClusterRole', name: role || clusterRole },
    }
  },
})

export const createClusterRoleBinding = generator({
  name: 'clusterrolebinding',
  short: 'Create a cluster role binding for a particular cluster role',
  examples: `
# Create a cluster role binding for user1, user2, and group1 using the cluster-admin cluster role
kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2 --group=group1`,
  use: 'clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  clusterWide: true,
  flags: [
    ...subjectFlags(),
    string('clusterrole', 'ClusterRole this ClusterRoleBinding should reference', { required: true }),
  ],
  failure: 'failed to create clusterrolebinding: ',
  build(session, name) {
    const subjects = subjectsOf(session)
    return {
      kind: 'ClusterRoleBinding',
      apiVersion: `${GROUP}/v1`,
      metadata: { name },
      ...(subjects.length > 0 ? { subjects } : {}),
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: session.flags.string('clusterrole') },
    }
  },
})
