// The 256 colours of a figure's page: the greys of its text and lines, and what they leave to the ramp.

import { shareEntries } from '../image/indexed-palette.ts'
import { noDataColour } from '../image/ramps.ts'
import { hairline, ink } from './typography.ts'

const ENTRIES = 256
/** From the strongest ink to the paper: enough for the edges of letters. */
const GREY_STEP = 0x11

/** Of `#rrggbb` with three equal parts. */
const levelOf = (colour: string) => Number.parseInt(colour.slice(1, 3), 16)

const steps = Array.from({ length: 0xff / GREY_STEP }, (_, i) => (i + 1) * GREY_STEP)
const flat = [...Object.values(ink), hairline, noDataColour].map(levelOf)
const greys = [...new Set([...steps, ...flat])].toSorted((one, other) => one - other)

/** The entry of each level of grey. */
const greyEntries = Uint8Array.from({ length: 256 }, (_, level) => nearestOf(greys, level))

export class PagePalette {
  /** Red green blue of 256 entries. */
  readonly colours = new Uint8Array(ENTRIES * 3)
  /** The entry of each index of the ramp; some neighbours share one (shareEntries). */
  readonly entries: Uint8Array<ArrayBuffer>
  /** The entry of pixels without a value. */
  readonly noValue = greyEntries[levelOf(noDataColour)]!
  readonly #blends = new Map<number, number>()

  /** @param ramp 768 bytes */
  constructor(ramp: Uint8Array) {
    const { colours, entries } = shareEntries(ramp, ENTRIES - greys.length)
    this.colours.set(greys.flatMap((level) => [level, level, level]))
    this.colours.set(colours, greys.length * 3)
    this.entries = entries.map((entry) => entry + greys.length)
  }

  /** The nearest entries to the pixels of a page: its greys, and where a colour of the ramp meets them. */
  indexPage(rgb: Uint8Array): Uint8Array<ArrayBuffer> {
    const indices = new Uint8Array(rgb.length / 3)
    for (let i = 0, at = 0; i < indices.length; i++, at += 3) {
      const red = rgb[at]!
      const green = rgb[at + 1]!
      const blue = rgb[at + 2]!
      const isGrey = red === green && green === blue
      indices[i] = isGrey ? greyEntries[red]! : this.#entryOf(red, green, blue)
    }
    return indices
  }

  #entryOf(red: number, green: number, blue: number): number {
    const key = (red << 16) | (green << 8) | blue
    const known = this.#blends.get(key)
    if (known !== undefined) return known
    const distances = Array.from({ length: ENTRIES }, (_, entry) => {
      const [r = 0, g = 0, b = 0] = this.colours.subarray(entry * 3, entry * 3 + 3)
      return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
    })
    const entry = distances.indexOf(Math.min(...distances))
    this.#blends.set(key, entry)
    return entry
  }
}

/** Which of them is nearest; of two, the first. */
function nearestOf(levels: readonly number[], level: number): number {
  const distances = levels.map((one) => Math.abs(one - level))
  return distances.indexOf(Math.min(...distances))
}
