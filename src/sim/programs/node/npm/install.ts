import type { Process } from '../../../linux/process.ts'
import { type Manifest, NpmError, needManifest, readManifest, writeJson } from './manifest.ts'
import { COMMANDS, EXISTING, mainFile, pick, type Release, releasesOf } from './registry.ts'

export interface InstallOptions {
  /** Names as given: `express`, `express@4`, `express@^4.18`. */
  wanted: readonly string[]
  dev: boolean
  global: boolean
  /** Leaves development dependencies out. */
  production: boolean
  /** `npm ci`. */
  clean: boolean
  save: boolean
  exact: boolean
}

/** A package of the tree: where it goes below node_modules, and its version. */
type Tree = Map<string, string>

/** npm install and npm ci. */
export async function install(process: Process, options: InstallOptions): Promise<number> {
  const begun = process.uptime()
  const lockFile = `${process.cwd === '/' ? '' : process.cwd}/package-lock.json`
  const { files } = process
  const root = options.global ? '/usr/local/lib' : process.cwd === '/' ? '' : process.cwd
  if (options.clean && !files.exists(lockFile)) throw new NpmError(NO_LOCK)
  const manifest: Manifest = options.global
    ? {}
    : options.clean
      ? needManifest(process)
      : (readManifest(process) ?? (options.wanted.length > 0 ? {} : needManifest(process)))
  const group = options.dev ? 'devDependencies' : 'dependencies'
  const chosen: Release[] = []
  for (const text of options.wanted) {
    const [, name, range = ''] = /^(@?[^@]+)(?:@(.*))?$/.exec(text)!
    const release = choose(name!, range)
    chosen.push(release)
    const saved = options.exact || /^\d+\.\d+\.\d+/.test(range) ? release.version : `^${release.version}`
    manifest[group] = sorted({ ...manifest[group], [name!]: saved })
  }
  if (!options.global) {
    const own = { ...manifest.dependencies, ...(options.production ? {} : manifest.devDependencies) }
    for (const [name, range] of Object.entries(own))
      if (!chosen.some((release) => release.name === name)) chosen.push(choose(name, range))
  }
  const tree: Tree = new Map()
  for (const { name, version } of chosen) tree.set(name, version)
  for (const release of chosen)
    for (const each of release.tree) {
      const at = each.lastIndexOf('@')
      const name = each.slice(0, at).replaceAll('>', '/node_modules/')
      if (!tree.has(name)) tree.set(name, each.slice(at + 1))
    }
  await process.compute(250)
  await process.sleep(tree.size === 0 ? 150 : 700 + tree.size * 18)
  const modules = `${root}/node_modules`
  if (options.clean && files.exists(modules)) files.removeTree(modules)
  const fresh = [...tree].filter(([name, version]) => installedVersion(process, `${modules}/${name}`) !== version)
  const changed = fresh.filter(([name]) => files.exists(`${modules}/${name}/package.json`)).length
  for (const [name, version] of fresh) write(process, modules, name, version)
  if (!options.global) {
    const old = files.exists(modules) ? installed(process, modules) : []
    for (const name of old) if (!tree.has(name)) files.removeTree(`${modules}/${name}`)
    if (options.save && options.wanted.length > 0) writeJson(process, 'package.json', manifest)
    if (!options.clean && options.save) writeJson(process, 'package-lock.json', lock(process, manifest, tree))
    if (tree.size > 0) writeJson(process, `${modules}/.package-lock.json`, lock(process, manifest, tree))
  }
  const funding = chosen.reduce((sum, release) => sum + release.funding, 0)
  const took = process.uptime() - begun
  const time = took < 1000 ? `${Math.round(took)}ms` : `${Math.round(took / 1000)}s`
  const count = (n: number) => `${n} package${n === 1 ? '' : 's'}`
  const audited = options.global ? '' : `, and audited ${count(tree.size + 1)}`
  const added = fresh.length - changed
  const parts = [added > 0 ? `added ${count(added)}` : '', changed > 0 ? `changed ${count(changed)}` : '']
  const what = parts.filter(Boolean).join(', ')
  const head = what !== '' ? `${what}${audited} in ${time}` : `up to date${audited.replace(', and', ',')} in ${time}`
  await process.print(
    `\n${head}\n${funding > 0 ? `\n${funding} package${funding === 1 ? ' is' : 's are'} looking for funding\n  run \`npm fund\` for details\n` : ''}${options.global ? '' : '\nfound 0 vulnerabilities\n'}`,
  )
  return 0
}

/** npm uninstall. */
export async function uninstall(process: Process, names: readonly string[]): Promise<number> {
  const manifest = needManifest(process)
  const modules = `${process.cwd}/node_modules`
  const before = process.files.exists(modules) ? installed(process, modules).length : 0
  for (const name of names) {
    delete manifest.dependencies?.[name]
    delete manifest.devDependencies?.[name]
  }
  writeJson(process, 'package.json', manifest)
  const left = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).map(([name, range]) =>
    choose(name, range),
  )
  const keep = new Set(
    left.flatMap(({ name, tree }) => [name, ...tree.map((each) => each.slice(0, each.lastIndexOf('@')))]),
  )
  for (const name of process.files.exists(modules) ? installed(process, modules) : [])
    if (!keep.has(name)) process.files.removeTree(`${modules}/${name}`)
  const removed = before - keep.size
  await process.sleep(300)
  await process.print(
    `\n${removed > 0 ? `removed ${removed} package${removed === 1 ? '' : 's'}` : 'up to date'}, and audited ${keep.size + 1} package${keep.size === 0 ? '' : 's'} in 301ms\n\nfound 0 vulnerabilities\n`,
  )
  return 0
}

function choose(name: string, range: string): Release {
  if (/^(?:file:|git|https?:|\.|\/)/.test(range) || /^(?:\.|\/|git|https?:)/.test(name))
    throw new NpmError(`not simulated: packages that are not from the registry (${name}${range ? `@${range}` : ''})`)
  if (!releasesOf(name)) {
    if (EXISTING.has(name)) throw new NpmError(`not simulated: npm package ${name}`)
    const shown = encodeURIComponent(name).replace('%40', '@')
    throw new NpmError(
      `code E404\n404 Not Found - GET https://registry.npmjs.org/${shown} - Not found\n404\n404  '${name}@${range || '*'}' is not in this registry.\n404\n404 Note that you can also install from a\n404 tarball, folder, http url, or git folder.`,
    )
  }
  const release = pick(name, range)
  if (!release)
    throw new NpmError(
      `code ETARGET\nnotarget No matching version found for ${name}@${range}.\nnotarget In most cases you or one of your dependencies are requesting\nnotarget a package version that doesn't exist.`,
    )
  return release
}

