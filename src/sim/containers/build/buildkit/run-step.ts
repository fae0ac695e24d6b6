import { digestOf } from '../../images/sha256.ts'
import { type Instruction, jsonForm, substitute } from '../dockerfile.ts'
import type { Solver } from './solver.ts'
import type { SolvedStage } from './stage.ts'
import { SolveError } from './status.ts'
import { Workspace } from './workspace.ts'

/** RUN: a command in a container on the stage's files. */
export async function runStep(solver: Solver, stage: SolvedStage, step: Instruction): Promise<void> {
  const shell = stage.config.Shell ?? ['/bin/sh', '-c']
  const { argv, title, script } = commandOf(step, shell)
  const args = stage.argumentLines
  const shown = substitute(title, (name) => stage.environment(name) ?? `$${name}`, true)
  const key = stage.nextKey('RUN', argv, script, stage.config.Env, args, stage.config.User, stage.config.WorkingDir)
  const history = [...(args.length > 0 ? [`|${args.length}`, ...args] : []), ...argv].join(' ')
  const mounts = cacheMounts(step)
  const folders = mounts.map(({ id }) => `/var/lib/docker/buildkit/cache-mounts/${digestOf(id).slice(7, 32)}`)
  const { files } = solver.daemon.kernel
  for (const folder of folders) if (!files.exists(folder)) files.mkdir(folder, { parents: true })
  const scripts = '/var/lib/docker/buildkit/inline'
  if (script) {
    files.mkdir(scripts, { parents: true })
    files.write(`${scripts}/${script.name}`, script.content, { mode: 0o755 })
  }
  const network = step.flags.network ?? solver.options.network
  const config = {
    Cmd: argv,
    Entrypoint: [''],
    Env: [...(stage.config.Env ?? []), ...args],
    User: stage.config.User,
    WorkingDir: stage.config.WorkingDir,
  }
  const host = {
    ...(network && network !== 'default' ? { NetworkMode: network } : {}),
    Binds: [
      ...folders.map((folder, i) => `${folder}:${mounts[i]!.target}`),
      ...(script ? [`${scripts}:/dev/pipes:ro`] : []),
    ],
  }
  await solver.layer(
    stage,
    stage.title(shown),
    key,
    solver.entry(`RUN ${history} # buildkit`),
    async (workspace, log) => {
      const decoder = new TextDecoder()
      const code = await workspace.run((bytes) => log(decoder.decode(bytes, { stream: true })))
      if (solver.cancelled) throw new SolveError('Canceled: context canceled')
      if (code !== 0)
        throw new SolveError(
          `process ${JSON.stringify(argv.join(' '))} did not complete successfully: exit code: ${code}`,
        )
    },
    () => new Workspace(solver.daemon, stage.layers, config, host),
  )
}

interface Command {
  argv: string[]
  title: string
  /** A here-document with a `#!` line is a file that is run. */
  script?: { name: string; content: string }
}

function commandOf(step: Instruction, shell: readonly string[]): Command {
  const { rest, heredocs, text } = step
  const [first] = heredocs
  if (!first) return { argv: jsonForm(rest) ?? [...shell, rest], title: text }
  if (!/^\d*<<-?["']?[\w.-]+["']?$/.test(rest.trim())) {
    const bodies = heredocs.map(({ name, content }) => `\n${content}${name}`).join('')
    return { argv: [...shell, rest + bodies], title: text }
  }
  const [summary = '', ...more] = first.content.trim().split('\n')
  const title = `${text} (${summary}${more.length > 0 ? '...' : ''})`
  if (!first.content.startsWith('#!')) return { argv: [...shell, first.content], title }
  return { argv: [`/dev/pipes/${first.name}`], title, script: { name: first.name, content: first.content } }
}

function cacheMounts(step: Instruction): { id: string; target: string }[] {
  return (step.mounts ?? []).map((text) => {
    const settings = Object.fromEntries(text.split(',').map((part) => part.split(/=(.*)/s)))
    const target = settings.target ?? settings.dst ?? settings.destination
    if ((settings.type ?? 'bind') !== 'cache')
      throw new SolveError(`not simulated: RUN --mount=type=${settings.type ?? 'bind'}`)
    if (!target) throw new SolveError('target is required')
    return { id: settings.id ?? target, target }
  })
}
