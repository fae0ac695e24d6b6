// Bundles Kubebook to dist/kubebook.js. Heavy parts (worlds, the study session, the highlighter) are chunks of their
// own, loaded when they are wanted. Does nothing when the bundle is newer than every source (--force: always).
// Installs the development packages first when there are none, so that one command works in a bare clone.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const quiet = process.argv.includes('--quiet')
const out = join(root, 'dist', 'kubebook.js')

if (!existsSync(join(root, 'node_modules', 'esbuild'))) {
  console.error('Installing packages…')
  const npm = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) process.exit(npm.status ?? 1)
}

const newest = (path) => {
  const info = statSync(path)
  if (!info.isDirectory()) return info.mtimeMs
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
const sources = ['src', 'lessons', 'labs', 'graders', 'scripts/build.mjs', 'package.json'].map((name) =>
  join(root, name),
)
if (!process.argv.includes('--force') && existsSync(out) && statSync(out).mtimeMs > Math.max(...sources.map(newest))) {
  process.exit(0)
}

const { build } = await import('esbuild')
const { apiDescriptionsPlugin } = await import('./api-descriptions.mjs')
const { rawTextPlugin } = await import('./raw-text.mjs')

/** Built beside the old one and put in its place at the end: a failed build leaves what worked. */
const dist = join(root, 'dist.new')
rmSync(dist, { recursive: true, force: true })

/** esbuild has told what is wrong; its stack would only hide that. */
const bundle = (options) => build(options).catch(() => process.exit(1))

/** Ink asks for the developer tools only when DEV is set; they are not shipped. */
const noDevtools = {
  name: 'no-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'stub' }))
    build.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'export default {}' }))
  },
}

const result = await bundle({
  entryPoints: {
    kubebook: join(root, 'src/cli/main.ts'),
    'prove-worker': join(root, 'src/cli/prove/worker.ts'),
  },
  outdir: dist,
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  minify: true,
  keepNames: false,
  legalComments: 'linked',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  plugins: [noDevtools, apiDescriptionsPlugin, rawTextPlugin],
  logLevel: 'warning',
  metafile: true,
})
// The built-in course, read and checked once, so that the first frame does not wait for it.
const compiler = join(dist, 'compile-course.cjs')
await bundle({
  entryPoints: [join(root, 'src/cli/compile-course.ts')],
  outfile: compiler,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.18',
  plugins: [apiDescriptionsPlugin, rawTextPlugin],
  logLevel: 'error',
})
const compiled = spawnSync(process.execPath, [compiler, root, join(dist, 'course.json')], { stdio: 'inherit' })
rmSync(compiler)
if (compiled.status !== 0) process.exit(compiled.status ?? 1)

rmSync(join(root, 'dist'), { recursive: true, force: true })
renameSync(dist, join(root, 'dist'))
const bytes = Object.values(result.metafile.outputs).reduce((sum, file) => sum + file.bytes, 0)
if (!quiet) console.error(`dist: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} KB`)