function write(process: Process, modules: string, name: string, version: string): void {
  const { files } = process
  const folder = `${modules}/${name}`
  const own = name.replace(/^.*\/node_modules\//, '')
  files.mkdir(folder, { parents: true })
  const command = COMMANDS[own]
  writeJson(process, `${folder}/package.json`, {
    name: own,
    version,
    main: 'index.js',
    license: 'MIT',
    ...(command && { bin: { [command]: 'index.js' } }),
  })
  files.write(`${folder}/index.js`, mainFile(own), { mode: 0o755 })
  files.chmod(`${folder}/index.js`, command ? 0o755 : 0o644)
  if (!command) return
  const bin = modules === '/usr/local/lib/node_modules' ? '/usr/local/bin' : `${modules}/.bin`
  files.mkdir(bin, { parents: true })
  if (!files.exists(`${bin}/${command}`)) files.symlink(`${folder}/index.js`, `${bin}/${command}`)
}

function installedVersion({ files }: Process, folder: string): string | undefined {
  const file = `${folder}/package.json`
  return files.exists(file) ? (JSON.parse(files.readText(file)) as Manifest).version : undefined
}

/** Names of the packages in a node_modules folder. */
export function installed({ files }: Process, modules: string): string[] {
  return files
    .list(modules)
    .filter(({ name, type }) => type === 'directory' && !name.startsWith('.'))
    .flatMap(({ name }) =>
      name.startsWith('@') ? files.list(`${modules}/${name}`).map((each) => `${name}/${each.name}`) : [name],
    )
}

function lock(process: Process, manifest: Manifest, tree: Tree): unknown {
  const name = manifest.name ?? (process.cwd.split('/').at(-1) || 'app')
  const version = manifest.version && { version: manifest.version }
  const packages: Record<string, unknown> = {
    '': {
      name,
      ...version,
      ...(manifest.license ? { license: manifest.license } : {}),
      ...(manifest.dependencies && { dependencies: manifest.dependencies }),
      ...(manifest.devDependencies && { devDependencies: manifest.devDependencies }),
    },
  }
  for (const [path, each] of [...tree].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const own = path.replace(/^.*\/node_modules\//, '')
    packages[`node_modules/${path}`] = {
      version: each,
      resolved: `https://registry.npmjs.org/${own}/-/${own.replace(/^.*\//, '')}-${each}.tgz`,
      license: 'MIT',
    }
  }
  return { name, ...version, lockfileVersion: 3, requires: true, packages }
}

function sorted(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const NO_LOCK = `code EUSAGE

The \`npm ci\` command can only install with an existing package-lock.json or
npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or
later to generate a package-lock.json file, then try again.

Clean install a project

Usage:
npm ci

Options:
[--install-strategy <hoisted|nested|shallow|linked>] [--legacy-bundling]
[--global-style] [--omit <dev|optional|peer> [--omit <dev|optional|peer> ...]]
[--include <prod|dev|optional|peer> [--include <prod|dev|optional|peer> ...]]
[--strict-peer-deps] [--foreground-scripts] [--ignore-scripts] [--no-audit]
[--no-bin-links] [--no-fund] [--dry-run]
[-w|--workspace <workspace-name> [-w|--workspace <workspace-name> ...]]
[--workspaces] [--include-workspace-root] [--install-links]

aliases: clean-install, ic, install-clean, isntall-clean

Run "npm help ci" for more info`
