// Chooses the ticks of one axis whose labels do not overlap, and their positions.

import { measureText, type TextStyle } from './text.ts'
import { minorTicks, type TickSet, tickSets } from './ticks.ts'

export interface Tick {
  /** The pixel column or row, counted from the low end: 0 is the side's first pixel, -1 and `length` the frame. */
  readonly at: number
  readonly label: string
}

export interface AxisTicks {
  readonly major: readonly Tick[]
  readonly minor: readonly number[]
  /** Pixels of the widest label. */
  readonly widest: number
  /** Axis units from one major tick to the next; 0 where there is none. */
  readonly step: number
}

export interface Side {
  readonly lo: number
  readonly hi: number
  /** Pixels. */
  readonly length: number
  readonly style: TextStyle
  /** Whether labels stand side by side (x axis) or above each other. */
  readonly beside: boolean
  /** Preferred distance of ticks in pixels. */
  readonly spacing: number
  /** Finer steps are not considered. */
  readonly leastStep?: number
  /** A step whose ticks stand on both ends is preferred, at closer spacing if need be. */
  readonly endsMatter?: boolean
}

const gapBeside = 14
const lineRoom = 1.4
const smallestMinorSpacing = 6

/**
 * Ticks for one side: the finest step at the wanted spacing, or at a third of a short side; where
 * that leaves fewer than two, the coarsest step that gives two whose labels keep apart, else one, else none.
 */
export function axisTicks(side: Side): AxisTicks {
  const set = chooseSet(side)
  if (set === undefined) return { major: [], minor: [], widest: 0, step: 0 }
  const minor = minorTicks(side.lo, side.hi, set).map((value) => positionOf(value, side))
  return {
    major: set.values.map((value, i) => ({
      at: positionOf(value, side),
      label: set.labels[i] ?? '',
    })),
    minor: spacingOf(set, side) / 5 >= smallestMinorSpacing ? minor : [],
    widest: widestOf(set, side.style),
    step: set.step,
  }
}

function chooseSet(side: Side): TickSet | undefined {
  const spacing = Math.min(side.spacing, side.length / 3)
  const roomy = tickSets(side.lo, side.hi)
    .filter((set) => set.step >= (side.leastStep ?? 0))
    .filter((set) => spacingOf(set, side) >= roomOf(set, side))
  const several = roomy.filter((set) => set.values.length > 1)
  const whole = side.endsMatter === true ? several.filter((set) => reachesEnds(set, side)) : []
  const airy = (set: TickSet): boolean => spacingOf(set, side) >= spacing
  return (
    whole.find(airy) ??
    whole.findLast((set) => set.values.length > 3) ??
    several.find(airy) ??
    several.at(-1) ??
    roomy.at(-1)
  )
}

/** Ticks for both axes of a map: with one common step wherever the coarser one leaves either axis three. */
export function mapTicks(x: Side, y: Side): readonly [x: AxisTicks, y: AxisTicks] {
  const [alongX, alongY] = [axisTicks(x), axisTicks(y)]
  const leastStep = Math.max(alongX.step, alongY.step)
  const coarser = (side: Side, own: AxisTicks): AxisTicks => {
    const shared = axisTicks({ ...side, leastStep })
    return shared.major.length >= 3 ? shared : own
  }
  return [coarser(x, alongX), coarser(y, alongY)]
}

function reachesEnds({ values }: TickSet, side: Side): boolean {
  const [first = Number.NaN, last = Number.NaN] = [values.at(0), values.at(-1)]
  return positionOf(first, side) === -1 && positionOf(last, side) === side.length
}

function spacingOf(set: TickSet, side: Side): number {
  return (set.step / (side.hi - side.lo)) * side.length
}

function roomOf(set: TickSet, side: Side): number {
  return side.beside ? widestOf(set, side.style) + gapBeside : side.style.size * lineRoom
}

function widestOf(set: TickSet, style: TextStyle): number {
  return Math.max(...set.labels.map((label) => measureText(label, style)))
}

/** The ends of a range fall on the frame's own lines, one pixel outside the image. */
function positionOf(value: number, side: Side): number {
  const part = Math.max(0, Math.min(1, (value - side.lo) / (side.hi - side.lo)))
  return Math.round(part * (side.length + 1)) - 1
}
