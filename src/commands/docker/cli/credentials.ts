import { CommandError, type Session } from './session.ts'

const HUB = 'https://index.docker.io/v1/'

interface Config {
  auths?: Record<string, { auth: string }>
  [name: string]: unknown
}

function configPath({ process }: Session): string {
  return `${process.env.get('DOCKER_CONFIG') ?? `${process.env.get('HOME') ?? '/root'}/.docker`}/config.json`
}

function readConfig(session: Session): Config {
  const path = configPath(session)
  if (!session.process.files.exists(path)) return {}
  try {
    return JSON.parse(session.process.files.readText(path)) as Config
  } catch {
    throw new CommandError(`WARNING: Error loading config file: ${path}`)
  }
}

function writeConfig(session: Session, config: Config): void {
  const path = configPath(session)
  session.process.files.mkdir(path.slice(0, path.lastIndexOf('/')), { parents: true, mode: 0o700 })
  session.process.files.write(path, JSON.stringify(config, null, '\t'), { mode: 0o600 })
}

async function readLine(session: Session): Promise<string> {
  let text = ''
  while (!text.includes('\n')) {
    const bytes = await session.process.stdin.read()
    if (bytes.length === 0) break
    text += new TextDecoder().decode(bytes)
  }
  return text.replace(/\r?\n.*$/s, '')
}

export async function logIn(session: Session): Promise<number> {
  const { flags, args, process, client } = session
  const server = args[0] ?? HUB
  let username = flags.string('username') ?? ''
  let password = flags.string('password') ?? ''
  if (flags.bool('password-stdin')) {
    if (flags.has('password')) throw new CommandError('--password and --password-stdin are mutually exclusive')
    if (username === '') throw new CommandError('the --password-stdin option requires --username to be set')
    password = await readLine(session)
  } else if (flags.has('password')) {
    await session.printError('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n')
  }
  if (username === '' || password === '') {
    const terminal = process.fds.get(0)?.tty
    if (!terminal) throw new CommandError('Error: Cannot perform an interactive login from a non TTY device')
    if (username === '') {
      await session.print('Username: ')
      username = await readLine(session)
    }
    if (password === '') {
      await session.print('Password: ')
      const before = { ...terminal.modes }
      terminal.modes = { ...before, echo: false }
      try {
        password = await readLine(session)
      } finally {
        terminal.modes = before
      }
      await session.print('\n')
    }
  }
  const { Status } = await client.post<{ Status: string }>('/auth', {}, { username, password, serveraddress: server })
  const config = readConfig(session)
  writeConfig(session, { ...config, auths: { ...config.auths, [server]: { auth: btoa(`${username}:${password}`) } } })
  const where = configPath(session)
  await session.printError(
    `\nWARNING! Your credentials are stored unencrypted in '${where}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n`,
  )
  await session.print(`${Status}\n`)
  return 0
}

export async function logOut(session: Session): Promise<number> {
  const server = session.args[0] ?? HUB
  const config = readConfig(session)
  await session.print(`Removing login credentials for ${server}\n`)
  if (config.auths?.[server]) {
    const { [server]: _gone, ...auths } = config.auths
    writeConfig(session, { ...config, auths })
  }
  return 0
}
