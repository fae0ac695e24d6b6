import type { ModuleDefinition } from './module.ts'

export const itertools: ModuleDefinition = {
  source: `
def count(start=0, step=1):
    while True:
        yield start
        start += step

def cycle(iterable):
    saved = list(iterable)
    while saved:
        for x in saved:
            yield x

def repeat(x, times=None):
    if times is None:
        while True:
            yield x
    for _ in range(times):
        yield x

class chain:
    def __init__(self, *iterables):
        self._run = self._all(iterables)
    def _all(self, iterables):
        for each in iterables:
            yield from each
    def __iter__(self):
        return self._run
    def __next__(self):
        return next(self._run)
    @classmethod
    def from_iterable(cls, iterables):
        return cls(*iterables)

def islice(iterable, *args):
    s = slice(*args)
    start, stop, step = s.start or 0, s.stop, s.step or 1
    if stop is not None and stop <= 0:
        return
    at = start
    for i, x in enumerate(iterable):
        if i == at:
            yield x
            at += step
        if stop is not None and i + 1 >= stop:
            return

def takewhile(test, iterable):
    for x in iterable:
        if not test(x):
            return
        yield x

def dropwhile(test, iterable):
    dropping = True
    for x in iterable:
        if dropping and test(x):
            continue
        dropping = False
        yield x

def filterfalse(test, iterable):
    for x in iterable:
        if not (test(x) if test else x):
            yield x

def starmap(function, iterable):
    for args in iterable:
        yield function(*args)

def accumulate(iterable, func=None, *, initial=None):
    total = initial
    first = initial is None
    if not first:
        yield total
    for x in iterable:
        if first:
            total, first = x, False
        else:
            total = total + x if func is None else func(total, x)
        yield total

def zip_longest(*iterables, fillvalue=None):
    lists = [list(x) for x in iterables]
    for i in range(max(map(len, lists), default=0)):
        yield tuple(x[i] if i < len(x) else fillvalue for x in lists)

def product(*iterables, repeat=1):
    pools = [tuple(x) for x in iterables] * repeat
    results = [()]
    for pool in pools:
        results = [x + (y,) for x in results for y in pool]
    yield from results

def permutations(iterable, r=None):
    pool = tuple(iterable)
    r = len(pool) if r is None else r
    def pick(taken):
        if len(taken) == r:
            yield tuple(pool[i] for i in taken)
            return
        for i in range(len(pool)):
            if i not in taken:
                yield from pick(taken + (i,))
    yield from pick(())

def combinations(iterable, r):
    pool = tuple(iterable)
    def pick(start, taken):
        if len(taken) == r:
            yield taken
            return
        for i in range(start, len(pool)):
            yield from pick(i + 1, taken + (pool[i],))
    yield from pick(0, ())

def combinations_with_replacement(iterable, r):
    pool = tuple(iterable)
    def pick(start, taken):
        if len(taken) == r:
            yield taken
            return
        for i in range(start, len(pool)):
            yield from pick(i, taken + (pool[i],))
    yield from pick(0, ())

def groupby(iterable, key=None):
    group = []
    current = None
    first = True
    for x in iterable:
        k = x if key is None else key(x)
        if not first and k != current:
            yield current, iter(group)
            group = []
        current, first = k, False
        group.append(x)
    if not first:
        yield current, iter(group)

def tee(iterable, n=2):
    saved = list(iterable)
    return tuple(iter(saved) for _ in range(n))

def pairwise(iterable):
    saved = list(iterable)
    yield from zip(saved, saved[1:])

def batched(iterable, n):
    batch = []
    for x in iterable:
        batch.append(x)
        if len(batch) == n:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)

def compress(data, selectors):
    return (x for x, s in zip(data, selectors) if s)
`,
}
