// `import text from './file.js?raw'` is the file's text, as Vite has it. Comments and indentation of scripts stay out of
// the bundle.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { transform } from 'esbuild'

/** For esbuild. */
export const rawTextPlugin = {
  name: 'raw-text',
  setup(build) {
    build.onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.replace(/\?raw$/, '')),
      namespace: 'raw-text',
    }))
    build.onLoad({ filter: /.*/, namespace: 'raw-text' }, async ({ path }) => {
      const text = readFileSync(path, 'utf8')
      // A function's body, since it may be a module's inside with `return` and names of its own.
      const { code } = await transform(text, {
        loader: 'js',
        minifyWhitespace: true,
        target: 'es2022',
        charset: 'utf8',
      })
      return { contents: code, loader: 'text', watchFiles: [path], resolveDir: dirname(path) }
    })
  },
}
