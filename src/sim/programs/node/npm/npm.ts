import { SystemError } from '../../../linux/errors.ts'
import type { Process } from '../../../linux/process.ts'
import { dateFields } from '../../../time/date.ts'
import { releaseOf } from '../version.ts'
import { install, installed, uninstall } from './install.ts'
import { type Manifest, NpmError, needManifest, readManifest, writeJson } from './manifest.ts'
import { releasesOf } from './registry.ts'
import { listScripts, runScript, runShell } from './scripts.ts'

interface Call {
  process: Process
  command: string
  words: readonly string[]
  /** Behind `--`. */
  rest: readonly string[]
  options: ReadonlySet<string>
}

type Command = (call: Call) => Promise<number>

const doInstall: Command = ({ process, words, options, command }) => {
  const on = (...names: string[]) => names.some((name) => options.has(name))
  return install(process, {
    wanted: words,
    dev: on('-D', '--save-dev'),
    global: on('-g', '--global'),
    production:
      on('--production', '--only=production', '--omit=dev', '--omit') || process.env.get('NODE_ENV') === 'production',
    clean: command === 'ci' || command === 'clean-install',
    save: !on('--no-save'),
    exact: on('-E', '--save-exact'),
  })
}
const run: Command = ({ process, words, rest, options, command }) => {
  const [name, ...more] = /^(?:run|run-script|rum|urn)$/.test(command)
    ? words
    : [command === 't' ? 'test' : command, ...words]
  const silent = options.has('--silent') || options.has('-s')
  return name === undefined ? listScripts(process) : runScript(process, name, [...more, ...rest], silent)
}

const init: Command = async ({ process, options }) => {
  if (!options.has('-y') && !options.has('--yes')) throw new NpmError('not simulated: npm init without -y')
  const name = (process.cwd.split('/').at(-1) || 'root').toLowerCase()
  const old = readManifest(process)
  const main = ['index.js', 'server.js', 'app.js'].find((file) => process.files.exists(`${process.cwd}/${file}`))
  const manifest: Manifest = {
    name,
    version: '1.0.0',
    description: '',
    main: main ?? 'index.js',
    scripts: {
      test: 'echo "Error: no test specified" && exit 1',
      ...(main === 'server.js' && { start: 'node server.js' }),
    },
    keywords: [],
    author: '',
    license: 'ISC',
    ...(releaseOf(process.env).major >= 22 && { type: 'commonjs' }),
    ...old,
  }
  writeJson(process, 'package.json', manifest)
  await process.print(
    `Wrote to ${process.cwd === '/' ? '' : process.cwd}/package.json:\n\n${JSON.stringify(manifest, null, 2)}\n\n\n\n`,
  )
  return 0
}

const list: Command = async ({ process, options }) => {
  const root = options.has('-g') || options.has('--global') ? '/usr/local/lib' : process.cwd
  const manifest = options.has('-g') ? {} : (readManifest(process) ?? {})
  const modules = `${root}/node_modules`
  const own = { ...manifest.dependencies, ...manifest.devDependencies }
  const there = process.files.exists(modules) ? installed(process, modules) : []
  const version = (name: string) =>
    (JSON.parse(process.files.readText(`${modules}/${name}/package.json`)) as Manifest).version
  const names = options.has('-g') ? there : options.has('--all') || options.has('-a') ? there : Object.keys(own).sort()
  const lines = names.map((name) =>
    there.includes(name) ? `${name}@${version(name)}` : `UNMET DEPENDENCY ${name}@${own[name]}`,
  )
  const title = manifest.name ? `${manifest.name}@${manifest.version ?? ''} ${root}` : root
  await process.print(
    `${title}\n${lines.length === 0 ? '└── (empty)\n' : lines.map((line, i) => `${i === lines.length - 1 ? '└──' : '├──'} ${line}\n`).join('')}\n`,
  )
  const missing = names.filter((name) => !there.includes(name))
  if (missing.length === 0) return 0
  throw new NpmError(
    `code ELSPROBLEMS\n${missing.map((name) => `missing: ${name}@${own[name]}, required by ${manifest.name ?? ''}@${manifest.version ?? ''}`).join('\n')}`,
  )
}

const view: Command = async ({ process, words }) => {
  const [name = '', field] = words
  const [release] = releasesOf(name) ?? []
  if (!release) throw new NpmError(`not simulated: npm package ${name}`)
  if (field !== undefined && field !== 'version') throw new NpmError(`not simulated: npm view ${name} ${field}`)
  await process.print(`${release.version}\n`)
  return 0
}

