import { array, bulk, bulks, integer, NIL, type Reply } from '../resp.ts'
import {
  type Call,
  CommandError,
  type CommandTable,
  parseFloat64,
  parseInteger,
  SYNTAX,
  touch,
  value,
} from './command.ts'

const EARTH_RADIUS = 6_372_797.560856
const LATITUDE = 85.05112878
const STEPS = 2 ** 26
const UNITS: Readonly<Record<string, number>> = { m: 1, km: 1000, ft: 0.3048, mi: 1609.34 }
const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz'

interface Point {
  longitude: number
  latitude: number
}

/** 52 bits: latitude and longitude bit by bit, the longitude's first. */
function encode({ longitude, latitude }: Point, most = LATITUDE): bigint {
  const y = BigInt(Math.floor(((latitude + most) / (2 * most)) * STEPS))
  const x = BigInt(Math.floor(((longitude + 180) / 360) * STEPS))
  let out = 0n
  for (let i = 25n; i >= 0n; i--) out = (out << 2n) | (((x >> i) & 1n) << 1n) | ((y >> i) & 1n)
  return out
}

function decode(score: number): Point {
  const hash = BigInt(score)
  let [x, y] = [0, 0]
  for (let i = 25n; i >= 0n; i--) {
    x = x * 2 + Number((hash >> (2n * i + 1n)) & 1n)
    y = y * 2 + Number((hash >> (2n * i)) & 1n)
  }
  const middle = (n: number, least: number, scale: number) =>
    (least + (n / STEPS) * scale + (least + ((n + 1) / STEPS) * scale)) / 2
  return {
    longitude: Math.min(180, Math.max(-180, middle(x, -180, 360))),
    latitude: Math.min(LATITUDE, Math.max(-LATITUDE, middle(y, -LATITUDE, 2 * LATITUDE))),
  }
}

const radians = (degrees: number) => degrees * (Math.PI / 180)

/** Metres along a great circle. */
function distance(a: Point, b: Point): number {
  const v = Math.sin((radians(b.longitude) - radians(a.longitude)) / 2)
  const [from, to] = [radians(a.latitude), radians(b.latitude)]
  if (v === 0) return EARTH_RADIUS * Math.abs(to - from)
  const u = Math.sin((to - from) / 2)
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(u * u + Math.cos(from) * Math.cos(to) * v * v))
}

const scoresOf = (call: Call, key: string) => value(call, key, 'zset')?.scores

function unit(word = ''): number {
  const metres = UNITS[word.toLowerCase()]
  if (metres === undefined) throw new CommandError('ERR unsupported unit provided. please use M, KM, FT, MI')
  return metres
}

function size(word: string | undefined, what: string): number {
  const number = Number(word)
  if (word === undefined || word.trim() === '' || Number.isNaN(number))
    throw new CommandError(`ERR need numeric ${what}`)
  return number
}

function point(longitude: string | undefined, latitude: string | undefined): Point {
  const at = { longitude: parseFloat64(longitude), latitude: parseFloat64(latitude) }
  if (Math.abs(at.longitude) > 180 || Math.abs(at.latitude) > LATITUDE)
    throw new CommandError(`ERR invalid longitude,latitude pair ${at.longitude.toFixed(6)},${at.latitude.toFixed(6)}`)
  return at
}

/** Without zeros at the end, as people write it. */
const coordinate = (n: number) => n.toFixed(17).replace(/\.?0+$/, '')
const shown = ({ longitude, latitude }: Point) => bulks([coordinate(longitude), coordinate(latitude)])

