import { build as classicBuild } from '../builder/build.ts'
import { buildWithBuildkit } from '../buildx/build.ts'
import { BUILD_FLAGS } from '../buildx/build-flags.ts'
import { buildImage } from '../cli/build-image.ts'
import { absolute } from '../cli/container-options.ts'
import { FlagValues } from '../cli/flag-values.ts'
import { CommandError } from '../cli/session.ts'
import { type ComposeCall, session } from './call.ts'
import type { ComposeProgress } from './progress.ts'
import { imageOf } from './service.ts'

/** Builds a service's image, when it has something to build. */
export async function buildService(call: ComposeCall, name: string, progress: ComposeProgress): Promise<void> {
  const { project, process } = call
  const { build } = project.services[name]!
  if (build === undefined) return
  const settings = typeof build === 'string' ? { context: build } : build
  const classic = process.env.get('DOCKER_BUILDKIT') === '0'
  const known = classic ? classicBuild.flags : BUILD_FLAGS
  const values = new FlagValues(known)
  const set = (flag: string, value: string) => values.set(known.find((one) => one.name === flag)!, value)
  const context = absolute(project.folder, settings.context ?? '.')
  if (!process.files.exists(context)) throw new CommandError(`unable to prepare context: path "${context}" not found`)
  set('tag', imageOf(project, name))
  if (settings.dockerfile) set('file', absolute(context, settings.dockerfile))
  if (settings.target) set('target', settings.target)
  if (settings.no_cache || call.flags.bool('no-cache')) set('no-cache', 'true')
  if (call.flags.string('progress')) set('progress', call.flags.string('progress')!)
  for (const pair of pairsOf(settings.args)) set('build-arg', pair)
  for (const pair of call.flags.list('build-arg')) set('build-arg', pair)
  progress.forget()
  const inner = session(call, values, [context], 'build')
  try {
    const status = await (classic ? buildImage(inner) : buildWithBuildkit(inner, { service: name }))
    if (status !== 0) throw new CommandError(`failed to build service ${name}`, status)
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    throw new CommandError(error.message.replace(/^ERROR: failed to build: /, ''), 17)
  }
  await progress.done(name, 'Built')
}

function pairsOf(args: Record<string, string | number | null> | string[] | undefined): string[] {
  if (Array.isArray(args)) return args
  return Object.entries(args ?? {}).map(([name, value]) => (value === null ? name : `${name}=${value}`))
}
