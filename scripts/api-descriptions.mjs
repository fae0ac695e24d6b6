// Collects the sentences about API types and fields from the declarations of kubernetes-types (Apache-2.0), for
// `kubectl explain`. Run by the build: they ship with the program but are not kept in the repository.
//   node scripts/api-descriptions.mjs OUTPUT.json
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const descriptions = apiDescriptions()
  const text = JSON.stringify(descriptions)
  if (!process.argv[2]) {
    console.error('usage: node scripts/api-descriptions.mjs OUTPUT.json')
    process.exit(2)
  }
  writeFileSync(process.argv[2], text)
  console.log(`${Object.keys(descriptions).length} types, ${text.length} bytes`)
}
