import type { Process } from '../../linux/process.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { installed, sitePackages } from '../python/runtime/site.ts'
import { findPipPackage, normalName, type PipPackage } from './pip-index.ts'

interface Wanted {
  /** As it was asked for: `Flask==2.0.1`. */
  text: string
  known: PipPackage
  version: string
  /** Whose requirement it is. */
  parent: string | undefined
}

/** pip over the simulated index: packages leave a record, which makes their modules importable. */
export const pip: Applet = async (call) => {
  const { process } = call
  const version = process.env.get('PYTHON_VERSION') ?? '3.11.2'
  const branch = /^\d+\.\d+/.exec(version)![0]
  const site = sitePackages(version)
  const args = call.args.filter(
    (word) => !['-q', '--quiet', '--disable-pip-version-check', '--no-input'].includes(word),
  )
  const pipVersion = branch === '2.7' ? '20.0.2' : '23.2.1'
  const [verb, ...rest] = args
  switch (verb) {
    case '--version':
    case '-V':
      await process.print(`pip ${pipVersion} from ${site}/pip (python ${branch})\n`)
      return 0
    case 'install':
      return install(call, rest, version, args.length < call.args.length)
    case 'uninstall':
      return uninstall(
        process,
        rest.filter((word) => !word.startsWith('-')),
        version,
      )
    case 'freeze':
      await process.print(
        shown(process, version)
          .map(({ name, version }) => `${name}==${version}\n`)
          .join(''),
      )
      return 0
    case 'list': {
      const all = [...shown(process, version), { name: 'pip', version: pipVersion }].sort((a, b) =>
        normalName(a.name) < normalName(b.name) ? -1 : 1,
      )
      const width = Math.max(...all.map(({ name }) => name.length), 7)
      const right = Math.max(...all.map((each) => each.version.length), 7)
      await process.print(
        `${'Package'.padEnd(width)} Version\n${'-'.repeat(width)} ${'-'.repeat(right)}\n${all.map((each) => `${each.name.padEnd(width)} ${each.version}\n`).join('')}`,
      )
      return 0
    }
    case 'show': {
      const missing = rest.filter((name) => !has(process, version, name))
      for (const name of missing) await process.printError(`WARNING: Package(s) not found: ${name}\n`)
      const found = rest.filter((name) => !missing.includes(name))
      const blocks = found.map((name) => {
        const known = findPipPackage(name)!
        const own = shown(process, version).find((each) => normalName(each.name) === normalName(name))!
        return `Name: ${known.name}\nVersion: ${own.version}\nSummary: ${known.summary}\nLocation: ${site}\nRequires: ${(known.requires ?? []).join(', ')}\nRequired-by: \n`
      })
      await process.print(blocks.join('---\n'))
      return found.length > 0 ? 0 : 1
    }
    case 'check':
      await process.print('No broken requirements found.\n')
      return 0
    case undefined:
    case 'help':
      await process.print(
        '\nUsage:   \n  pip <command> [options]\n\nCommands:\n  install                     Install packages.\n  uninstall                   Uninstall packages.\n  freeze                      Output installed packages in requirements format.\n  list                        List installed packages.\n  show                        Show information about installed packages.\n  check                       Verify installed packages have compatible dependencies.\n',
      )
      return 0
  }
  if (
    ['download', 'wheel', 'cache', 'config', 'index', 'inspect', 'search', 'hash', 'debug', 'completion'].includes(verb)
  )
    throw new AppletError(`not simulated: pip ${verb}`)
  throw new AppletError('', 1, `ERROR: unknown command "${verb}"\n`)
}

/** Installed packages by the names that they write. */
function shown(process: Process, version: string): { name: string; version: string }[] {
  return installed(process, version).map((each) => ({
    name: findPipPackage(each.name)?.name ?? each.name,
    version: each.version,
  }))
}

const has = (process: Process, version: string, name: string): boolean =>
  installed(process, version).some((each) => normalName(each.name) === normalName(name))

