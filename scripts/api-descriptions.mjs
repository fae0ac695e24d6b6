// Collects the sentences about API types and fields for `kubectl explain` from declarations: kubernetes-types (Apache-2.0)
// has every type, kubernetes-models (MIT) the words of the version that is simulated. The plugins here make them the module kubebook:api-descriptions: they ship with the program but are
// not kept in the repository.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = resolve(dirname(fileURLToPath(import.meta.url)), '../node_modules')

function* declarations(folder) {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) {
      if (name !== '_schemas' && name !== 'node_modules') yield* declarations(path)
    } else if (name.endsWith('.d.ts')) yield path
  }
}

const plain = (comment) =>
  comment
    .replace(/^\/\*\*\s?/, '')
    .replace(/\s*\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replaceAll('\\*', '*')
    .trim()

const COMMENT = String.raw`(\/\*\*(?:(?!\*\/)[\s\S])*\*\/)`
const FIELD = new RegExp(String.raw`^ {2,4}${COMMENT}\n {2,4}(?:readonly )?['"]?([\w$-]+)['"]?\??:`, 'gm')

/** Interfaces whose names begin with `start`; `prefix` makes `core.v1` of a file's folders. */
function collect(out, root, start, prefix) {
  const types = new RegExp(String.raw`(?:${COMMENT}\s*)?export interface ${start}(\w+)[^{]*\{([\s\S]*?)\n\}`, 'g')
  for (const path of declarations(root)) {
    const folders = relative(root, path)
      .replace(/\.d\.ts$/, '')
      .split(/[\\/]/)
    for (const [, comment, name, body] of readFileSync(path, 'utf8').matchAll(types)) {
      const words = {}
      if (comment) words[''] = plain(comment)
      for (const [, text, field] of body.matchAll(FIELD)) words[field] ??= plain(text)
      const key = `${prefix(folders)}.${name}`
      // Later words hold for the whole type, but do not repeat what every kind has.
      const { kind, apiVersion } = out[key] ?? {}
      out[key] = { ...(kind && { kind }), ...(apiVersion && { apiVersion }), ...words }
    }
  }
}

/** `{ 'core.v1.Pod': { '': 'Pod is …', spec: '…' } }` */
export function apiDescriptions() {
  const out = {}
  collect(out, join(packages, 'kubernetes-types'), '', (folders) => folders.join('.'))
  // `rbac.authorization.k8s.io/v1/Role`, and `v1/Pod` of the core group.
  collect(out, join(packages, 'kubernetes-models'), 'I', (folders) =>
    folders.length === 2 ? `core.${folders[0]}` : `${folders[0].split('.')[0]}.${folders[1]}`,
  )
  collect(out, join(packages, '@kubernetes-models/apimachinery/apis'), 'I', ([group, version]) => `${group}.${version}`)
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
