// The catalogue with 10,000 items over ten years: how long a page of a search takes, as a client sees it.

import { boxGeometry } from '../../lib/geo/antimeridian.ts'
import { sampleItem } from '../../lib/sample/sample.ts'
import { randomFrom } from '../../test/harness/random.ts'
import { json, startSystem, type TestSystem } from '../../test/harness/system.ts'
import { median, type Part, print, printTable, quantile, Verdicts } from '../part.ts'

const ITEMS = 10_000
const SEARCHES = 100
const FIRST_DAY = Date.UTC(2014, 0, 1)
const DAYS = 3650
const DAY_MS = 86_400_000
/** Milliseconds: what a person takes for at once. */
const MOST_MS = 200

const { signal } = new AbortController()

export const benchCatalogue: Part = async () => {
  print(`\ncatalogue: ${ITEMS} items, ${SEARCHES} searches each`)
  const system = await startSystem({ IPFS_GATEWAYS: 'http://127.0.0.1:9' })
  try {
    await fill(system)
    const verdicts = new Verdicts()
    const rows: (readonly (string | number)[])[] = []
    for (const [name, ask] of Object.entries(searches)) {
      const times = await measure(system, ask)
      const p95 = quantile(times, 0.95)
      rows.push([name, median(times).toFixed(1), p95.toFixed(1), Math.max(...times).toFixed(1)])
      verdicts.atMost(`p95 of ${name}`, p95, MOST_MS, ' ms')
    }
    printTable(['search', 'median ms', 'p95 ms', 'max ms'], rows)
    return verdicts.missed
  } finally {
    await system.close()
  }
}

const random = randomFrom(10)
const place = () => [random.between(-170, 160), random.between(-75, 70)] as const
const day = () => new Date(FIRST_DAY + random.whole(0, DAYS - 1) * DAY_MS).toISOString()

const searches: Readonly<Record<string, () => object>> = {
  'the newest': () => ({}),
  'a place of 2 degrees': () => {
    const [west, south] = place()
    return { bbox: [west, south, west + 2, south + 2] }
  },
  'a polygon of 2 degrees': () => {
    const [west, south] = place()
    return { intersects: boxGeometry([west, south, west + 2, south + 2]) }
  },
  'a place within a year': () => {
    const [west, south] = place()
    const year = 2014 + random.whole(0, 8)
    const datetime = `${year}-01-01T00:00:00Z/${year}-12-31T23:59:59Z`
    return { bbox: [west, south, west + 10, south + 10], datetime }
  },
  'a week': () => {
    const start = day()
    const end = new Date(Date.parse(start) + 7 * DAY_MS).toISOString()
    return { datetime: `${start}/${end}` }
  },
  'an id': () => ({ ids: [`scene-${random.whole(0, ITEMS - 1)}`] }),
}

async function measure(system: TestSystem, ask: () => object): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < SEARCHES; at++) {
    const body = JSON.stringify({ collections: ['ndvi'], limit: 10, ...ask() })
    const began = performance.now()
    const headers = { 'content-type': 'application/json' }
    await json(await fetch(`${system.base}/stac/search`, { method: 'POST', body, headers }))
    times.push(performance.now() - began)
  }
  return times
}

/** Items as large as those of results, one place after the other. */
async function fill({ services: { catalogue } }: TestSystem): Promise<void> {
  const sample = await sampleItem()
  const weight = 'x'.repeat(6000)
  let next = 0
  const writer = async () => {
    while (next < ITEMS) {
      const at = next++
      const [west, south] = place()
      const box = [west, south, west + 2, south + 2]
      const ring = [
        [west, south],
        [west + 2, south],
        [west + 2, south + 2],
        [west, south],
      ]
      const item = {
        ...sample,
        id: `scene-${at}`,
        bbox: box,
        geometry: { type: 'Polygon', coordinates: [ring] },
        properties: { datetime: day(), weight },
      }
      await catalogue.put({ collection: 'ndvi', item, root: null }, signal)
    }
  }
  await Promise.all(Array.from({ length: 16 }, writer))
}