async function install(
  call: Parameters<Applet>[0],
  args: readonly string[],
  python: string,
  quiet: boolean,
): Promise<number> {
  const { process } = call
  const words: string[] = []
  let upgrade = false
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word === '-r' || word === '--requirement') words.push(...requirements(call, args[++i] ?? ''))
    else if (word.startsWith('--requirement=')) words.push(...requirements(call, word.slice(14)))
    else if (
      [
        '--trusted-host',
        '-i',
        '--index-url',
        '--extra-index-url',
        '-t',
        '--target',
        '-c',
        '--constraint',
        '--timeout',
        '--retries',
      ].includes(word)
    )
      i++
    else if (word === '-U' || word === '--upgrade') upgrade = true
    else if (!word.startsWith('-')) words.push(word)
  }
  if (words.length === 0)
    throw new AppletError('', 1, 'ERROR: You must give at least one requirement to install (see "pip help install")\n')
  const two = python.startsWith('2')
  const wanted: Wanted[] = []
  const add = (text: string, parent: string | undefined) => {
    const name = text.replace(/[=<>~![; ].*$/, '')
    if (['pip', 'setuptools'].includes(normalName(name))) return
    const known = findPipPackage(name)
    if (!known)
      throw new AppletError(
        '',
        1,
        `ERROR: Could not find a version that satisfies the requirement ${text} (from versions: none)\nERROR: No matching distribution found for ${text}\n`,
      )
    if (wanted.some((each) => each.known === known)) return
    const newest = (two ? known.version2 : undefined) ?? known.version
    wanted.push({
      text,
      known,
      version: /==\s*([\w.]+)/.exec(text)?.[1] ?? /~=\s*([\w.]+)/.exec(text)?.[1] ?? newest,
      parent,
    })
  }
  const asked = (text: string) => {
    add(text, undefined)
    const last = wanted.at(-1)
    if (last) last.text = text
  }
  for (const word of words) asked(word)
  for (let i = 0; i < wanted.length; i++)
    for (const each of wanted[i]!.known.requires ?? [])
      if (!(two && each === 'blinker')) add(each, wanted[i]!.known.name)
  const print = (text: string) => (quiet ? Promise.resolve() : process.print(text))
  const fresh: Wanted[] = []
  const site = sitePackages(python)
  for (const each of wanted) {
    if (has(process, python, each.known.name) && !upgrade) {
      await print(
        `Requirement already satisfied: ${each.text} in ${site} (${installedVersion(process, python, each.known.name)})\n`,
      )
      continue
    }
    const file = `${each.known.name.replaceAll('-', '_')}-${each.version}-py${two ? '2.py3' : '3'}-none-any.whl`
    await print(
      `Collecting ${each.text}${each.parent ? ` (from ${each.parent})` : ''}\n  Downloading ${file} (${60 + ((each.known.name.length * 37) % 140)} kB)\n`,
    )
    await process.sleep(200)
    fresh.push(each)
  }
  for (const { known, version } of fresh) {
    for (const old of installed(process, python))
      if (normalName(old.name) === normalName(known.name))
        process.files.removeTree(`${site}/${old.name}-${old.version}.dist-info`)
    const info = `${site}/${known.name.replaceAll('-', '_')}-${version}.dist-info`
    process.files.mkdir(info, { parents: true })
    process.files.write(
      `${info}/METADATA`,
      `Metadata-Version: 2.1\nName: ${known.name}\nVersion: ${version}\nSummary: ${known.summary}\n`,
    )
    for (const command of known.commands ?? []) {
      const from = command === 'flask' ? ['flask.cli', 'main'] : ['gunicorn', 'run']
      process.files.mkdir('/usr/local/bin', { parents: true })
      process.files.write(
        `/usr/local/bin/${command}`,
        `#!/usr/local/bin/python\n# -*- coding: utf-8 -*-\nimport sys\nfrom ${from[0]} import ${from[1]}\nif __name__ == '__main__':\n    sys.exit(${from[1]}())\n`,
        { mode: 0o755 },
      )
      process.files.chmod(`/usr/local/bin/${command}`, 0o755)
    }
  }
  if (fresh.length === 0) return 0
  // What others need comes first.
  const order = [...fresh].reverse()
  await process.compute(150 * fresh.length)
  await print(
    `Installing collected packages: ${order.map(({ known }) => known.name).join(', ')}\nSuccessfully installed ${order
      .map(({ known, version }) => `${known.name}-${version}`)
      .sort((a, b) => (normalName(a) < normalName(b) ? -1 : 1))
      .join(' ')}\n`,
  )
  const silent = fresh.filter(({ known, parent }) => known.hollow && !parent)
  if (silent.length > 0)
    await process.printError(`W: not simulated: the modules of ${silent.map(({ known }) => known.name).join(', ')}\n`)
  if (!two && process.credentials.uid === 0)
    await process.printError(
      "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the system package manager. It is recommended to use a virtual environment instead: https://pip.pypa.io/warnings/venv\n",
    )
  return 0
}

function installedVersion(process: Process, python: string, name: string): string {
  return installed(process, python).find((each) => normalName(each.name) === normalName(name))?.version ?? ''
}

async function uninstall(process: Process, names: readonly string[], python: string): Promise<number> {
  const site = sitePackages(python)
  for (const name of names) {
    const found = installed(process, python).find((each) => normalName(each.name) === normalName(name))
    if (!found) {
      await process.printError(`WARNING: Skipping ${name} as it is not installed.\n`)
      continue
    }
    process.files.removeTree(`${site}/${found.name}-${found.version}.dist-info`)
    await process.print(
      `Found existing installation: ${found.name} ${found.version}\nUninstalling ${found.name}-${found.version}:\n  Successfully uninstalled ${found.name}-${found.version}\n`,
    )
  }
  return 0
}

function requirements({ process }: Parameters<Applet>[0], file: string): string[] {
  if (!process.files.exists(file))
    throw new AppletError(
      '',
      1,
      `ERROR: Could not open requirements file: [Errno 2] No such file or directory: '${file}'\n`,
    )
  return process.files
    .readText(file)
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('-'))
}
