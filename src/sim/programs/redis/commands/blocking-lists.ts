import { orWait } from '../blocking.ts'
import { bulk, bulks, NIL, type Reply } from '../resp.ts'
import { dropEmpty, list } from './collections.ts'
import { type Call, CommandError, type CommandTable, SYNTAX, touch, value } from './command.ts'

type Side = 'left' | 'right'

/** Seconds, as ms. */
function timeout(word: string | undefined): number {
  const seconds = Number(word)
  if (word === undefined || word.trim() === '' || Number.isNaN(seconds))
    throw new CommandError('ERR timeout is not a float or out of range')
  if (seconds < 0) throw new CommandError('ERR timeout is negative')
  return seconds * 1000
}

/** From the first of the lists that has something. */
function pop(call: Call, side: Side): Reply | undefined {
  const keys = call.words.slice(1, -1)
  return orWait(call, timeout(call.words.at(-1)), () => {
    for (const key of keys) {
      const items = list(call, key)
      if (!items || items.length === 0) continue
      const item = side === 'left' ? items.shift()! : items.pop()!
      dropEmpty(call, key, items.length)
      call.server.propagate(call.client.database, [side === 'left' ? 'LPOP' : 'RPOP', key])
      return bulks([key, item])
    }
    return undefined
  })
}

function sideOf(word = ''): Side {
  const side = word.toLowerCase()
  if (side !== 'left' && side !== 'right') throw new CommandError(SYNTAX)
  return side
}

function move(call: Call, from: Side, to: Side): Reply | undefined {
  const [, source = '', target = ''] = call.words
  const attempt = () => {
    const items = list(call, source)
    if (!items || items.length === 0) return undefined
    const goal = source === target ? items : list(call, target, true)!
    const item = from === 'left' ? items.shift()! : items.pop()!
    if (to === 'left') goal.unshift(item)
    else goal.push(item)
    dropEmpty(call, source, items.length)
    touch(call, target)
    call.server.propagate(call.client.database, ['LMOVE', source, target, from, to])
    return bulk(item)
  }
  return orWait(call, timeout(call.words.at(-1)), attempt, NIL)
}

/** The member with the lowest or highest score. */
function popScore(call: Call, end: 'min' | 'max'): Reply | undefined {
  const keys = call.words.slice(1, -1)
  return orWait(call, timeout(call.words.at(-1)), () => {
    for (const key of keys) {
      const scores = value(call, key, 'zset')?.scores
      if (!scores || scores.size === 0) continue
      const [first] = [...scores].sort(([a, x], [b, y]) => (end === 'min' ? 1 : -1) * (x - y || (a < b ? -1 : 1)))
      const [member, score] = first!
      scores.delete(member)
      dropEmpty(call, key, scores.size)
      call.server.propagate(call.client.database, ['ZREM', key, member])
      return bulks([key, member, String(score)])
    }
    return undefined
  })
}

/** Commands that wait until there is something to take. What is taken is told to others as its plain kind. */
export const blockingLists: CommandTable = {
  blpop: { arity: -3, run: (c) => pop(c, 'left') },
  brpop: { arity: -3, run: (c) => pop(c, 'right') },
  brpoplpush: { arity: 4, run: (c) => move(c, 'right', 'left') },
  blmove: { arity: 6, run: (c) => move(c, sideOf(c.words[3]), sideOf(c.words[4])) },
  bzpopmin: { arity: -3, run: (c) => popScore(c, 'min') },
  bzpopmax: { arity: -3, run: (c) => popScore(c, 'max') },
}
