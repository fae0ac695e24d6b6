import type { ModuleDefinition } from './module.ts'

export const operator: ModuleDefinition = {
  source: `
def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def truediv(a, b): return a / b
def floordiv(a, b): return a // b
def mod(a, b): return a % b
def pow(a, b): return a ** b
def neg(a): return -a
def not_(a): return not a
def eq(a, b): return a == b
def ne(a, b): return a != b
def lt(a, b): return a < b
def le(a, b): return a <= b
def gt(a, b): return a > b
def ge(a, b): return a >= b
def and_(a, b): return a & b
def or_(a, b): return a | b
def xor(a, b): return a ^ b
def contains(a, b): return b in a
def getitem(a, b): return a[b]
def itemgetter(*keys):
    if len(keys) == 1:
        return lambda x: x[keys[0]]
    return lambda x: tuple(x[k] for k in keys)
def attrgetter(*names):
    def get(x, path):
        for name in path.split('.'):
            x = getattr(x, name)
        return x
    if len(names) == 1:
        return lambda x: get(x, names[0])
    return lambda x: tuple(get(x, n) for n in names)
def methodcaller(name, *args, **kwargs):
    return lambda x: getattr(x, name)(*args, **kwargs)
`,
}
