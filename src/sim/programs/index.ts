import type { Program } from '../linux/process.ts'
import { ash, bash, dash } from '../linux/shell/main.ts'
import { asProgram } from './applet/applet.ts'
import { applets } from './applets.ts'
import { busybox } from './busybox/busybox.ts'

/**
 * The general programs of a Linux machine, by the name that their executables carry: GNU's versions of the applets,
 * the shells, and busybox. Servers (nginx, redis, …) have their own folders and are added by who installs them.
 */
export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...Object.entries(applets).map(([name, { applet }]): [string, Program] => [name, asProgram(applet, 'gnu')]),
  ['bash', bash],
  ['dash', dash],
  ['ash', ash],
  ['busybox', busybox],
])
