import { CliError, NoResourceMatch } from '../../errors/errors.ts'
import { array, type FlagSpec, list } from '../../flags/flag.ts'
import { RESOURCE_VERBS } from '../../rbac-verbs.ts'
import type { Session } from '../../session.ts'

export const ruleFlags = (): FlagSpec[] => [
  list('resource', 'Resource that the role applies to'),
  array('resource-name', 'Resource in the white list that the rule applies to, repeat this flag for multiple items'),
  list('verb', 'Verb that applies to the resources contained in the rule'),
]

/** Rules of `--verb`, `--resource`, `--resource-name`: one for each API group. */
export async function rulesOf(session: Session): Promise<object[]> {
  const { flags } = session
  const verbs = unique(flags.list('verb'))
  if (verbs.length === 0) throw new CliError('at least one verb must be specified')
  for (const verb of verbs) {
    if (!RESOURCE_VERBS.includes(verb)) await session.printError(`Warning: '${verb}' is not a standard resource verb\n`)
  }
  const shown = verbs.includes('*') ? ['*'] : verbs
  const resourceNames = flags.list('resource-name')
  if (flags.list('resource').length === 0) throw new CliError('at least one resource must be specified')
  const byGroup = new Map<string, string[]>()
  for (const text of flags.list('resource')) {
    const { group, resource } = await lookUp(session, text)
    const known = byGroup.get(group) ?? []
    byGroup.set(group, known.includes(resource) ? known : [...known, resource])
  }
  return [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({
      verbs: shown,
      apiGroups: [group],
      resources,
      ...(resourceNames.length > 0 ? { resourceNames } : {}),
    }))
}

async function lookUp(session: Session, text: string): Promise<{ group: string; resource: string }> {
  if (text === '*') return { group: '*', resource: '*' }
  const [type, subresource] = text.split('/')
  const found = await session.mapper.resource(type!).catch((error) => {
    if (error instanceof NoResourceMatch) throw new NoResourceMatch(type!.split('.')[0]!)
    throw error
  })
  return { group: found.group, resource: subresource ? `${found.resource}/${subresource}` : found.resource }
}

const unique = (items: readonly string[]) => [...new Set(items)]
