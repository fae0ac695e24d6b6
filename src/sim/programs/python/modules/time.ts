import { dateFields, dateFromFields } from '../../../time/date.ts'
import { typeError, valueError } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import { asFloat, toIndex } from '../objects/numbers.ts'
import { builtinClass, PyFloat, PyGetSet, PyTuple, tupleClass, typeName, type Value, Wait } from '../objects/value.ts'
import { valuesOf } from '../vm/iterate.ts'
import { repr } from '../vm/text.ts'
import type { ModuleDefinition } from './module.ts'
import { formatTime, parseTime } from './strftime.ts'

const FIELDS = [
  'tm_year',
  'tm_mon',
  'tm_mday',
  'tm_hour',
  'tm_min',
  'tm_sec',
  'tm_wday',
  'tm_yday',
  'tm_isdst',
] as const
const structTime = builtinClass('struct_time', tupleClass, 'time')
for (const [i, name] of FIELDS.entries()) structTime.dict.set(name, new PyGetSet((self: PyTuple) => self.items[i]!))
methods(structTime, {
  __repr__: (vm, self: PyTuple) =>
    `time.struct_time(${FIELDS.map((name, i) => `${name}=${repr(vm, self.items[i]!)}`).join(', ')})`,
})

/** Civil time in UTC, which is what containers have. */
function fieldsOf(ms: number): PyTuple {
  const d = dateFields(Math.floor(ms / 1000) * 1000)
  const day = Math.round((dateFromFields(d.year, d.month, d.day) - dateFromFields(d.year, 1, 1)) / 86_400_000) + 1
  return new PyTuple([d.year, d.month, d.day, d.hour, d.minute, d.second, (d.weekday + 6) % 7, day, 0], structTime)
}

const millis = (fields: readonly Value[]): number => {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields.map((each) => toIndex(each))
  return dateFromFields(year, month, day, hour, minute, second)
}

const seconds = (value: Value): number => {
  const given = asFloat(value)
  if (given === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  return given
}

export const time: ModuleDefinition = {
  names: ({ process, vm, meter }) => {
    const now = () => process.wallClock() + meter.owed
    const uptime = () => process.uptime() + meter.owed
    const at = (value?: Value) => (value === undefined || value === null ? now() : seconds(value) * 1000)
    const fields = (value?: Value) => (value === undefined || value === null ? fieldsOf(now()) : value)
    const names = functions({
      'sleep(seconds)': (_vm, given: Value) => {
        const length = seconds(given)
        if (length < 0) throw valueError('sleep length must be non-negative')
        return new Wait(process.sleep(length * 1000).then(() => null))
      },
      time: () => new PyFloat(Math.round(now() * 1000) / 1_000_000),
      time_ns: () =>
        Number(BigInt(Math.round(now() * 1000)) * 1000n) <= Number.MAX_SAFE_INTEGER
          ? Math.round(now() * 1000) * 1000
          : BigInt(Math.round(now() * 1000)) * 1000n,
      monotonic: () => new PyFloat(uptime() / 1000),
      monotonic_ns: () => Math.round(uptime() * 1e6),
      perf_counter: () => new PyFloat(uptime() / 1000),
      perf_counter_ns: () => Math.round(uptime() * 1e6),
      process_time: () =>
        new PyFloat(((process as unknown as { cpuTime?: number }).cpuTime ?? 0) / 1000 + meter.owed / 1000),
      clock: () => new PyFloat(uptime() / 1000),
      'localtime(seconds?)': (_vm, value?: Value) => fieldsOf(at(value)),
      'gmtime(seconds?)': (_vm, value?: Value) => fieldsOf(at(value)),
      'mktime(fields)': (_vm, value: Value) => new PyFloat(millis(valuesOf(vm, value)) / 1000),
      'strftime(format fields?)': (_vm, format: string, value?: Value) =>
        formatTime(format, millis(valuesOf(vm, fields(value)))),
      'strptime(text format?)': (_vm, text: string, format: string) => fieldsOf(parseTime(text, format).ms),
      'ctime(seconds?)': (_vm, value?: Value) => formatTime('%a %b %e %H:%M:%S %Y', at(value)),
      'asctime(fields?)': (_vm, value?: Value) =>
        formatTime('%a %b %e %H:%M:%S %Y', millis(valuesOf(vm, fields(value)))),
    })
    for (const [name, code] of functions({
      '_format(form *parts)': (_vm, form: string, parts: Value[]) => {
        const micros = toIndex(parts[6]!)
        return formatTime(form, millis(parts.slice(0, 6)), micros, String(parts[7]))
      },
      '_parse(text form)': (_vm, text: string, form: string) => {
        const { ms, micros, offset } = parseTime(text, form)
        const d = dateFields(ms)
        return new PyTuple([d.year, d.month, d.day, d.hour, d.minute, d.second, micros, offset ?? null])
      },
    }))
      names.set(name, code)
    names.set('timezone', 0)
    names.set('altzone', 0)
    names.set('daylight', 0)
    names.set('tzname', new PyTuple(['UTC', 'UTC']))
    names.set('struct_time', structTime)
    return names
  },
}
