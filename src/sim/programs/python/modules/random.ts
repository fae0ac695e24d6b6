import { Random } from '../../../time/random.ts'
import { functions, native } from '../objects/native.ts'
import { PyFloat, type Value } from '../objects/value.ts'
import { repr } from '../vm/text.ts'
import type { ModuleDefinition } from './module.ts'

export const random: ModuleDefinition = {
  // A generator of the world's chance; not the Mersenne twister, so a seed gives other numbers than CPython's.
  names: ({ process }) =>
    functions({
      '_generator(seed?)': (vm, seed?: Value) => {
        const random =
          seed === undefined || seed === null ? process.random.fork('python') : new Random(repr(vm, seed), 'python')
        return native('random', '', () => new PyFloat(random.uint32() / 2 ** 32 + (random.uint32() >>> 11) / 2 ** 53))
      },
    }),
  source: `
import math as _math

class Random:
    def __init__(self, seed=None):
        self._generator = _generator(seed)
    def seed(self, a=None, version=2):
        self._generator = _generator(a)
    def random(self):
        return self._generator()
    def getrandbits(self, k):
        value = 0
        for _ in range((k + 15) // 16):
            value = value * 65536 + int(self.random() * 65536)
        return value & ((1 << k) - 1)
    def randrange(self, start, stop=None, step=1):
        if stop is None:
            start, stop = 0, start
        count = len(range(start, stop, step))
        if count <= 0:
            raise ValueError('empty range for randrange()' if step == 1 and start == 0 else 'empty range in randrange(%d, %d)' % (start, stop))
        return start + step * int(self.random() * count)
    def randint(self, a, b):
        return self.randrange(a, b + 1)
    def choice(self, seq):
        if not len(seq):
            raise IndexError('Cannot choose from an empty sequence')
        return seq[int(self.random() * len(seq))]
    def choices(self, population, weights=None, *, cum_weights=None, k=1):
        if weights is None and cum_weights is None:
            return [population[int(self.random() * len(population))] for _ in range(k)]
        if cum_weights is None:
            cum_weights, total = [], 0
            for w in weights:
                total += w
                cum_weights.append(total)
        out = []
        for _ in range(k):
            at = self.random() * cum_weights[-1]
            out.append(population[next(i for i, w in enumerate(cum_weights) if at < w)])
        return out
    def shuffle(self, x):
        for i in range(len(x) - 1, 0, -1):
            j = int(self.random() * (i + 1))
            x[i], x[j] = x[j], x[i]
    def sample(self, population, k, *, counts=None):
        pool = list(population)
        if k > len(pool) or k < 0:
            raise ValueError('Sample larger than population or is negative')
        self.shuffle(pool)
        return pool[:k]
    def uniform(self, a, b):
        return a + (b - a) * self.random()
    def triangular(self, low=0.0, high=1.0, mode=None):
        return low + (high - low) * (self.random() + self.random()) / 2
    def gauss(self, mu=0.0, sigma=1.0):
        return mu + sigma * _math.sqrt(-2.0 * _math.log(1.0 - self.random())) * _math.cos(2 * _math.pi * self.random())
    normalvariate = gauss
    def expovariate(self, lambd=1.0):
        return -_math.log(1.0 - self.random()) / lambd
    def betavariate(self, alpha, beta):
        return self.random()
    def randbytes(self, n):
        return bytes(int(self.random() * 256) for _ in range(n))

SystemRandom = Random
_shared = Random()
seed, random, randrange, randint, choice, choices, shuffle, sample, uniform, triangular, gauss, normalvariate, expovariate, getrandbits, randbytes, betavariate = _shared.seed, _shared.random, _shared.randrange, _shared.randint, _shared.choice, _shared.choices, _shared.shuffle, _shared.sample, _shared.uniform, _shared.triangular, _shared.gauss, _shared.normalvariate, _shared.expovariate, _shared.getrandbits, _shared.randbytes, _shared.betavariate
`,
}
