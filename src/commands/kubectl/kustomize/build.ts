import { CliError } from '../errors/errors.ts'
import type { Session } from '../session.ts'
import { toYaml } from '../yaml/dump.ts'
import { accumulate, type Resource } from './accumulate.ts'
import { finishNames } from './names.ts'
import { sortResources } from './order.ts'

/** The objects that a kustomization folder describes, as a YAML stream. */
export async function buildKustomization(session: Session, path: string): Promise<string> {
  const { files } = session.process
  if (/^https?:|^github\.com/.test(path)) throw new CliError(`not simulated: a kustomization from ${path}`)
  if (!files.exists(path)) {
    const full = path.startsWith('/') ? path : `${session.process.cwd}/${path}`
    throw new CliError(
      `must build at directory: not a valid directory: evalsymlink failure on '${path}' : lstat ${full}: no such file or directory`,
    )
  }
  if (files.stat(path).type !== 'directory')
    throw new CliError(`must build at directory: '${path}': file is not directory`)
  const warnings: string[] = []
  const resources = accumulate(session.process, path.replace(/(.)\/+$/, '$1'), warnings)
  for (const warning of new Set(warnings)) await session.printError(`# Warning: ${warning}\n`)
  finishNames(resources)
  return sortResources(resources)
    .map((resource: Resource) => toYaml(resource.object))
    .join('---\n')
}
