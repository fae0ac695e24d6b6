import { type Applet, type AppletCall, AppletError } from '../applet/applet.ts'
import { startNfs } from '../nfs/server.ts'
import {
  findPackage,
  installedPackages,
  installPackage,
  isInstalled,
  removePackage,
  searchPackages,
} from './repository.ts'

const RELEASES = ['bookworm InRelease', 'bookworm-updates InRelease', 'bookworm-security InRelease']
const READING = 'Reading package lists...\nBuilding dependency tree...\nReading state information...\n'

/** Packages that install, as builds ask for them, though none of their commands is here. */
const NOT_SIMULATED = new Set(['build-essential', 'git', 'make', 'unzip'])

/** apt and apt-get over the simulated mirrors: a few dozen packages, whose commands the simulator has. */
export const apt: Applet = async (call) => {
  const { process, name, args } = call
  const [verb, ...operands] = args.filter((word) => !word.startsWith('-'))
  if (name === 'apt' && !process.stdout.tty)
    await process.printError('\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n')
  switch (verb) {
    case 'update':
      needRoot(call, '/var/lib/apt/lists/lock', 'directory /var/lib/apt/lists/')
      await process.sleep(800)
      await process.print(
        `${RELEASES.map((each, i) => `Hit:${i + 1} http://deb.debian.org/debian${i === 2 ? '-security' : ''} ${each}\n`).join('')}${READING}`,
      )
      if (name === 'apt') await process.print('All packages are up to date.\n')
      process.files.mkdir('/var/lib/apt/lists', { parents: true })
      process.files.write('/var/lib/apt/lists/lock', '')
      return 0
    case 'install':
      return install(call, operands)
    case 'remove':
    case 'purge':
    case 'autoremove':
      needRoot(call, '/var/lib/dpkg/lock-frontend', 'dpkg frontend lock')
      for (const each of operands) removePackage(process, each)
      await process.print(
        `${READING}${operands.length === 0 ? '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n' : `The following packages will be REMOVED:\n  ${operands.join(' ')}\n${operands.map((each) => `Removing ${each} ...\n`).join('')}`}`,
      )
      return 0
    case 'upgrade':
    case 'dist-upgrade':
    case 'full-upgrade':
      needRoot(call, '/var/lib/dpkg/lock-frontend', 'dpkg frontend lock')
      await process.print(
        `${READING}Calculating upgrade...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n`,
      )
      return 0
    case 'clean':
    case 'autoclean':
      return 0
    case 'search':
      await process.print(
        searchPackages(operands[0] ?? '')
          .map((each) => `${each}/stable ${findPackage(each)!.version} amd64\n\n`)
          .join(''),
      )
      return 0
    case 'list':
      await process.print(
        `Listing...\n${installedPackages(process)
          .map((each) => `${each}/stable,now ${findPackage(each)?.version ?? ''} amd64 [installed]\n`)
          .join('')}`,
      )
      return 0
    case undefined:
      await process.print(`${name} 2.6.1 (amd64)\nUsage: ${name} [options] command\n`)
      return 0
  }
  throw new AppletError('', 100, `E: Invalid operation ${verb}\n`)
}

function needRoot({ process }: AppletCall, file: string, what: string): void {
  if (process.credentials.uid === 0) return
  throw new AppletError(
    '',
    100,
    `E: Could not open lock file ${file} - open (13: Permission denied)\nE: Unable to acquire the ${what}${what.startsWith('dpkg') ? ` (${file}), are you root?` : ': are you root?'}\n`,
  )
}

