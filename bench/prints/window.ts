// The notebook's window of plain copies: by a fingerprint that is known, and over TLS alone, beside GDAL.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../lib/config/config.ts'
import { fingerprintItem } from '../../lib/fingerprint.ts'
import { unlimited } from '../../lib/model/run.ts'
import type { Trust } from '../../lib/model/scene.ts'
import { createServices } from '../../lib/services.ts'
import { applyRules } from '../../lib/steps/apply-rules.ts'
import { chooseRules } from '../../lib/steps/choose-rules.ts'
import { computePixels } from '../../lib/steps/compute-pixels.ts'
import { findContent } from '../../lib/steps/find-content.ts'
import { findScene } from '../../lib/steps/find-scene.ts'
import { openBands } from '../../lib/steps/open-bands.ts'
import { selectWindow } from '../../lib/steps/select-window.ts'
import { openScratch } from '../../lib/store/disk/scratch.ts'
import { pairItem } from '../pair.ts'
import { print } from '../part.ts'
import { type Contender, compare, type Outcome, printRows } from '../reads/compare.ts'
import {
  assertSamePixels,
  type Bench,
  fileUrl,
  gdalContender,
  makeFolder,
} from '../reads/contenders.ts'
import { hashPixels } from '../reads/reader.ts'
import { tasks } from '../reads/scene.ts'

const never = new AbortController().signal
const run = { ...unlimited, fresh: false, tell: () => undefined }
const task = tasks.window

/** A process that knows what the store in its folder holds, and nothing else. */
function servicesIn(folder: string) {
  return createServices(readConfig({ DATA_DIR: folder, IPFS_GATEWAYS: 'http://127.0.0.1:9' }))
}

function requestOf({ servers }: Bench) {
  const item = pairItem('', '')
  const asset = (band: 'red' | 'nir') => ({ href: fileUrl(servers, band) })
  return { ...task.request, item: { ...item, assets: { red: asset('red'), nir08: asset('nir') } } }
}

/** Has both files read whole for their CIDs, once. */
async function printIn(folder: string, bench: Bench): Promise<void> {
  const { item } = requestOf(bench)
  const request = { item, profile: 'unixfs-v1-2025' } as const
  const services = servicesIn(folder)
  await fingerprintItem({ kind: 'fingerprint', request, pin: false }, services, run, never)
  await services.settle()
}

/** @param compares whether the pixels are held against GDAL's: they are read once more for that */
async function read(
  bench: Bench,
  folder: string,
  trust: Trust,
  compares: boolean,
): Promise<Outcome> {
  await rm(join(folder, 'cache'), { recursive: true, force: true })
  const services = servicesIn(folder)
  const request = requestOf(bench)
  const { scene } = await findScene({ request }, services, never)
  const started = performance.now()
  // What follows is lib/pipeline.ts, from what the bands are read by to their NDVI.
  const asRead = chooseRules(scene, request)
  const content = await findContent(scene, asRead, trust, services, run, never)
  const { rules } = content
  const bands = await openBands(content, request, services, true, never)
  await using reads = bands.reads
  const selected = await selectWindow(bands, content.scene, request, rules.masking, 1e8, never)
  const applied = applyRules(bands, rules, content.scene)
  const sinks = { request, scratch: openScratch(join(folder, 'scratch')), onRows: () => undefined }
  await computePixels(selected, applied.pixels, sinks, never)
  const ms = performance.now() - started
  reads.succeeded()
  if (compares) {
    await assertSamePixels(await hashPixels(selected), task, bench.servers, bench.gdal)
  }
  await services.settle()
  return { ms }
}

export async function benchPlainWindow(bench: Bench): Promise<void> {
  const { servers, fileBytes, verdicts } = bench
  const [known, fresh] = [await makeFolder(), await makeFolder()]
  await printIn(known, bench)
  const contender = (name: string, folder: string, trust: Trust): Contender => {
    let isFirst = true
    return {
      name,
      run() {
        const compares = isFirst
        isFirst = false
        return read(bench, folder, trust, compares)
      },
      async close() {
        await rm(folder, { recursive: true, force: true })
      },
    }
  }
  const contenders = {
    known: contender('fingerprint known', known, 'fingerprint'),
    transport: contender('transport, unverified', fresh, 'transport'),
    gdal: gdalContender(bench, task),
  }
  print(`\n${task.name}, from plain copies; 50 ms a request`)
  const far = { latencyMs: 50, bytesPerSecond: 0 }
  // One byte of each file tells its version: nothing waits for that but the proof.
  const rows = await compare(contenders, 11, far, servers, ({ bytes }) => bytes > 1)
  printRows(contenders, rows, { fileBytes, against: 'gdal' })
  const against = ({ ms }: { readonly ms: number }) => ms / rows.gdal.ms
  verdicts.atMost('window by a known fingerprint: time / GDAL', against(rows.known), 0.6)
  verdicts.atMost('window by a known fingerprint: requests in sequence', rows.known.roundTrips, 1)
  verdicts.atMost('window by transport: time / GDAL', against(rows.transport), 1.1)
  verdicts.atMost('window by transport: bytes / GDAL', rows.transport.bytes / rows.gdal.bytes, 1.1)
}