function add(call: Call): Reply {
  const key = call.words[1]!
  const flags = new Set<string>()
  let i = 2
  for (; /^(nx|xx|ch)$/i.test(call.words[i] ?? ''); i++) flags.add(call.words[i]!.toLowerCase())
  const rest = call.words.slice(i)
  if (flags.has('nx') && flags.has('xx'))
    throw new CommandError('ERR XX and NX options at the same time are not compatible')
  if (rest.length === 0 || rest.length % 3 !== 0)
    throw new CommandError('ERR syntax error. Try GEOADD key [x1] [y1] [name1] [x2] [y2] [name2] ... ')
  const entries = Array.from({ length: rest.length / 3 }, (_, at) => {
    const [longitude, latitude, member = ''] = rest.slice(3 * at)
    return [member, Number(encode(point(longitude, latitude)))] as const
  })
  const scores = scoresOf(call, key) ?? new Map<string, number>()
  let added = 0
  let changed = 0
  for (const [member, score] of entries) {
    const before = scores.get(member)
    if ((flags.has('nx') && before !== undefined) || (flags.has('xx') && before === undefined)) continue
    if (before === undefined) added++
    else if (before !== score) changed++
    scores.set(member, score)
  }
  if (scores.size > 0 && !call.db.get(key)) call.db.set(key, { type: 'zset', scores })
  if (added + changed > 0) touch(call, key)
  return integer(flags.has('ch') ? added + changed : added)
}

interface Search {
  from: Point | undefined
  fromMember: string | undefined
  /** metres */
  radius?: number
  box?: readonly [width: number, height: number]
  scale: number
  order: 'asc' | 'desc' | undefined
  count: number | undefined
  withs: Set<string>
}

function search(call: Call, key: string, words: readonly string[]): [string, Point, number, number][] {
  const s = searchOptions(words)
  options.set(call, s)
  const scores = scoresOf(call, key)
  if (!scores) return []
  let from = s.from
  if (s.fromMember !== undefined) {
    const score = scores.get(s.fromMember)
    if (score === undefined) throw new CommandError('ERR could not decode requested zset member')
    from = decode(score)
  }
  const found: [string, Point, number, number][] = []
  for (const [member, score] of [...scores].sort(([, a], [, b]) => a - b)) {
    const at = decode(score)
    const metres = distance(from!, at)
    if (s.radius !== undefined && metres > s.radius) continue
    if (s.box) {
      const [width, height] = s.box
      const across = distance({ longitude: from!.longitude, latitude: at.latitude }, at)
      const along = distance({ longitude: at.longitude, latitude: from!.latitude }, at)
      if (across > width / 2 || along > height / 2) continue
    }
    found.push([member, at, metres, score])
  }
  if (s.order ?? (s.count === undefined ? undefined : 'asc'))
    found.sort((a, b) => (s.order === 'desc' ? b[2] - a[2] : a[2] - b[2]))
  return s.count === undefined ? found : found.slice(0, s.count)
}

/** What the last search of a call was told, for how its hits are shown. */
const options = new WeakMap<Call, Search>()

function searchOptions(words: readonly string[]): Search {
  const s: Search = {
    from: undefined,
    fromMember: undefined,
    scale: 1,
    order: undefined,
    count: undefined,
    withs: new Set(),
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!.toUpperCase()
    if (word === 'ASC' || word === 'DESC') s.order = word === 'ASC' ? 'asc' : 'desc'
    else if (/^WITH(COORD|DIST|HASH)$/.test(word)) s.withs.add(word)
    else if (word === 'COUNT') {
      s.count = parseInteger(words[++i])
      if (s.count <= 0) throw new CommandError('ERR COUNT must be > 0')
      if (words[i + 1]?.toUpperCase() === 'ANY') i++
    } else if (word === 'FROMMEMBER') s.fromMember = words[++i]
    else if (word === 'FROMLONLAT') s.from = point(words[++i], words[++i])
    else if (word === 'BYRADIUS') {
      const radius = size(words[++i], 'radius')
      if (radius < 0) throw new CommandError('ERR radius cannot be negative')
      s.scale = unit(words[++i])
      s.radius = radius * s.scale
    } else if (word === 'BYBOX') {
      const [width, height] = [size(words[++i], 'width'), size(words[++i], 'height')]
      if (width < 0 || height < 0) throw new CommandError('ERR height or width cannot be negative')
      s.scale = unit(words[++i])
      s.box = [width * s.scale, height * s.scale]
    } else throw new CommandError(SYNTAX)
  }
  if (s.from === undefined && s.fromMember === undefined)
    throw new CommandError('ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for geosearch')
  if (s.radius === undefined && !s.box)
    throw new CommandError('ERR exactly one of BYRADIUS and BYBOX can be specified for geosearch')
  return s
}

