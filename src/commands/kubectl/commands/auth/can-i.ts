import { allNamespacesFlag } from '../../builder/flags.ts'
import type { Command } from '../../command.ts'
import { policyRows } from '../../describe/policy-rules.ts'
import { CliError, ExitCode, NoResourceMatch } from '../../errors/errors.ts'
import { bool, string } from '../../flags/flag.ts'
import { TABLE, TabWriter } from '../../printers/tab-writer.ts'
import { RESOURCE_VERBS } from '../../rbac-verbs.ts'
import type { Session } from '../../session.ts'

const URL_VERBS = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*']

export const canI: Command = {
  name: 'can-i',
  short: 'Check whether an action is allowed',
  long: `Check whether an action is allowed.

 VERB is a logical Kubernetes API verb like 'get', 'list', 'watch', 'delete', etc. TYPE is a Kubernetes resource. Shortcuts and groups will be resolved. NONRESOURCEURL is a partial URL that starts with "/". NAME is the name of a particular Kubernetes resource. This command pairs nicely with impersonation. See --as global flag.`,
  examples: `
# Check to see if I can create pods in any namespace
kubectl auth can-i create pods --all-namespaces

# Check to see if service account "foo" of namespace "dev" can list pods in the namespace "prod"
kubectl auth can-i list pods --as=system:serviceaccount:dev:foo -n prod

# List all allowed actions in namespace "foo"
kubectl auth can-i --list --namespace=foo`,
  use: 'can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  flags: [
    allNamespacesFlag(),
    bool('list', 'If true, prints all allowed actions.'),
    bool('no-headers', 'If true, prints allowed actions without headers'),
    bool('quiet', 'If true, suppress output and just return the exit code.', { shorthand: 'q' }),
    string('subresource', 'SubResource such as pod/log or deployment/scale'),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (flags.bool('list')) return list(session)
  if (args.length !== 2 && !(args.length === 3 && !args[1]!.includes('/'))) {
    throw new CliError(
      "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
    )
  }
  const [verb, what, name] = args as [string, string, string | undefined]
  const spec = what.startsWith('/') ? await forUrl(session, verb, what) : await forResource(session, verb, what, name)
  const review = {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: { allowed: false },
  }
  const answer = await session.client.json({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: review,
  })
  const { allowed, reason, evaluationError } = answer.status ?? {}
  if (!flags.bool('quiet')) {
    let text = allowed ? 'yes' : 'no'
    if (!allowed && reason) text += ` - ${reason}`
    if (!allowed && evaluationError) text += ` - ${evaluationError}`
    await session.print(`${text}\n`)
  }
  if (!allowed) throw new ExitCode(1)
}

async function forUrl(session: Session, verb: string, path: string): Promise<object> {
  if (!URL_VERBS.includes(verb)) await session.printError(`Warning: verb '${verb}' is not a known verb\n`)
  return { nonResourceAttributes: { path, verb } }
}

async function forResource(session: Session, verb: string, what: string, given?: string): Promise<object> {
  const { flags } = session
  const [type = '', inline] = what.split('/')
  const name = given ?? inline
  if (!RESOURCE_VERBS.includes(verb)) await session.printError(`Warning: verb '${verb}' is not a known verb\n`)
  const found = await session.mapper.resource(type).catch(async (error) => {
    if (!(error instanceof NoResourceMatch)) throw error
    if (type !== '*') {
      const [, ...group] = type.split('.')
      const inGroup = group.length > 0 ? ` in group '${group.join('.')}'` : ''
      await session.printError(`Warning: the server doesn't have a resource type '${type.split('.')[0]}'${inGroup}\n\n`)
    }
    const [resource, ...rest] = type.split('.')
    return { resource: resource!, group: rest.join('.'), namespaced: true }
  })
  const all = flags.bool('all-namespaces')
  if (!found.namespaced && !all) {
    const inGroup = found.group ? ` in group '${found.group}'` : ''
    await session.printError(`Warning: resource '${found.resource}' is not namespace scoped${inGroup}\n\n`)
  }
  return {
    resourceAttributes: {
      ...(all ? {} : { namespace: session.namespace }),
      verb,
      ...(found.group ? { group: found.group } : {}),
      resource: found.resource,
      ...(flags.string('subresource') ? { subresource: flags.string('subresource') } : {}),
      ...(name ? { name } : {}),
    },
  }
}

async function list(session: Session): Promise<void> {
  const review = {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: { namespace: session.namespace },
  }
  const answer = await session.client.json({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: review,
  })
  const { resourceRules = [], nonResourceRules = [], incomplete, evaluationError } = answer.status ?? {}
  if (incomplete && evaluationError)
    await session.printError(`warning: the list may be incomplete: ${evaluationError}\n`)
  const bracket = (items: readonly string[] = []) => `[${items.join(' ')}]`
  const rows = policyRows([...resourceRules, ...nonResourceRules]).map((row) =>
    [row.resource, bracket(row.urls), bracket(row.names), bracket(row.verbs)].join('\t'),
  )
  const header = session.flags.bool('no-headers') ? [] : ['Resources\tNon-Resource URLs\tResource Names\tVerbs']
  await session.print(new TabWriter(TABLE).format([...header, ...rows].map((row) => `${row}\n`).join('')))
}
