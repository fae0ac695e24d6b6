import type { ModuleDefinition } from './module.ts'

export const gcModule: ModuleDefinition = {
  source: `
def collect(generation=2):
    return 0
def disable():
    pass
def enable():
    pass
def isenabled():
    return True
def get_count():
    return (0, 0, 0)
`,
}
