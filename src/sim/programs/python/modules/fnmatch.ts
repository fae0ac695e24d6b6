import type { ModuleDefinition } from './module.ts'

export const fnmatch: ModuleDefinition = {
  source: `
import re
def translate(pattern):
    out = ''
    for c in pattern:
        out += '.*' if c == '*' else '.' if c == '?' else c if c in '[]' else re.escape(c)
    return '(?s:' + out + ')\\\\Z' if False else out
def fnmatchcase(name, pattern):
    return re.fullmatch(translate(pattern), name, re.S) is not None
fnmatch = fnmatchcase
def filter(names, pattern):
    return [n for n in names if fnmatchcase(n, pattern)]
`,
}
