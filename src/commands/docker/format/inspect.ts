import { DOCKER_FUNCTIONS } from '../../go-template/functions.ts'
import { Template, TemplateExecutionError, TemplateSyntaxError } from '../../go-template/template.ts'
import { DaemonError, segment } from '../cli/engine-client.ts'
import { CommandError, type Session } from '../cli/session.ts'
import { typed } from './typed.ts'

const TYPES = ['config', 'container', 'image', 'network', 'node', 'plugin', 'secret', 'service', 'task', 'volume']

/** Objects one after the other: as JSON, or through `--format`. Errors come at the end. */
async function show(
  session: Session,
  names: readonly string[],
  fetch: (name: string) => Promise<unknown>,
): Promise<number> {
  const format = session.flags.string('format')
  const found: unknown[] = []
  const errors: string[] = []
  for (const name of names) {
    try {
      found.push(await fetch(name))
    } catch (error) {
      if (error instanceof DaemonError) errors.push(error.text)
      else if (error instanceof NoSuchObject) errors.push(error.message)
      else throw error
    }
  }
  if (format === undefined || format === '') await session.print(`${JSON.stringify(found, null, 4)}\n`)
  else if (format === 'json') await session.print(`${JSON.stringify(found)}\n`)
  else {
    const print = formatter(format)
    let failed: string | undefined
    for (const value of found) {
      const { text, error } = print(value)
      await session.print(`${text}\n`)
      failed ??= error
      if (error) break
    }
    if (failed) errors.push(failed)
    if (found.length === 0) await session.print('\n')
  }
  for (const text of errors) await session.printError(`${text}\n`)
  return errors.length > 0 ? 1 : 0
}

/** Tries a template on the typed value, then on the plain JSON, as docker does. */
function formatter(format: string): (value: unknown) => { text: string; error?: string } {
  let lenient: Template
  let strict: Template
  try {
    lenient = new Template(format, { functions: DOCKER_FUNCTIONS })
    strict = new Template(format, { functions: DOCKER_FUNCTIONS, missingKey: 'error' })
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw new CommandError(`template parsing error: ${error.message}`, 64)
    throw error
  }
  return (value) => {
    try {
      return { text: lenient.execute(typed(value, '', 'container.InspectResponse')) }
    } catch (error) {
      if (!(error instanceof TemplateExecutionError)) throw error
    }
    try {
      return { text: strict.execute(value) }
    } catch (error) {
      if (!(error instanceof TemplateExecutionError)) throw error
      return { text: '', error: `template parsing error: ${error.message}` }
    }
  }
}

export function inspectEach(
  session: Session,
  names: readonly string[],
  path: (name: string) => string,
  type: string,
): Promise<number> {
  const size = session.flags.has('size') ? { size: 1 } : undefined
  return show(session, names, async (name) => {
    return session.client.get(path(name), type === 'container' ? size : undefined)
  })
}

class NoSuchObject extends Error {}

/** docker inspect: whatever has that name. */
export async function inspectAnything(session: Session): Promise<number> {
  const { client, flags, args } = session
  const type = flags.string('type') ?? ''
  if (type !== '' && !TYPES.includes(type))
    throw new CommandError(
      `unknown type: ${JSON.stringify(type)}: must be one of ${TYPES.map((name) => JSON.stringify(name)).join(', ')}`,
    )
  const size = flags.bool('size') ? { size: 1 } : undefined
  const places: readonly (readonly [string, (name: string) => Promise<unknown>])[] = [
    ['container', (name) => client.get(`/containers/${segment(name)}/json`, size)],
    ['image', (name) => client.get(`/images/${name}/json`)],
    ['network', (name) => client.get(`/networks/${segment(name)}`)],
    ['volume', (name) => client.get(`/volumes/${segment(name)}`)],
  ]
  return show(session, args, async (name) => {
    for (const [kind, fetch] of places) {
      if (type !== '' && type !== kind) continue
      try {
        return await fetch(name)
      } catch (error) {
        if (!(error instanceof DaemonError) || error.status !== 404 || type !== '') throw error
      }
    }
    throw new NoSuchObject(`Error: No such object: ${name}`)
  })
}
