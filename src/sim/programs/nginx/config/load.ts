import { SystemError } from '../../../linux/errors.ts'
import type { Process } from '../../../linux/process.ts'
import { compileConfig } from './compile.ts'
import type { NginxConfig } from './model.ts'
import { at, ConfigError, type Directive, parseConfig } from './syntax.ts'

/** Reads the configuration file with its includes, and compiles it. `globals` is the text of `-g`. */
export function loadConfig(process: Process, path: string, globals: string): NginxConfig {
  const overrides = parseConfig(globals, 'command line')
  return compileConfig(readFile(process, path, undefined, 0), overrides)
}

function readFile(process: Process, path: string, from: Directive | undefined, depth: number): Directive[] {
  if (depth > 20) throw new ConfigError(`too many levels of include ${from ? at(from) : ''}`)
  let text: string
  try {
    text = process.files.readText(path)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const where = from ? ` ${at(from)}` : ''
    throw new ConfigError(`open() "${path}" failed (${error.errno}: ${error.message})${where}`)
  }
  return takeIncludes(process, parseConfig(text, path), depth)
}

function takeIncludes(process: Process, directives: Directive[], depth: number): Directive[] {
  return directives.flatMap((d) => {
    if (d.name === 'include' && d.args[0]) {
      const pattern = d.args[0].startsWith('/') ? d.args[0] : `/etc/nginx/${d.args[0]}`
      return expand(process, pattern).flatMap((path) => readFile(process, path, d, depth + 1))
    }
    return [d.block ? { ...d, block: takeIncludes(process, d.block, depth) } : d]
  })
}

/** glob(3) over the last path segments; a pattern that matches nothing gives nothing. */
function expand(process: Process, pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [pattern]
  let found = ['/']
  for (const segment of pattern.split('/').filter(Boolean)) {
    if (!/[*?[]/.test(segment)) {
      found = found.map((base) => `${base === '/' ? '' : base}/${segment}`).filter((p) => process.files.exists(p))
      continue
    }
    const regex = new RegExp(
      `^${segment
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replace(/\*/g, '[^/]*')
        .replace(/\?/g, '[^/]')}$`,
    )
    found = found.flatMap((base) => {
      try {
        return process.files
          .list(base)
          .map((entry) => entry.name)
          .filter((name) => regex.test(name) && !name.startsWith('.'))
          .sort()
          .map((name) => `${base === '/' ? '' : base}/${name}`)
      } catch {
        return []
      }
    })
  }
  return found
}
