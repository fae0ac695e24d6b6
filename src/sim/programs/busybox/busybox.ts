import type { Process, Program } from '../../linux/process.ts'
import { ash } from '../../linux/shell/main.ts'
import { type Applet, runApplet } from '../applet/applet.ts'
import { BUSYBOX_BANNER } from '../applet/usage.ts'
import { applets } from '../applets.ts'
import { busyboxHttpd } from './httpd.ts'
import { BUSYBOX_FOLDERS, BUSYBOX_ONLY } from './names.ts'

const ABOUT = `${BUSYBOX_BANNER}BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
`

/** Its own, which others of the name are not like. */
const OWN: Readonly<Record<string, Applet>> = { httpd: busyboxHttpd }

/** The multi-call binary: it is what it was called. */
export const busybox: Program = (process) => dispatch(process, process.argv)

async function dispatch(process: Process, argv: readonly string[]): Promise<number> {
  const name = (argv[0] ?? '').replace(/^.*\//, '').replace(/^-/, '')
  if (name.startsWith('busybox')) return main(process, argv.slice(1))
  if (name === 'sh' || name === 'ash') return ash(process)
  const own = OWN[name]
  if (own) return runApplet(own, process, 'busybox', argv)
  const known = applets[name] ?? (name === 'bash' ? undefined : applets[BUSYBOX_ONLY[name] ?? ''])
  if (known) return runApplet(known.applet, process, 'busybox', argv)
  await process.printError(`${name}: applet not found\n`)
  return 127
}

async function main(process: Process, args: readonly string[]): Promise<number> {
  const [first, ...rest] = args
  const names = ['busybox', ...Object.values(BUSYBOX_FOLDERS).flat()].sort()
  if (first === undefined || first === '--help') {
    await process.print(ABOUT)
    // It writes name by name; by line is enough for whoever reads only the beginning.
    for (const line of wrap(names)) await process.print(`${line}\n`)
    return 0
  }
  if (first === '--list') {
    await process.print(names.map((name) => `${name}\n`).join(''))
    return 0
  }
  if (first === 'sh' || first === 'ash') return process.exec({ argv: args, file: '/proc/self/exe', program: ash })
  return dispatch(process, [first, ...rest])
}

function wrap(names: readonly string[]): string[] {
  const lines: string[] = []
  let line = '\t'
  for (const [index, name] of names.entries()) {
    const piece = `${name}${index === names.length - 1 ? '' : ','} `
    if (line.length + piece.length > 78) {
      lines.push(line.trimEnd())
      line = '\t'
    }
    line += piece
  }
  return [...lines, line.trimEnd()]
}
