// Collects the sentences about API types and fields from the declarations of kubernetes-types (Apache-2.0), for
// `kubectl explain`. The plugins here make them the module kubebook:api-descriptions: they ship with the program but are
// not kept in the repository.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../node_modules/kubernetes-types')

function* declarations(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) yield* declarations(path)
    else if (name.endsWith('.d.ts')) yield path
  }
}

const plain = (comment) =>
  comment
    .replace(/^\/\*\*\s?/, '')
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()

/** `{ 'core.v1.Pod': { '': 'Pod is …', spec: '…' } }` */
export function apiDescriptions() {
  const out = {}
  for (const path of declarations(root)) {
    const prefix = relative(root, path)
      .replace(/\.d\.ts$/, '')
      .split(/[\\/]/)
      .join('.')
    const text = readFileSync(path, 'utf8')
    for (const m of text.matchAll(
      /(?:(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*)?export interface (\w+)[^{]*\{([\s\S]*?)\n\}/g,
    )) {
      const words = {}
      if (m[1]) words[''] = plain(m[1])
      for (const field of m[3].matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s*(?:readonly )?['"]?([\w$-]+)['"]?\??:/g))
        words[field[2]] = plain(field[1])
      out[`${prefix}.${m[2]}`] = words
    }
  }
  return out
}

const MODULE = 'kubebook:api-descriptions'
/** One string is parsed faster than as many literals. */
const moduleText = () => `export default JSON.parse(${JSON.stringify(JSON.stringify(apiDescriptions()))})`

/** For esbuild. */
export const apiDescriptionsPlugin = {
  name: 'api-descriptions',
  setup(build) {
    build.onResolve({ filter: /^kubebook:api-descriptions$/ }, ({ path }) => ({ path, namespace: 'api-descriptions' }))
    build.onLoad({ filter: /.*/, namespace: 'api-descriptions' }, () => ({ contents: moduleText() }))
  },
}

/** For Vite, which runs the tests. */
export const apiDescriptionsVitePlugin = {
  name: 'api-descriptions',
  resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
  load: (id) => (id === `\0${MODULE}` ? moduleText() : undefined),
}
