import { type Applet, AppletError } from '../applet/applet.ts'

/** Packages of the simulated index and the versions it has. Their modules are not simulated. */
const INDEX: Readonly<Record<string, string>> = {
  flask: '1.1.4',
  redis: '3.5.3',
  requests: '2.31.0',
  gunicorn: '20.1.0',
  numpy: '1.26.4',
}

/** pip: installs the packages that exercises name, which leaves a record and no modules. */
export const pip: Applet = async (call) => {
  const { process, args } = call
  const python = process.env.get('PYTHON_VERSION') ?? '3.11.2'
  const branch = /^\d+\.\d+/.exec(python)![0]
  const site = `/usr/local/lib/python${branch}/site-packages`
  if (args[0] === '--version') {
    await process.print(`pip ${branch === '2.7' ? '20.0.2' : '23.2.1'} from ${site}/pip (python ${branch})\n`)
    return 0
  }
  if (args[0] !== 'install') throw new AppletError(`not simulated: pip ${args[0] ?? ''}`)
  const wanted: string[] = []
  for (let i = 1; i < args.length; i++) {
    if (args[i] === '-r' || args[i] === '--requirement') wanted.push(...requirements(call, args[++i] ?? ''))
    else if (['--trusted-host', '-i', '--index-url', '--extra-index-url'].includes(args[i]!)) i++
    else if (!args[i]!.startsWith('-')) wanted.push(args[i]!)
  }
  if (wanted.length === 0) throw new AppletError('', 1, 'ERROR: You must give at least one requirement to install\n')
  const installed: string[] = []
  for (const each of wanted) {
    const name = each.replace(/[=<>~![; ].*$/, '')
    const version = /==([\w.]+)/.exec(each)?.[1] ?? INDEX[name.toLowerCase()]
    if (!INDEX[name.toLowerCase()])
      throw new AppletError(
        '',
        1,
        `ERROR: Could not find a version that satisfies the requirement ${each} (from versions: none)\nERROR: No matching distribution found for ${each}\n`,
      )
    await process.print(`Collecting ${each}\n  Downloading ${name}-${version}-py2.py3-none-any.whl (94 kB)\n`)
    await process.sleep(300)
    process.files.mkdir(`${site}/${name}-${version}.dist-info`, { parents: true })
    installed.push(`${name}-${version}`)
  }
  await process.print(
    `Installing collected packages: ${installed.map((each) => each.replace(/-[^-]*$/, '')).join(', ')}\nSuccessfully installed ${installed.join(' ')}\n`,
  )
  await process.printError('W: not simulated: Python modules\n')
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
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean)
}
