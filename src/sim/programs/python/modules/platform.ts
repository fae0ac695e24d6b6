import { functions } from '../objects/native.ts'
import { PyTuple } from '../objects/value.ts'
import type { ModuleDefinition } from './module.ts'
import { unameParts } from './os.ts'

export const platform: ModuleDefinition = {
  cost: 2,
  names: (runtime) => {
    const { version } = runtime
    const [system = '', node = '', release = '', build = '', machine = ''] = unameParts(runtime)
    return functions({
      system: () => system,
      node: () => node,
      release: () => release,
      version: () => build,
      machine: () => machine,
      processor: () => '',
      architecture: () => new PyTuple(['64bit', 'ELF']),
      python_version: () => version,
      python_version_tuple: () => new PyTuple(version.split('.')),
      python_implementation: () => 'CPython',
      python_compiler: () => 'GCC 12.2.0',
      'platform(aliased? terse?)': () => `${system}-${release}-${machine}-with-glibc2.36`,
      uname: () => new PyTuple([system, node, release, build, machine]),
      libc_ver: () => new PyTuple(['glibc', '2.36']),
    })
  },
}
