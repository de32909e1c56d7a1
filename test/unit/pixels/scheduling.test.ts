// The published numbers do not depend on when which tile arrives: 1, 2 and 8 readers, in any order.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cog, type Level, openCog } from '../../../lib/cog/cog.ts'
import { PixelPolygon } from '../../../lib/geo/pixel-polygon.ts'
import { qaTable } from '../../../lib/pixels/qa.ts'
import { placeQa } from '../../../lib/pixels/qa-placement.ts'
import type { Selection } from '../../../lib/pixels/selection.ts'
import { chooseWindow } from '../../../lib/pixels/window.ts'
import { type SceneName } from '../../harness/items.ts'
import { memoryFile } from '../../harness/memory-file.ts'
import { scan } from '../../harness/numbers.ts'
import { type Random, randomFrom } from '../../harness/random.ts'
import { sceneFile } from '../../harness/scenes.ts'

const signal = new AbortController().signal
const band = { scale: 2.75e-5, offset: -0.2, fill: [0], saturation: 65535 }
const rules = { red: band, nir: band, minimumDenominator: 1e-6 }

/** Some turns of the event loop, as an answer from somewhere takes. */
async function wait(random: Random): Promise<void> {
  for (let turns = random.whole(0, 6); turns > 0; turns--) await new Promise(setImmediate)
}

/** The level with its tiles read by so many readers, in a random order. */
function shuffled(level: Level, readers: number, random: Random): Level {
  return {
    ...level,
    async readTiles(indices, use, stop) {
      const order = [...indices].map((index) => ({ index, at: random.unit() }))
      const queue = order.toSorted((one, other) => one.at - other.at).values()
      const read = async () => {
        for (const { index } of queue) {
          await wait(random)
          await level.readTiles([index], use, stop)
        }
      }
      await Promise.all(Array.from({ length: readers }, read))
    },
  }
}

async function openShuffled(
  scene: SceneName,
  name: string,
  readers: number,
  random: Random,
): Promise<Cog> {
  const file = memoryFile(await sceneFile(scene, name), () => wait(random))
  const cog = await openCog(file, signal)
  const [full, ...rest] = cog.levels.map((level) => shuffled(level, readers, random))
  if (full === undefined) throw new RangeError('a COG has at least one level')
  return { ...cog, levels: [full, ...rest] }
}

async function numbers(scene: SceneName, masked: boolean, readers: number, seed: number) {
  const random = randomFrom(seed)
  const open = (name: string) => openShuffled(scene, name, readers, random)
  const [red, nir] = [await open('red'), await open('nir08')]
  const window = chooseWindow(red, nir, null, 'full', 1e9)
  const [rows, cols] = window.grid.shape
  const polygon = new PixelPolygon([
    [
      [0.1 * cols, 0.2 * rows],
      [0.97 * cols, 0.4 * rows],
      [0.3 * cols, 0.99 * rows],
    ],
  ])
  const table = qaTable({ bits: 0b11111, fields: [], values: [], saturated: [] })
  const selection: Selection = masked
    ? { polygon, qa: { table, placement: await placeQa(window, await open('qa_pixel'), signal) } }
    : { polygon: null, qa: null }
  return scan({ window, selection }, rules)
}

describe('statistics and float32 pixels are the same to the last bit', () => {
  for (const [scene, masked] of [
    ['l9-c2l2-manaus', false],
    ['s2-l2a-29RKH', false],
    ['l8-c2l2-southaustralia-098084', true],
  ] as const) {
    it(`of ${scene}${masked ? ', masked, in a polygon' : ''}`, async () => {
      const straight = await numbers(scene, masked, 1, 1)
      assert.ok(straight.valid > 100)
      for (const readers of [1, 2, 8]) {
        for (const seed of [2, 3]) {
          assert.deepEqual(await numbers(scene, masked, readers, seed * readers), straight)
        }
      }
    })
  }
})
