// Damage to TIFFs as disks, networks and attackers do it, and as they do not: aimed at directories or anywhere.

import type { Random } from './random.ts'

interface Entry {
  /** Where in the file its tag, its type, its count and its value stand. */
  readonly at: number
  readonly big: boolean
}

/** Numbers that break what was never tried with them. */
const nasty = [
  0,
  1,
  2,
  3,
  7,
  127,
  128,
  255,
  256,
  32767,
  32768,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
]

/** The entries of all directories of a TIFF or BigTIFF, in either byte order. */
function entriesOf(bytes: Uint8Array<ArrayBuffer>): { entries: Entry[]; links: number[] } {
  const view = new DataView(bytes.buffer)
  const little = bytes[0] === 0x49
  const big = view.getUint16(2, little) === 43
  const offset = (at: number) =>
    big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)
  const [start, size, counted] = big ? [8, 20, 8] : [4, 12, 2]
  const entries: Entry[] = []
  const links = [start]
  for (let link = start; links.length < 20; ) {
    const directory = offset(link)
    if (directory === 0) break
    const count = big
      ? Number(view.getBigUint64(directory, little))
      : view.getUint16(directory, little)
    for (let i = 0; i < count; i++) entries.push({ at: directory + counted + i * size, big })
    link = directory + counted + count * size
    links.push(link)
  }
  return { entries, links }
}

/** A damaged copy; the original is left as it is. */
export function mutate(original: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(original)
  const kind = random.whole(0, 9)
  if (kind === 0) return bytes.slice(0, random.whole(0, bytes.length - 1))
  if (kind === 1) {
    const from = random.whole(0, bytes.length - 1)
    bytes.fill(random.pick([0, 0xff, random.whole(0, 255)]), from, from + random.whole(1, 64))
    return bytes
  }
  if (kind === 2) {
    const [from, to] = [random.whole(0, bytes.length - 1), random.whole(0, bytes.length - 1)]
    bytes.copyWithin(to, from, from + random.whole(1, 100))
    return bytes
  }
  if (kind === 3) {
    for (let times = random.whole(1, 8); times > 0; times--)
      bytes[random.whole(0, bytes.length - 1)] = random.whole(0, 255)
    return bytes
  }
  const { entries, links } = entriesOf(bytes)
  const times = random.chance(0.7) ? 1 : random.whole(2, 5)
  for (let i = 0; i < times; i++) damageDirectory(bytes, entries, links, random)
  return bytes
}

function damageDirectory(
  bytes: Uint8Array<ArrayBuffer>,
  entries: readonly Entry[],
  links: readonly number[],
  random: Random,
): void {
  const view = new DataView(bytes.buffer)
  const little = bytes[0] === 0x49
  if (random.chance(0.1)) {
    view.setUint32(
      random.pick(links),
      random.chance(0.5) ? random.pick(nasty) : random.whole(0, bytes.length),
      little,
    )
    return
  }
  const { at, big } = random.pick(entries)
  const [count, value] = big ? [at + 4, at + 12] : [at + 4, at + 8]
  const number = random.pick([
    random.pick(nasty),
    random.whole(0, 2 ** 31),
    random.whole(0, bytes.length),
  ])
  const target = random.pick([
    'tag',
    'type',
    'count',
    'count',
    'value',
    'value',
    'value',
    'short',
  ] as const)
  if (target === 'tag')
    view.setUint16(
      at,
      random.pick([
        254,
        256,
        257,
        258,
        259,
        273,
        277,
        317,
        322,
        323,
        324,
        325,
        339,
        33550,
        42113,
        random.whole(0, 65535),
      ]),
      little,
    )
  if (target === 'type') view.setUint16(at + 2, random.whole(0, 20), little)
  if (target === 'count') view.setUint32(count, number, little)
  if (target === 'value') view.setUint32(value, number, little)
  if (target === 'short') view.setUint16(value, number % 65536, little)
}
