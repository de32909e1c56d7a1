// A series whose every byte is known, and the zones of an observation: found, counted and packed as for a caller.

import { createServer } from 'node:http'
import { readConfig } from '../../lib/config/config.ts'
import type { JsonObject } from '../../lib/model/json.ts'
import type { PublishableResult } from '../../lib/model/result.ts'
import { unlimited } from '../../lib/model/run.ts'
import { readSeriesBody } from '../../lib/request/read-series.ts'
import { recallSeries, startSeries } from '../../lib/series.ts'
import { type AppServices, createServices } from '../../lib/services.ts'
import { keepItems, keepZones } from '../../lib/steps/keep-inputs.ts'
import { measureZones } from '../../lib/zones.ts'
import { stacApi } from './catalogue-hosts.ts'
import { startWorker } from './job-worker.ts'

/** A directory as its result tells it. */
export type GoldenDirectory = Pick<PublishableResult, 'root' | 'assets'>

/** Two zones of the sample's ground, one of two parts, one with a hole and without a name. */
const features: readonly JsonObject[] = [
  {
    type: 'Feature',
    id: 'river banks',
    properties: {},
    geometry: {
      type: 'MultiPolygon',
      coordinates: [[triangle(-59.93, -3.16, 0.03)], [triangle(-59.9, -3.13, 0.02)]],
    },
  },
  {
    type: 'Feature',
    properties: {},
    geometry: {
      type: 'Polygon',
      coordinates: [triangle(-59.92, -3.15, 0.06), triangle(-59.905, -3.14, 0.02)],
    },
  },
]

function triangle(west: number, south: number, size: number): [number, number][] {
  const [east, north] = [west + size, south + size]
  return [
    [west, south],
    [east, south + size / 3],
    [west + size / 4, north],
    [west, south],
  ]
}

/**
 * @param items of two days
 * @param folder of a store of its own
 */
export async function goldenSeries(
  items: readonly [JsonObject, JsonObject],
  folder: string,
  signal: AbortSignal,
): Promise<{ readonly zones: GoldenDirectory; readonly series: GoldenDirectory }> {
  const answer = stacApi(() => items, '')
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    void answer(request, response, url, String)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  const services = createServices(
    readConfig({
      DATA_DIR: folder,
      IPFS_GATEWAYS: 'http://127.0.0.1:9',
      STAC_API_URL: `http://127.0.0.1:${port}`,
    }),
  )
  const workers = [startWorker(services), startWorker(services)]
  try {
    const collections = [items[0]['collection']]
    const asked = await readSeriesBody({ search: { collections }, features }, signal)
    const zones = await monthOfZones(items, asked.request.zones, services, signal)
    let series = await startSeries({ ...asked, pin: false }, services, signal)
    while (series.status === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 10))
      series = (await recallSeries(series.id, services, signal)) ?? series
    }
    const { root, assets } = series
    if (root === null) throw new Error(`the series has no directory: ${JSON.stringify(series)}`)
    return { zones, series: { root, assets } }
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()))
    await services.settle()
    server.closeAllConnections()
    server.close()
  }
}

/** The mean of each pixel over both days. */
async function monthOfZones(
  days: readonly JsonObject[],
  asked: Parameters<typeof keepZones>[0],
  services: AppServices,
  signal: AbortSignal,
): Promise<GoldenDirectory> {
  const zones = await keepZones(asked, services, signal)
  const kept = await keepItems(
    days.map((item) => [item]),
    services,
    signal,
  )
  const request = { items: kept, zones, reduce: 'mean', scale: 'auto', mask: [] } as const
  const run = { fresh: true, tell: () => undefined, ...unlimited }
  return measureZones({ kind: 'zones', request, pin: false }, services, run, signal)
}
