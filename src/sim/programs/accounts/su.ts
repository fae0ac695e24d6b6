import { SystemError } from '../../linux/errors.ts'
import { type Applet, AppletError, say } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { userByName } from '../applet/users.ts'
import { credentialsOf, loginVariables } from './credentials.ts'
import { askPassword, isPassword } from './passwords.ts'

/** Becomes another user. Whoever is not root needs that one's password, and at first no account has one. */
export const su: Applet = async (call) => {
  const { process } = call
  // `-` alone means -l.
  const options = parseOptions(
    call,
    {
      short: 'lc:s:mpfg:G:w:PT',
      long: {
        login: 'l',
        'command=': 'c',
        'shell=': 's',
        'preserve-environment': 'p',
        'session-command=': 'c',
        pty: 'P',
      },
    },
    call.args.map((word) => (word === '-' ? '-l' : word)),
  )
  const [name = 'root', ...rest] = options.operands
  const user = userByName(process, name)
  if (!user)
    throw new AppletError(
      say(
        call,
        `user ${name} does not exist or the user entry does not contain all the required fields`,
        `unknown user ${name}`,
      ),
    )
  if (process.system.invoker.uid !== 0 && !isPassword(process, name, await askPassword(process, 'Password: ')))
    throw new AppletError(say(call, 'Authentication failure', 'incorrect password'))
  const login = options.has('l')
  const shell = options.get('s') ?? (user.shell || '/bin/sh')
  if (/nologin$/.test(shell)) throw new AppletError('', 1, 'This account is currently not available.\n')
  const env = login ? loginVariables(user, process.env.get('TERM')) : new Map(process.env)
  if (!login && !options.has('p') && !options.has('m')) {
    env.set('HOME', user.home)
    env.set('SHELL', shell)
    if (user.uid !== 0) for (const key of ['USER', 'LOGNAME']) env.set(key, user.name)
  }
  const base = shell.replace(/^.*\//, '')
  const command = options.get('c')
  try {
    return await process.exec({
      argv: [login ? `-${base}` : base, ...(command === undefined ? [] : ['-c', command]), ...rest],
      file: shell,
      env,
      credentials: credentialsOf(process, user),
      ...(login && process.files.exists(user.home) ? { cwd: user.home } : {}),
    })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(
      say(call, `failed to execute ${shell}: ${error.message}`, `can't execute '${shell}': ${error.message}`),
      127,
    )
  }
}
