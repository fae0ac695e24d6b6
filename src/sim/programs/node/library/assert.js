const { inspect } = internal.builtin('internal/inspect')
const { equal } = internal.builtin('internal/equal')
const { nodeError } = internal.builtin('internal/errors')

class AssertionError extends Error {
  constructor({ message, actual, expected, operator, generated }) {
    super(message)
    this.generatedMessage = generated ?? false
    this.code = 'ERR_ASSERTION'
    this.actual = actual
    this.expected = expected
    this.operator = operator
    Object.defineProperty(this, 'name', {
      value: 'AssertionError [ERR_ASSERTION]',
      configurable: true,
      writable: true,
      enumerable: false,
    })
    void this.stack
    this.name = 'AssertionError'
    Object.defineProperty(this, 'name', { enumerable: false })
  }
}

function fail(details, message) {
  if (message instanceof Error) throw message
  throw new AssertionError({ ...details, message: message ?? details.message, generated: message === undefined })
}
const WORDS = {
  strictEqual: 'Expected values to be strictly equal:',
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  deepEqual: 'Expected values to be loosely deep-equal:',
  equal: 'Expected values to be loosely equal:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
}

/** Both values line by line, with what differs marked. */
function difference(actual, expected, operator) {
  const show = (value) =>
    inspect(value, { compact: false, customInspect: false, depth: 1000, sorted: true, breakLength: Infinity }).split(
      '\n',
    )
  const [a, b] = [show(actual), show(expected)]
  if (a.length === 1 && b.length === 1 && a[0] !== b[0] && operator === 'strictEqual')
    return `${WORDS[operator]}\n\n${a[0]} !== ${b[0]}\n`
  if (operator === 'deepEqual')
    return `${WORDS[operator]}\n\n${inspect(actual)}\n\nshould loosely deep-equal\n\n${inspect(expected)}`
  const lines = []
  const table = a.map(() => b.map(() => 0))
  const at = (i, j) => table[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i][j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i++]}`)
      j++
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) lines.push(`+ ${a[i++]}`)
    else lines.push(`- ${b[j++]}`)
  }
  return `${WORDS[operator]}\n+ actual - expected\n\n${lines.join('\n')}${Number(process.versions.node.split('.')[0]) >= 22 ? '\n' : ''}`
}

function ok(value, message) {
  if (!value)
    fail(
      {
        actual: value,
        expected: true,
        operator: '==',
        message:
          arguments.length === 0
            ? 'No value argument passed to `assert.ok()`'
            : 'The expression evaluated to a falsy value:\n\n  assert.ok(false)\n'.replace('false', inspect(value)),
      },
      message,
    )
}
const assert = (...args) => ok(...args)

function check(error, expected, message) {
  if (expected === undefined) return
  if (expected instanceof RegExp) {
    if (!expected.test(String(error)))
      fail(
        {
          actual: error,
          expected,
          operator: 'throws',
          message: `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(String(error))}\n`,
        },
        message,
      )
  } else if (typeof expected === 'function') {
    if (expected.prototype !== undefined && error instanceof expected) return
    if (Object.prototype.isPrototypeOf.call(Error, expected)) throw error
    if (expected.call({}, error) !== true)
      fail(
        {
          actual: error,
          expected,
          operator: 'throws',
          message: 'The validation function is expected to return "true".',
        },
        message,
      )
  } else if (typeof expected === 'object')
    for (const key of Object.keys(expected)) {
      const want = expected[key]
      const fits =
        want instanceof RegExp && typeof error[key] === 'string' ? want.test(error[key]) : equal(error[key], want, true)
      if (!fits)
        fail(
          {
            actual: error,
            expected,
            operator: 'throws',
            message: difference(
              Object.fromEntries(Object.keys(expected).map((each) => [each, error[each]])),
              expected,
              'deepStrictEqual',
            ),
          },
          message,
        )
    }
}

Object.assign(assert, {
  ok,
  AssertionError,
  fail(message = 'Failed') {
    fail({ operator: 'fail', message: 'Failed' }, message)
  },
  equal(actual, expected, message) {
    if (!(actual == expected || (actual !== actual && expected !== expected)))
      fail({ actual, expected, operator: '==', message: `${inspect(actual)} == ${inspect(expected)}` }, message)
  },
  notEqual(actual, expected, message) {
    if (actual == expected)
      fail({ actual, expected, operator: '!=', message: `${inspect(actual)} != ${inspect(expected)}` }, message)
  },
  strictEqual(actual, expected, message) {
    if (!Object.is(actual, expected))
      fail({ actual, expected, operator: 'strictEqual', message: difference(actual, expected, 'strictEqual') }, message)
  },
  notStrictEqual(actual, expected, message) {
    if (Object.is(actual, expected))
      fail(
        { actual, expected, operator: 'notStrictEqual', message: `${WORDS.notStrictEqual} ${inspect(actual)}` },
        message,
      )
  },
  deepEqual(actual, expected, message) {
    if (!equal(actual, expected, false))
      fail({ actual, expected, operator: 'deepEqual', message: difference(actual, expected, 'deepEqual') }, message)
  },
  deepStrictEqual(actual, expected, message) {
    if (!equal(actual, expected, true))
      fail(
        { actual, expected, operator: 'deepStrictEqual', message: difference(actual, expected, 'deepStrictEqual') },
        message,
      )
  },
  notDeepStrictEqual(actual, expected, message) {
    if (equal(actual, expected, true))
      fail(
        {
          actual,
          expected,
          operator: 'notDeepStrictEqual',
          message: `${WORDS.notDeepStrictEqual}\n\n${inspect(actual)}\n`,
        },
        message,
      )
  },
  notDeepEqual(actual, expected, message) {
    if (equal(actual, expected, false))
      fail(
        {
          actual,
          expected,
          operator: 'notDeepEqual',
          message: `Expected "actual" not to be loosely deep-equal to:\n\n${inspect(actual)}`,
        },
        message,
      )
  },
  throws(action, expected, message) {
    if (typeof expected === 'string') [expected, message] = [undefined, expected]
    let error
    try {
      action()
    } catch (caught) {
      error = { caught }
    }
    if (!error)
      fail(
        { operator: 'throws', message: `Missing expected exception${expected?.name ? ` (${expected.name})` : ''}.` },
        message,
      )
    check(error.caught, expected, message)
  },
  doesNotThrow(action, message) {
    try {
      action()
    } catch (error) {
      fail(
        {
          actual: error,
          operator: 'doesNotThrow',
          message: `Got unwanted exception.\nActual message: "${error?.message}"`,
        },
        typeof message === 'string' ? message : undefined,
      )
    }
  },
  async rejects(promise, expected, message) {
    let error
    try {
      await (typeof promise === 'function' ? promise() : promise)
    } catch (caught) {
      internal.builtin('internal/promises').handled(caught)
      error = { caught }
    }
    if (!error)
      fail(
        { operator: 'rejects', message: `Missing expected rejection${expected?.name ? ` (${expected.name})` : ''}.` },
        typeof expected === 'string' ? expected : message,
      )
    check(error.caught, expected, message)
  },
  async doesNotReject(promise) {
    await (typeof promise === 'function' ? promise() : promise)
  },
  match(text, pattern, message) {
    if (!pattern.test(text))
      fail(
        {
          actual: text,
          expected: pattern,
          operator: 'match',
          message: `The input did not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
        },
        message,
      )
  },
  doesNotMatch(text, pattern, message) {
    if (pattern.test(text))
      fail(
        {
          actual: text,
          expected: pattern,
          operator: 'doesNotMatch',
          message: `The input was expected to not match the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`,
        },
        message,
      )
  },
  ifError(value) {
    if (value !== null && value !== undefined) throw value
  },
})
assert.strict = Object.assign((...args) => ok(...args), assert, {
  equal: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  notEqual: assert.notStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
})
assert.strict.strict = assert.strict
void nodeError
module.exports = assert
