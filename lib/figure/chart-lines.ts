// The lines of a chart: what is drawn between its axes.

/** One date of a line; without a value the line has a gap. */
export interface ChartPoint {
  /** Milliseconds since 1970. */
  readonly time: number
  /** The median; null where there is none. */
  readonly value: number | null
  /** 25 % and 75 %; null where there is no value. */
  readonly band: readonly [low: number, high: number] | null
}

/** Where times and values lie on the page. */
export interface TimeScale {
  readonly times: readonly [from: number, to: number]
  readonly values: readonly [low: number, high: number]
  readonly placeTime: (time: number) => number
  readonly placeValue: (value: number) => number
}

/** The band below, then the line; dates that stand alone are dots. */
export function drawLine(
  points: readonly ChartPoint[],
  { placeTime, placeValue }: TimeScale,
  { colour, isAlone }: { readonly colour: string; readonly isAlone: boolean },
): string[] {
  const place = (time: number, value: number) =>
    `${decimal(placeTime(time))} ${decimal(placeValue(value))}`
  return runsOf(points).flatMap((run) => {
    const path = run.map(({ time, value }) => place(time, value)).join('L')
    const upper = run.flatMap(({ time, band }) => (band === null ? [] : [place(time, band[1])]))
    const lower = run.flatMap(({ time, band }) => (band === null ? [] : [place(time, band[0])]))
    const around = [...upper, ...lower.toReversed()].join('L')
    const dots = run.map(({ time, value }) => {
      const [x, y] = [decimal(placeTime(time)), decimal(placeValue(value))]
      return `<circle cx="${x}" cy="${y}" r="2.5" fill="${colour}"/>`
    })
    return [
      ...(isAlone ? [bandPath(around, run.length, colour)] : []),
      ...(run.length > 1
        ? [
            `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-linejoin="round"/>`,
          ]
        : []),
      ...dots,
    ]
  })
}

/** Of a date that stands alone, a bar. */
function bandPath(around: string, dates: number, colour: string): string {
  return dates > 1
    ? `<path d="M${around}z" fill="${colour}" fill-opacity="0.18"/>`
    : `<path d="M${around}" stroke="${colour}" stroke-opacity="0.25" stroke-width="5"/>`
}

type KnownPoint = ChartPoint & { readonly value: number }

/** Dates with a value that follow each other. */
function runsOf(points: readonly ChartPoint[]): KnownPoint[][] {
  const runs: KnownPoint[][] = [[]]
  for (const { value, ...point } of points) {
    if (value === null) runs.push([])
    else runs.at(-1)?.push({ ...point, value })
  }
  return runs.filter((run) => run.length > 0)
}

function decimal(value: number): string {
  return String(Number(value.toFixed(2)))
}
