// Days, months or years along an axis of time, whichever leave room for their labels.

/** A moment that is labelled. */
export interface DateTick {
  /** Milliseconds since 1970, the start of a day in UTC. */
  readonly time: number
  readonly label: string
}

const DAY = 86_400_000

type Step = { readonly months: number } | { readonly days: number }

const steps: readonly Step[] = [
  { days: 1 },
  { days: 2 },
  { days: 7 },
  { days: 14 },
  { months: 1 },
  { months: 2 },
  { months: 3 },
  { months: 6 },
  { months: 12 },
  { months: 24 },
  { months: 60 },
  { months: 120 },
]

/** At most so many ticks from one moment to another, at least one where a day begins between them. */
export function dateTicks(from: number, to: number, most: number): DateTick[] {
  for (const step of steps) {
    const times = timesOf(from, to, step, most)
    if (times !== null) return times.map((time) => ({ time, label: labelOf(time, step) }))
  }
  return []
}

/** null where there are more than `most`. */
function timesOf(from: number, to: number, step: Step, most: number): number[] | null {
  const times: number[] = []
  for (let at = firstOf(from, step); at <= to; at = nextOf(at, step)) {
    if (at < from) continue
    if (times.length === most) return null
    times.push(at)
  }
  return times
}

/** Of months the one that begins a year of their step; of days those counted from 1970. */
function firstOf(from: number, step: Step): number {
  if ('days' in step) return Math.ceil(from / (DAY * step.days)) * DAY * step.days
  const date = new Date(from)
  const month = date.getUTCMonth()
  const years = Math.max(1, step.months / 12)
  const year = Math.floor(date.getUTCFullYear() / years) * years
  return Date.UTC(year, step.months >= 12 ? 0 : month - (month % step.months), 1)
}

function nextOf(at: number, step: Step): number {
  if ('days' in step) return at + DAY * step.days
  const date = new Date(at)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + step.months, 1)
}

function labelOf(time: number, step: Step): string {
  const text = new Date(time).toISOString()
  if ('days' in step) return text.slice(0, 10)
  return step.months % 12 === 0 ? text.slice(0, 4) : text.slice(0, 7)
}