const exec: Command = async ({ process, words, rest }) => {
  const [name, ...args] = words
  if (name === undefined) throw new NpmError('not simulated: npx without a command')
  const env = new Map(process.env)
  env.set('PATH', `${process.cwd}/node_modules/.bin:${env.get('PATH') ?? ''}`)
  const command = name.replace(/@[^@/]*$/, '')
  const found = env
    .get('PATH')!
    .split(':')
    .some((folder) => process.files.exists(`${folder}/${command}`))
  if (!found)
    throw new NpmError(
      releasesOf(command) ? `could not determine executable to run` : `not simulated: npm package ${command}`,
    )
  return runShell(process, [command, ...args, ...rest].join(' '), env)
}

const quiet: Command = async () => 0
const audit: Command = async ({ process }) => {
  needManifest(process)
  await process.print('found 0 vulnerabilities\n')
  return 0
}

/** What is simulated of npm. One line each. */
const COMMANDS: Readonly<Record<string, Command>> = {
  install: doInstall,
  i: doInstall,
  add: doInstall,
  ci: doInstall,
  'clean-install': doInstall,
  uninstall: ({ process, words }) => uninstall(process, words),
  remove: ({ process, words }) => uninstall(process, words),
  rm: ({ process, words }) => uninstall(process, words),
  init,
  run,
  'run-script': run,
  start: run,
  test: run,
  t: run,
  stop: run,
  list,
  ls: list,
  view,
  exec,
  x: exec,
  audit,
  cache: quiet,
  config: quiet,
  set: quiet,
  fund: async ({ process }) => {
    await process.print('not simulated: npm fund\n')
    return 0
  },
}

/** CPU time of npm's own start, ms. */
const START = 120

/** npm and npx. */
export async function main(process: Process): Promise<number> {
  const name = (process.argv[0] ?? 'npm').replace(/^.*\//, '')
  const given = process.argv.slice(1)
  const end = given.indexOf('--')
  const [before, rest] = end < 0 ? [given, []] : [given.slice(0, end), given.slice(end + 1)]
  const npx = name === 'npx'
  const stop = npx ? before.findIndex((word) => !word.startsWith('-')) : before.length
  const options = new Set(before.filter((word, i) => word.startsWith('-') && (!npx || i < stop)))
  const words = npx ? before.slice(Math.max(0, stop)) : before.filter((word) => !word.startsWith('-'))
  const { npm } = releaseOf(process.env)
  await process.compute(START)
  process.setMemory(60 * 1024 ** 2)
  if (options.has('-v') || options.has('--version')) {
    await process.print(`${npm}\n`)
    return 0
  }
  const [command = '', ...operands] = npx ? ['exec', ...words] : words
  try {
    const action = COMMANDS[command]
    if (command === '' || command === 'help') {
      await process.print(
        `npm <command>\n\nUsage:\n\nnpm install        install all the dependencies in your project\nnpm install <foo>  add the <foo> dependency to your project\nnpm test           run this project's tests\nnpm run <foo>      run the script named <foo>\nnpm <command> -h   quick help on <command>\nnpm -l             display usage info for all commands\n\nnpm@${npm} /usr/local/lib/node_modules/npm\n`,
      )
      return command === '' ? 1 : 0
    }
    if (!action) throw new NpmError(`not simulated: npm ${command}`)
    return await action({ process, command, words: operands, rest, options })
  } catch (error) {
    if (error instanceof SystemError)
      return report(
        process,
        `code ${error.code}\nerrno -${error.errno}\n${error.code}: ${error.message.toLowerCase()}${error.path ? `, '${error.path}'` : ''}`,
        243,
        npm,
      )
    if (!(error instanceof NpmError)) throw error
    return report(process, error.message, error.status, npm)
  }
}

/** Lines as npm marks them: `npm error` since version 10.8, before that `npm ERR!`. */
async function report(process: Process, text: string, status: number, npm: string): Promise<number> {
  const mark = Number(npm.split('.')[0]) >= 10 ? 'npm error' : 'npm ERR!'
  await process.printError(
    text
      .split('\n')
      .map((line) => `${mark}${line === '' ? '' : ` ${line}`}\n`)
      .join(''),
  )
  await process.printError(
    `${mark} A complete log of this run can be found in: /root/.npm/_logs/${stamp(process)}-debug-0.log\n`,
  )
  return status
}

function stamp(process: Process): string {
  const at = dateFields(process.wallClock())
  const two = (value: number, width = 2) => `${value}`.padStart(width, '0')
  return `${at.year}-${two(at.month)}-${two(at.day)}T${two(at.hour)}_${two(at.minute)}_${two(at.second)}_${two(at.millisecond, 3)}Z`
}
