import type { Info } from '../../builder/info.ts'
import { kindPrefix } from '../../discovery/resource.ts'
import { CliError, StatusError } from '../../errors/errors.ts'
import { standard } from '../../errors/report.ts'
import { indentedJson } from '../../json/json.ts'
import { equal } from '../../patch/equal.ts'
import type { Session } from '../../session.ts'
import { toYaml } from '../../yaml/dump.ts'
import { parseYaml } from '../../yaml/load.ts'
import { describeInfo } from '../apply/client-side.ts'

export interface EditOptions {
  /** What is shown for editing. */
  text(info: Info): any
  /** Sends the edited object; the server's answer. */
  save(info: Info, edited: any, shown: any): Promise<any>
}

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`

/** Opens an editor on each object until what it saves is accepted, unchanged or given up. */
export async function editEach(session: Session, infos: readonly Info[], options: EditOptions): Promise<void> {
  if (infos.length === 0) throw new CliError('edit cancelled, no objects found')
  for (const info of infos) await editOne(session, info, options)
}

async function editOne(session: Session, info: Info, options: EditOptions): Promise<void> {
  const json = session.flags.string('output') === 'json'
  const shown = options.text(info)
  const suffix = json ? 'json' : 'yaml'
  const path = `/tmp/kubectl-edit-${session.process.random.int(100_000_000, 4_294_967_295)}.${suffix}`
  const body = json ? `${indentedJson(shown)}\n` : toYaml(shown)
  let content = json ? body : HEADER + body
  let previous: string | undefined
  let keep = false
  try {
    for (;;) {
      session.process.files.write(path, content, { mode: 0o600 })
      await openEditor(session, path)
      const edited = session.process.files.readText(path)
      const bare = withoutComments(edited)
      if (previous !== undefined && bare === withoutComments(previous)) {
        keep = true
        await session.printError(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`)
        throw new CliError('Edit cancelled, no valid changes were saved.')
      }
      if (bare.trim() === '') {
        await session.printError('Edit cancelled, saved file was empty.\n')
        return
      }
      if (bare === withoutComments(content) && previous === undefined) {
        await session.printError('Edit cancelled, no changes made.\n')
        return
      }
      previous = edited
      const problem = await attempt(session, info, options, shown, bare)
      if (problem === undefined) return
      content = `${HEADER}${problem
        .split('\n')
        .map((line) => `# ${line}\n`)
        .join('')}#\n${bare}`
      previous = content
      await session.printError(
        `error: ${info.resource.resource}${info.resource.group ? `.${info.resource.group}` : ''} "${info.name}" is invalid\n`,
      )
    }
  } finally {
    if (!keep && session.process.files.exists(path)) session.process.files.unlink(path)
  }
}

/** Undefined when it is done, else what was wrong. */
async function attempt(
  session: Session,
  info: Info,
  options: EditOptions,
  shown: any,
  text: string,
): Promise<string | undefined> {
  let edited: any
  try {
    edited = parseYaml(text)
  } catch (error) {
    return `The edited file had a syntax error: error parsing edited-file: ${(error as Error).message}`
  }
  if (equal(edited, shown)) {
    await session.printError('Edit cancelled, no changes made.\n')
    return undefined
  }
  try {
    await options.save(info, edited, shown)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (error.reason === 'Invalid') return invalidText(info, error)
    if (error.reason === 'NotFound') return `${describeInfo(info)} was not found`
    return standard(error) ?? error.message
  }
  await session.print(`${kindPrefix(info.resource)}/${info.name} edited\n`)
  return undefined
}

function invalidText(info: Info, error: StatusError): string {
  const kind = `${info.resource.resource}${info.resource.group ? `.${info.resource.group}` : ''}`
  const causes = (error.status.details?.causes ?? []).map((c) => `* ${c.field}: ${c.message}`)
  return [`${kind} "${info.name}" was not valid:`, ...causes].join('\n')
}

const withoutComments = (text: string) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')

/** Runs KUBE_EDITOR, EDITOR or vi on the file, through the shell when it holds more than a name. */
async function openEditor(session: Session, path: string): Promise<void> {
  const { process } = session
  const editor = process.env.get('KUBE_EDITOR') || process.env.get('EDITOR') || 'vi'
  const argv = /["'\\\s]/.test(editor)
    ? [process.env.get('SHELL') || '/bin/bash', '-c', `${editor} ${JSON.stringify(path)}`]
    : [editor, path]
  let code: number | undefined
  try {
    const child = process.spawn({ argv })
    code = (await process.wait(child)).code
  } catch (error) {
    throw new CliError(`unable to launch the editor ${JSON.stringify(editor)}: ${(error as Error).message}`)
  }
  if (code !== 0) throw new CliError(`there was a problem with the editor ${JSON.stringify(editor)}`)
}
