import type { Process } from '../../../linux/process.ts'
import { NpmError, needManifest } from './manifest.ts'

/** npm run NAME: the script with those before and after it; its status. */
export async function runScript(
  process: Process,
  name: string,
  args: readonly string[],
  silent: boolean,
): Promise<number> {
  const manifest = needManifest(process)
  const scripts = { ...manifest.scripts }
  if (name === 'start' && !scripts.start && process.files.exists(`${process.cwd}/server.js`))
    scripts.start = 'node server.js'
  if (!scripts[name]) throw new NpmError(`Missing script: "${name}"\n\nTo see a list of scripts, run:\n  npm run`)
  const owner = `${manifest.name ?? ''}${manifest.version ? `@${manifest.version}` : ''}`
  for (const each of [`pre${name}`, name, `post${name}`]) {
    const script = scripts[each]
    if (script === undefined) continue
    const command = each === name ? [script, ...args.map(quoted)].join(' ') : script
    if (!silent) await process.print(`\n> ${owner === '' ? '' : `${owner} `}${each}\n> ${command}\n\n`)
    const env = new Map(process.env)
    env.set('PATH', `${process.cwd}/node_modules/.bin:${env.get('PATH') ?? ''}`)
    env.set('npm_lifecycle_event', each)
    env.set('npm_lifecycle_script', command)
    env.set('npm_command', 'run-script')
    if (manifest.name) env.set('npm_package_name', manifest.name)
    if (manifest.version) env.set('npm_package_version', manifest.version)
    const status = await runShell(process, command, env)
    if (status !== 0) return status
  }
  return 0
}

/** `sh -c`; signals that npm gets are the command's too. */
export async function runShell(process: Process, command: string, env: ReadonlyMap<string, string>): Promise<number> {
  const child = process.spawn({ argv: ['sh', '-c', command], env })
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (!child.exitStatus) process.kill(child.pid, signal)
    })
  const { code, signal } = await process.wait(child)
  for (const each of ['SIGINT', 'SIGTERM'] as const) process.on(each, 'default')
  return code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGKILL' ? 137 : 143)
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/(["\\$`])/g, '\\$1')}"`)

/** `npm run` alone. */
export async function listScripts(process: Process): Promise<number> {
  const manifest = needManifest(process)
  const owner = `${manifest.name ?? ''}${manifest.version ? `@${manifest.version}` : ''}`
  const all = Object.entries(manifest.scripts ?? {})
  const own = new Set(['start', 'stop', 'test', 'restart', 'prestart', 'poststart', 'pretest', 'posttest'])
  const text = (list: typeof all) => list.map(([name, script]) => `  ${name}\n    ${script}\n`).join('')
  const [lifecycle, others] = [all.filter(([name]) => own.has(name)), all.filter(([name]) => !own.has(name))]
  if (lifecycle.length > 0) await process.print(`Lifecycle scripts included in ${owner}:\n${text(lifecycle)}`)
  if (others.length > 0)
    await process.print(
      `${lifecycle.length > 0 ? 'available' : `Scripts available in ${owner}`} via \`npm run\`:\n${text(others)}`,
    )
  return 0
}
