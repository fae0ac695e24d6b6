import type { ModuleDefinition } from './module.ts'

export const copyModule: ModuleDefinition = {
  source: `
def copy(x):
    if isinstance(x, list):
        return list(x)
    if isinstance(x, (dict, set)):
        return x.copy()
    if isinstance(x, (int, float, str, bytes, tuple, type(None), type)):
        return x
    if hasattr(x, '__copy__'):
        return x.__copy__()
    made = object.__new__(type(x))
    for key, value in vars(x).items():
        setattr(made, key, value)
    return made

def deepcopy(x, memo=None):
    memo = {} if memo is None else memo
    if id(x) in memo and isinstance(x, (list, dict, set)):
        return memo[id(x)]
    if isinstance(x, list):
        made = memo[id(x)] = []
        for each in x:
            made.append(deepcopy(each, memo))
        return made
    if isinstance(x, dict):
        made = memo[id(x)] = x.copy()
        made.clear()
        for key, value in x.items():
            made[deepcopy(key, memo)] = deepcopy(value, memo)
        return made
    if isinstance(x, tuple) and type(x) is tuple:
        return tuple(deepcopy(each, memo) for each in x)
    if isinstance(x, set):
        return {deepcopy(each, memo) for each in x}
    if isinstance(x, (int, float, str, bytes, tuple, type(None), type)) or callable(x):
        return x
    if hasattr(x, '__deepcopy__'):
        return x.__deepcopy__(memo)
    made = object.__new__(type(x))
    for key, value in vars(x).items():
        object.__setattr__(made, key, deepcopy(value, memo))
    return made
`,
}
