import { functions } from '../objects/native.ts'
import type { Value } from '../objects/value.ts'
import type { ModuleDefinition } from './module.ts'

export const atexit: ModuleDefinition = {
  names: ({ exits }) =>
    functions({
      'register(func *args **kwargs)': (_vm, callee: Value, args: Value[], keywords: Map<string, Value>) => {
        exits.push({ callee, args, keywords })
        return callee
      },
      'unregister(func)': (_vm, callee: Value) => {
        for (let i = exits.length - 1; i >= 0; i--) if (exits[i]!.callee === callee) exits.splice(i, 1)
        return null
      },
    }),
}
