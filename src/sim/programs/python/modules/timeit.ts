import type { ModuleDefinition } from './module.ts'

export const timeit: ModuleDefinition = {
  source: `
import time as _time
default_timer = _time.perf_counter
def timeit(stmt='pass', setup='pass', timer=None, number=1000000, globals=None):
    names = dict(globals or {})
    if isinstance(setup, str):
        exec(setup, names)
    else:
        setup()
    if isinstance(stmt, str):
        code = compile(stmt, '<timeit>', 'exec')
        run = lambda: exec(code, names)
    else:
        run = stmt
    start = default_timer()
    for _ in range(number):
        run()
    return default_timer() - start
def repeat(stmt='pass', setup='pass', repeat=5, number=1000000, globals=None):
    return [timeit(stmt, setup, None, number, globals) for _ in range(repeat)]
`,
}
