import { parseSelector } from '../../../../sim/kubernetes/api/label-selector.ts'
import type { Command } from '../../command.ts'
import { CliError } from '../../errors/errors.ts'
import { equal } from '../../patch/equal.ts'
import { subjectFlags, subjectsOf } from '../create/role-binding.ts'
import { setEach, setFlags, withPodSpec } from './each.ts'

export const setServiceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  long: 'Update the service account of pod template resources.',
  examples: `
# Set deployment nginx-deployment's service account to serviceaccount1
kubectl set serviceaccount deployment nginx-deployment serviceaccount1`,
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags: setFlags(),
  async run(session) {
    const { args } = session
    if (args.length === 0) throw new CliError('serviceaccount is required')
    const serviceAccountName = args.at(-1)!
    await setEach(session, args.slice(0, -1), {
      operation: 'serviceaccount updated',
      failure: 'serviceaccount update to pod template',
      always: true,
      change: (object) =>
        withPodSpec(object, (spec) => ({ ...spec, serviceAccountName, serviceAccount: serviceAccountName })),
    })
  },
}

export const setSelector: Command = {
  name: 'selector',
  short: 'Set the selector on a resource',
  long: "Set the selector on a resource. Note that the new selector will overwrite the old selector if the resource had one prior to the invocation of 'set selector'.",
  examples: `
# Set the labels and selector before creating a deployment/service pair
kubectl create service clusterip my-svc --clusterip="None" -o yaml --dry-run=client | kubectl set selector --local -f - 'environment=qa' -o yaml | kubectl create -f -`,
  use: 'selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  flags: setFlags(),
  async run(session) {
    const { args } = session
    const expression = args.at(-1) ?? ''
    if (!expression.includes('=')) throw new CliError('selector is required')
    const labels = Object.fromEntries(parseSelector(expression).map((r) => [r.key, r.values[0] ?? '']))
    await setEach(session, args.slice(0, -1), {
      operation: 'selector updated',
      failure: 'selector update to resource',
      change(object) {
        if (object.kind !== 'Service') throw new CliError(`setting a selector is only supported for Services`)
        return { ...object, spec: { ...object.spec, selector: labels } }
      },
    })
  },
}

export const setSubject: Command = {
  name: 'subject',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  long: 'Update the user, group, or service account in a role binding or cluster role binding.',
  examples: `
# Update a role binding for user1, user2, and group1
kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1`,
  use: 'subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: [...setFlags(), ...subjectFlags()],
  async run(session) {
    const added = subjectsOf(session)
    if (added.length === 0) throw new CliError('you must specify at least one value of user, group or serviceaccount')
    await setEach(session, session.args, {
      operation: 'subjects updated',
      failure: 'subjects to rolebinding:',
      change(object) {
        if (!/RoleBinding$/.test(object.kind))
          throw new CliError(`setting subjects is only supported for RoleBinding/ClusterRoleBinding`)
        const subjects: any[] = [...(object.subjects ?? [])]
        for (const subject of added) if (!subjects.some((s) => equal(s, subject))) subjects.push(subject)
        return { ...object, subjects }
      },
    })
  },
}