async function install(call: AppletCall, wanted: readonly string[]): Promise<number> {
  const { process } = call
  needRoot(call, '/var/lib/dpkg/lock-frontend', 'dpkg frontend lock')
  await process.print(READING)
  const names = wanted.map((each) => each.replace(/[=/].*$/, ''))
  const missing = names.filter((each) => !findPackage(each))
  // A fresh image has no lists: nothing can be found before `apt update`.
  const listed =
    process.files.exists('/var/lib/apt/lists/lock') ||
    process.files.exists('/etc/apt/apt.conf.d') ||
    process.files.exists('/etc/kubernetes') ||
    process.files.exists('/usr/bin/sudo')
  const unknown = listed ? missing : names
  if (unknown.length > 0)
    throw new AppletError('', 100, unknown.map((each) => `E: Unable to locate package ${each}\n`).join(''))
  const fresh = names.filter((each) => !isInstalled(process, each))
  for (const each of names)
    if (!fresh.includes(each))
      await process.print(`${each} is already the newest version (${findPackage(each)!.version}).\n`)
  if (fresh.length > 0) await process.print(`The following NEW packages will be installed:\n  ${fresh.join(' ')}\n`)
  await process.print(`0 upgraded, ${fresh.length} newly installed, 0 to remove and 0 not upgraded.\n`)
  for (const [i, each] of fresh.entries()) {
    await process.sleep(300)
    await process.print(
      `Get:${i + 1} http://deb.debian.org/debian bookworm/main amd64 ${each} amd64 ${findPackage(each)!.version}\n`,
    )
  }
  for (const each of fresh) {
    installPackage(process, each)
    await process.print(
      `Selecting previously unselected package ${each}.\nUnpacking ${each} (${findPackage(each)!.version}) ...\nSetting up ${each} (${findPackage(each)!.version}) ...\n`,
    )
  }
  // The package brings its service up; in a container nothing runs services.
  if (names.includes('nfs-kernel-server') && process.files.exists('/usr/bin/sudo')) startNfs(process)
  const silent = fresh.filter((each) => NOT_SIMULATED.has(each))
  if (silent.length > 0) await process.printError(`W: not simulated: the commands of ${silent.join(', ')}\n`)
  return 0
}

/** apk over the same packages. */
export const apk: Applet = async (call) => {
  const { process } = call
  const [verb, ...names] = call.args.filter((word) => !word.startsWith('-'))
  const mirror = 'https://dl-cdn.alpinelinux.org/alpine/v3.18'
  const total = () => 15 + installedPackages(process).length
  const fetch = async () =>
    process.print(['main', 'community'].map((each) => `fetch ${mirror}/${each}/x86_64/APKINDEX.tar.gz\n`).join(''))
  if (verb === 'update') {
    await fetch()
    await process.print(
      `v3.18.4 [${mirror}/main]\nv3.18.4 [${mirror}/community]\nOK: 20079 distinct packages available\n`,
    )
    return 0
  }
  if (verb === 'add') {
    await fetch()
    const unknown = names.filter((each) => !findPackage(each))
    if (unknown.length > 0) {
      await process.print(
        `ERROR: unable to select packages:\n${unknown.map((each) => `  ${each} (no such package):\n    required by: world[${each}]\n`).join('')}`,
      )
      return unknown.length
    }
    const fresh = names.filter((each) => !installedPackages(process).includes(each))
    for (const [i, each] of fresh.entries()) {
      await process.sleep(200)
      installPackage(process, each)
      await process.print(
        `(${i + 1}/${fresh.length}) Installing ${each} (${findPackage(each)!.version.replace(/^\d+:/, '').replace(/-.*/, '')}-r0)\n`,
      )
    }
    if (fresh.length > 0) await process.print('Executing busybox-1.36.1-r2.trigger\n')
    await process.print(`OK: ${8 + fresh.length} MiB in ${total()} packages\n`)
    return 0
  }
  if (verb === 'del') {
    for (const [i, each] of names.entries()) {
      removePackage(process, each)
      await process.print(`(${i + 1}/${names.length}) Purging ${each}\n`)
    }
    await process.print(`OK: 8 MiB in ${total()} packages\n`)
    return 0
  }
  if (verb === 'info' || verb === 'list') {
    await process.print(
      ['alpine-baselayout', 'apk-tools', 'busybox', 'musl', ...installedPackages(process)]
        .map((each) => `${each}\n`)
        .join(''),
    )
    return 0
  }
  if (verb === 'search') {
    await process.print(
      searchPackages(names[0] ?? '')
        .map((each) => `${each}\n`)
        .join(''),
    )
    return 0
  }
  throw new AppletError(`not simulated: apk ${verb ?? ''}`)
}
