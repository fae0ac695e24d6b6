import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const SOURCE = `
import { render, Text } from 'ink'
import { createElement } from 'react'
render(createElement(Text, null, 'hello ink'))
setTimeout(() => {}, 10000)
`

/** Bundles the smallest Ink program there is, the way Kubebook is bundled; its path. */
export async function bundleHelloInk(root: string): Promise<string> {
  const folder = join(root, 'node_modules/.cache/kubebook')
  mkdirSync(folder, { recursive: true })
  const outfile = join(folder, 'hello-ink.mjs')
  await build({
    stdin: { contents: SOURCE, resolveDir: root, loader: 'js' },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    plugins: [
      {
        name: 'no-devtools',
        setup(context) {
          context.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'x', namespace: 'stub' }))
          context.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'export default {}' }))
        },
      },
    ],
    logLevel: 'error',
  })
  return outfile
}
