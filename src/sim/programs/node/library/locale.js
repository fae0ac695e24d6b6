// Texts of numbers and dates as en-US writes them.
const grouped = (digits) => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')
const method = (object, name, value) =>
  Object.defineProperty(object, name, { value, writable: true, configurable: true })
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

function number(value, options = {}) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞'
  const currency = options.style === 'currency'
  const percent = options.style === 'percent'
  const least = options.minimumFractionDigits ?? (currency ? 2 : 0)
  const most = options.maximumFractionDigits ?? Math.max(least, currency ? 2 : percent ? 0 : 3)
  const [whole, part = ''] = Math.abs(percent ? value * 100 : value)
    .toFixed(most)
    .split('.')
  let fraction = part
  while (fraction.length > least && fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  const digits = whole.padStart(options.minimumIntegerDigits ?? 1, '0')
  const text = `${options.useGrouping === false ? digits : grouped(digits)}${fraction ? `.${fraction}` : ''}`
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const symbol = currency
    ? ({ USD: '$', EUR: '€', GBP: '£', JPY: '¥', CNY: 'CN¥' }[options.currency] ?? `${options.currency} `)
    : ''
  return `${sign}${symbol}${text}${percent ? '%' : ''}`
}

const two = (value) => `${value}`.padStart(2, '0')
function time(date, { hour12 = true, second = 'numeric' } = {}) {
  const hours = date.getHours()
  const rest = `${two(date.getMinutes())}${second ? `:${two(date.getSeconds())}` : ''}`
  return hour12 ? `${hours % 12 || 12}:${rest} ${hours < 12 ? 'AM' : 'PM'}` : `${two(hours)}:${rest}`
}
function day(date, options = {}) {
  const { weekday, year, month, day: dayOption } = options
  if (!weekday && !year && !month && !dayOption) return `${date.getMonth() + 1}/${date.getDate()}/${date.getFullYear()}`
  if (month === 'long' || month === 'short') {
    const name = month === 'long' ? MONTHS[date.getMonth()] : MONTHS[date.getMonth()].slice(0, 3)
    const week = weekday ? `${weekday === 'long' ? DAYS[date.getDay()] : DAYS[date.getDay()].slice(0, 3)}, ` : ''
    return `${week}${name}${dayOption ? ` ${date.getDate()}` : ''}${year ? `${dayOption ? ',' : ''} ${date.getFullYear()}` : ''}`
  }
  const pick = (option, value) => (option === '2-digit' ? two(value % 100) : `${value}`)
  const parts = [
    month && pick(month, date.getMonth() + 1),
    dayOption && pick(dayOption, date.getDate()),
    year && pick(year, date.getFullYear()),
  ].filter(Boolean)
  return `${weekday ? `${weekday === 'long' ? DAYS[date.getDay()] : DAYS[date.getDay()].slice(0, 3)}${parts.length > 0 ? ', ' : ''}` : ''}${parts.join('/')}`
}

method(Number.prototype, 'toLocaleString', function toLocaleString(_, options) {
  return number(Number(this), options)
})
method(BigInt.prototype, 'toLocaleString', function toLocaleString() {
  return grouped(`${this}`)
})
const valid = (format) =>
  function (_, options) {
    return Number.isNaN(this.getTime()) ? 'Invalid Date' : format(this, options)
  }
method(Date.prototype, 'toLocaleDateString', valid(day))
method(Date.prototype, 'toLocaleTimeString', valid(time))
method(
  Date.prototype,
  'toLocaleString',
  valid((date, options) => `${day(date, options)}, ${time(date, options)}`),
)

module.exports = { number, day, time }
