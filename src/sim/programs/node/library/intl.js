const { number, day } = internal.builtin('internal/locale')

class NumberFormat {
  constructor(_, options) {
    this.format = (value) => number(Number(value), options)
  }
}
class DateTimeFormat {
  constructor(_, options) {
    this.format = (date = new Date()) => day(new Date(date), options)
  }
  resolvedOptions() {
    return { locale: 'en-US', calendar: 'gregory', numberingSystem: 'latn', timeZone: 'UTC' }
  }
}
const missing = (name) =>
  class {
    constructor() {
      throw new Error(`not simulated: Intl.${name}`)
    }
  }
module.exports = {
  Intl: {
    NumberFormat,
    DateTimeFormat,
    Collator: missing('Collator'),
    PluralRules: missing('PluralRules'),
    RelativeTimeFormat: missing('RelativeTimeFormat'),
    ListFormat: missing('ListFormat'),
    Segmenter: missing('Segmenter'),
  },
}
