// Numbers, dates, sizes and CIDs as the page writes them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** Four digits after the point, as the API's statistics are told; a dash where there is no number. */
export function ndvi(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  // What rounds to nothing has no sign.
  return value
    .toFixed(4)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace('-', '')
}

export function count(value: number): string {
  return whole.format(value)
}

/** Of 100, with one digit where it is not whole. */
export function percent(value: number): string {
  return `${Number.isInteger(value) ? value : value.toFixed(1)} %`
}

/** Powers of 1,000, as networks count. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`
  if (value < 1e6) return `${(value / 1e3).toFixed(0)} kB`
  if (value < 1e9) return `${(value / 1e6).toFixed(1)} MB`
  return `${(value / 1e9).toFixed(2)} GB`
}

/** The middle of a long name left out. */
export function shortened(name: string, kept = 8): string {
  return name.length <= 2 * kept + 1 ? name : `${name.slice(0, kept)}…${name.slice(-kept)}`
}

/** ISO 8601 day of a date-time in UTC, as figures have it; what it says where it is none. */
export function day(datetime: string | null | undefined): string {
  if (datetime === null || datetime === undefined) return 'no date'
  // A time without a zone is UTC, too.
  const hasZone = /T.*(Z|[+-]\d\d:?\d\d)$/i.test(datetime)
  const at = hasZone ? Date.parse(datetime) : NaN
  return (Number.isNaN(at) ? datetime : new Date(at).toISOString()).slice(0, 10)
}

/** `Sunday, 23 July 2023` in UTC; empty where it is no date. */
export function weekday(datetime: string | null | undefined): string {
  const at = Date.parse(datetime ?? '')
  if (Number.isNaN(at)) return ''
  return new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' }).format(at)
}

/** The host that served something, else its name. */
export function operator(source: string): string {
  return URL.parse(source)?.host ?? source
}

/** A value as a query has it: lists by comma, objects as JSON. */
export function queryText(value: unknown): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.join(',') : (JSON.stringify(value) ?? '')
}
