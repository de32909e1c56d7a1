// Damaged TIFFs: each is a fault told by its code or pixels of the size that the file claims, soon, in bounded memory.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { openCog } from '../../lib/cog/cog.ts'
import { readSamples } from '../../lib/cog/rows.ts'
import { describeError, GreenprintError } from '../../lib/errors.ts'
import { wholeAxis } from '../../lib/pixels/axis.ts'
import { chooseWindow } from '../../lib/pixels/window.ts'
import { memoryFile } from './memory-file.ts'
import { randomFrom } from './random.ts'
import { mutate } from './tiff-mutations.ts'

/** Far above what any of the fixtures has: a damaged size must be refused, not read. */
const MAX_PIXELS = 1_000_000
const MAX_CPU_MS = 1000
const MAX_GROWTH_MB = 512

const folder = new URL('../fixtures/tiffs/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.tif'))
const signal = new AbortController().signal

/** Every pixel of every level, as the pipeline reads them. */
async function readEverything(bytes: Uint8Array<ArrayBuffer>): Promise<number[]> {
  const cog = await openCog(memoryFile(bytes), signal)
  const sizes: number[] = []
  for (const level of cog.levels) {
    const one = { ...cog, levels: [level] as const }
    const chosen = chooseWindow(one, one, null, 'full', MAX_PIXELS)
    const [rowsAt, colsAt] = [wholeAxis(chosen.rowsAt), wholeAxis(chosen.colsAt)]
    const samples = await readSamples(level, rowsAt, colsAt, signal)
    assert.equal(samples.length, level.width * level.height)
    sizes.push(samples.length)
  }
  return sizes
}

const codes = new Set(['raster_unusable', 'too_large'])
const megabytes = () => process.memoryUsage.rss() / 2 ** 20

/** @param total how many, of all fixtures alike @param firstSeed of the first fixture; those after it count on */
export function testDamaged(total: number, firstSeed: number): void {
  const perFile = Math.ceil(total / names.length)
  const fates = { told: 0, read: 0 }
  const before = megabytes()
  let peak = before

  async function check(bytes: Uint8Array<ArrayBuffer>, round: number): Promise<void> {
    const began = process.cpuUsage()
    try {
      await readEverything(bytes)
      fates.read++
    } catch (error) {
      const isTold = error instanceof GreenprintError && codes.has(error.code)
      const stack = error instanceof Error ? error.stack : ''
      assert.ok(isTold, `round ${round}: ${describeError(error)} ${stack}`)
      fates.told++
    }
    const { user, system } = process.cpuUsage(began)
    const milliseconds = (user + system) / 1000
    assert.ok(milliseconds < MAX_CPU_MS, `round ${round} took ${milliseconds} ms`)
    peak = Math.max(peak, megabytes())
  }

  describe('a damaged TIFF is told or read', () => {
    after(() => {
      assert.ok(fates.told + fates.read >= total)
      assert.ok(fates.told > total / 10 && fates.read > total / 10, JSON.stringify(fates))
      assert.ok(peak - before < MAX_GROWTH_MB, `${Math.round(peak - before)} MB more than before`)
    })

    for (const [at, name] of names.entries()) {
      it(`${name}, ${perFile} times`, async () => {
        const original = Uint8Array.from(readFileSync(new URL(name, folder)))
        const random = randomFrom(firstSeed + at)
        for (let round = 0; round < perFile; round++) await check(mutate(original, random), round)
      })
    }
  })
}