function answer(call: Call, found: readonly [string, Point, number, number][]): Reply {
  const { withs, scale } = options.get(call)!
  return array(
    found.map(([member, at, metres, score]) =>
      withs.size === 0
        ? bulk(member)
        : array([
            bulk(member),
            ...(withs.has('WITHDIST') ? [bulk((metres / scale).toFixed(4))] : []),
            ...(withs.has('WITHHASH') ? [integer(score)] : []),
            ...(withs.has('WITHCOORD') ? [shown(at)] : []),
          ]),
    ),
  )
}

/** GEORADIUS and its like in the words of GEOSEARCH. */
function radius(call: Call, centre: readonly string[], rest: readonly string[]): Reply {
  const [, key = ''] = call.words
  const [size = '', scale = '', ...more] = rest
  return answer(call, search(call, key, [...centre, 'BYRADIUS', size, scale, ...more]))
}

function store(call: Call): Reply {
  const [, target = '', key = '', ...words] = call.words
  const withDistance = words.some((word) => /^storedist$/i.test(word))
  const found = search(
    call,
    key,
    words.filter((word) => !/^storedist$/i.test(word)),
  )
  const { scale } = options.get(call)!
  if (found.length === 0) {
    if (call.db.delete(target)) touch(call, target)
    return integer(0)
  }
  call.db.set(target, {
    type: 'zset',
    scores: new Map(found.map(([member, , metres, score]) => [member, withDistance ? metres / scale : score])),
  })
  touch(call, target)
  return integer(found.length)
}

function hash(score: number): string {
  const bits = encode(decode(score), 90)
  let out = ''
  for (let i = 0; i < 11; i++) out += ALPHABET[i === 10 ? 0 : Number((bits >> BigInt(52 - (i + 1) * 5)) & 31n)]
  return out
}

const each = (call: Call, show: (score: number) => Reply, none: Reply): Reply => {
  const scores = scoresOf(call, call.words[1]!)
  return array(
    call.words.slice(2).map((member) => {
      const score = scores?.get(member)
      return score === undefined ? none : show(score)
    }),
  )
}

function between(call: Call): Reply {
  const [, key = '', one = '', other = '', scale = 'm', ...more] = call.words
  if (more.length > 0) throw new CommandError(SYNTAX)
  const metres = unit(scale)
  const scores = scoresOf(call, key)
  const [a, b] = [scores?.get(one), scores?.get(other)]
  if (a === undefined || b === undefined) return NIL
  return bulk((distance(decode(a), decode(b)) / metres).toFixed(4))
}

export const geo: CommandTable = {
  geoadd: { arity: -5, write: true, run: add },
  geopos: { arity: -2, run: (c) => each(c, (score) => shown(decode(score)), { kind: 'array', items: undefined }) },
  geohash: { arity: -2, run: (c) => each(c, (score) => bulk(hash(score)), NIL) },
  geodist: { arity: -4, run: between },
  geosearch: { arity: -7, run: (c) => answer(c, search(c, c.words[1]!, c.words.slice(2))) },
  geosearchstore: { arity: -8, write: true, run: store },
  georadius: {
    arity: -6,
    run: (c) => radius(c, ['FROMLONLAT', c.words[2]!, c.words[3]!], c.words.slice(4)),
  },
  georadiusbymember: { arity: -5, run: (c) => radius(c, ['FROMMEMBER', c.words[2]!], c.words.slice(3)) },
}
