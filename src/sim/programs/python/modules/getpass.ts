import type { ModuleDefinition } from './module.ts'

export const getpass: ModuleDefinition = {
  source: `
import os
def getuser():
    for name in ('LOGNAME', 'USER', 'LNAME', 'USERNAME'):
        if os.environ.get(name):
            return os.environ[name]
    with open('/etc/passwd') as f:
        for line in f:
            if line.split(':')[2] == str(os.getuid()):
                return line.split(':')[0]
def getpass(prompt='Password: '):
    return input(prompt)
`,
}
