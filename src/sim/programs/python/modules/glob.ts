import type { ModuleDefinition } from './module.ts'

export const glob: ModuleDefinition = {
  source: `
import os, fnmatch
def iglob(pattern, recursive=False):
    return iter(glob(pattern, recursive=recursive))
def glob(pattern, *, root_dir=None, recursive=False):
    parts = pattern.split('/')
    found = ['/'] if pattern.startswith('/') else ['']
    for i, part in enumerate(parts):
        if not part:
            continue
        last = i == len(parts) - 1
        more = []
        for base in found:
            folder = base or '.'
            if part == '**' and recursive:
                more.append(base)
                for top, folders, files in os.walk(folder):
                    for name in folders + (files if last else []):
                        full = os.path.join(top, name)
                        more.append(full[2:] if full.startswith('./') else full)
            elif any(c in part for c in '*?['):
                if os.path.isdir(folder):
                    for name in os.listdir(folder):
                        if fnmatch.fnmatchcase(name, part) and (not name.startswith('.') or part.startswith('.')):
                            more.append(os.path.join(base, name) if base else name)
            else:
                full = os.path.join(base, part) if base else part
                if os.path.exists(full):
                    more.append(full)
        found = more if last else [f for f in more if os.path.isdir(f or '.')]
    return found
def escape(pathname):
    return pathname
`,
}
