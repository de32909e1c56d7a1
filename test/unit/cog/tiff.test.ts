// TIFFs of every kind against what GDAL reads of them (test/fixtures/make_tiffs.py), and files that are damaged or
// none.
// Long: a table of cases, and what each of them must come to.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { encode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { systemClock } from '../../../lib/async/clock.ts'
import { type Cog, type Level, openCog } from '../../../lib/cog/cog.ts'
import { readFill, readSamples } from '../../../lib/cog/rows.ts'
import type { Samples } from '../../../lib/cog/samples.ts'
import { describeError, GreenprintError } from '../../../lib/errors.ts'
import { createBlocks } from '../../../lib/ipfs/blocks.ts'
import { openFile, type VerifiedFile } from '../../../lib/ipfs/file.ts'
import { BlockRace } from '../../../lib/ipfs/race.ts'
import { ReadSession } from '../../../lib/ipfs/read-session.ts'
import { type Cid, DAG_PB, RAW } from '../../../lib/ipld/cid.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { cidOfBlock } from '../../harness/cid-of-block.ts'
import { cogOf, sceneFile } from '../../harness/scenes.ts'

interface Expected {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly band?: number | string
        readonly dtype: string
        readonly nodata: number | 'nan' | null
        readonly crs: string | null
        readonly transform: readonly number[]
        readonly levels: readonly {
          readonly size: readonly [number, number]
          readonly sha256: string
          readonly fill?: string
        }[]
      }
    >
  >
  readonly refused: Readonly<Record<string, string>>
}

const signal = new AbortController().signal
const folder = new URL('../../fixtures/tiffs/', import.meta.url)
const expected: Expected = JSON.parse(await readFile(new URL('expected.json', folder), 'utf8'))
const fixture = async (name: string) =>
  new Uint8Array(await readFile(new URL(`${name}.tif`, folder)))

/** Tiles by index; those that were never written are not there. */
async function tilesOf(level: Level, indices: readonly number[]) {
  const tiles = new Map<number, Samples>()
  const keep = (tile: Samples | null, index: number) =>
    tile === null ? undefined : void tiles.set(index, tile.slice())
  await level.readTiles(indices, keep, signal)
  return tiles
}

const whole = (length: number) => Int32Array.from({ length }, (_, at) => at)

function digest(samples: Samples): string {
  return createHash('sha256').update(samples).digest('hex')
}

/** The first three samples of the first row, in memory that held others before. */
async function firstOf(level: Level): Promise<Samples> {
  const memory = new Uint8Array(3 * level.bytesPerSample).fill(9).buffer
  return readSamples(level, whole(1), whole(3), signal, memory)
}

async function hashOf(level: Level): Promise<string> {
  return digest(await readSamples(level, whole(level.height), whole(level.width), signal))
}

/** Of 1 where the masks of a level leave a pixel out; absent where it has none. */
async function fillOf(level: Level): Promise<{ fill?: string }> {
  const fill = await readFill(level, whole(level.height), whole(level.width), signal)
  return fill === null ? {} : { fill: digest(fill) }
}

async function everything(cog: Cog): Promise<string[]> {
  const hashes: string[] = []
  for (const level of cog.levels) hashes.push(await hashOf(level))
  return hashes
}

const isRefused = (words: RegExp) => ({ code: 'raster_unusable', message: words })

describe('a TIFF is read as GDAL reads it', () => {
  for (const [name, file] of Object.entries(expected.files)) {
    it(name, async () => {
      const { dtype, nodata, crs, transform, levels } = file
      const cog = await cogOf(await fixture(name), { band: file.band ?? null })
      assert.equal(cog.dtype, dtype)
      assert.equal(cog.nodata, nodata === 'nan' ? Number.NaN : nodata)
      assert.equal(cog.crs, crs)
      assert.deepEqual(
        cog.levels.map(({ width, height }) => [width, height]),
        levels.map(({ size }) => size),
      )
      assert.deepEqual(
        await everything(cog),
        levels.map(({ sha256 }) => sha256),
      )
      assert.deepEqual(
        await Promise.all(cog.levels.map(fillOf)),
        levels.map(({ fill }) => (fill === undefined ? {} : { fill })),
      )
      const [full] = cog.levels
      for (const [at, value] of full.transform.entries()) {
        assert.ok(Math.abs(value - (transform[at] ?? Number.NaN)) < 1e-9, full.transform.join(' '))
      }
    })
  }
})

describe('tiles that were never written', () => {
  it('are handed out as nothing, and are read as nodata', async () => {
    const [level] = (await cogOf(await fixture('unwritten'))).levels
    const tiles = await tilesOf(level, [0, 6, 7])
    assert.deepEqual(
      [...tiles].map(([index, tile]) => [index, tile.length]),
      [[6, 256]],
    )
    const handed: (number | null)[] = []
    const note = (tile: Samples | null) => void handed.push(tile?.length ?? null)
    await level.readTiles([0, 6, 7], note, signal)
    assert.deepEqual(handed, [null, null, 256])
    assert.deepEqual([...(await firstOf(level))], [7, 7, 7])
  })

  it('are none at all in a file of none', async () => {
    const [level] = (await cogOf(await fixture('nothing-written'))).levels
    assert.equal((await tilesOf(level, [0, 11])).size, 0)
  })

  it('hold 0 where the file names no nodata, and NaN where it names that', async () => {
    const [zeros] = (await cogOf(await fixture('unwritten-no-nodata'))).levels
    assert.deepEqual([...(await firstOf(zeros))], [0, 0, 0])
    const [nans] = (await cogOf(await fixture('unwritten-float'))).levels
    assert.deepEqual([...(await firstOf(nans))], [Number.NaN, Number.NaN, Number.NaN])
  })
})

describe('a TIFF that cannot be used says why', () => {
  for (const [name, words] of Object.entries(expected.refused)) {
    it(`${name.replace('refused-', '')}: ${words}`, async () => {
      const band = /webp|nodata-values/.test(name) ? 1 : null
      const open = async () => everything(await cogOf(await fixture(name), { band }))
      await assert.rejects(open(), isRefused(new RegExp(words)))
    })
  }
})

describe('a file that is no TIFF is told by how it starts', () => {
  const text = (value: string) => new TextEncoder().encode(value)
  const rows = [
    [
      'HTML',
      text('<!DOCTYPE html><html><body>Not found</body></html>'),
      /it starts with "<!DOCTYPE html><"/,
    ],
    ['JSON', text('{"type":"Feature"}'), /it starts with "\{"type":"Feature/],
    [
      'a JPEG 2000',
      Uint8Array.of(0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 13, 10),
      /starts with "····jP {2}··"/,
    ],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10), /starts with "·PNG··"/],
    ['nothing', new Uint8Array(0), /it starts with nothing, it is empty/],
    ['one byte', text('I'), /starts with "I"/],
    ['two bytes', text('II'), /starts with "II"/],
    ['noise', noise(100_000, 8), /The file is not a TIFF/],
    ['another magic number', Uint8Array.of(0x49, 0x49, 41, 0, 8, 0, 0, 0), /starts with "II\)·/],
  ] as const
  for (const [name, bytes, words] of rows) {
    it(name, async () => {
      await assert.rejects(cogOf(Uint8Array.from(bytes)), isRefused(words))
    })
  }
})

describe('a TIFF that was cut short says so', () => {
  const cut = async (name: string, length: number) => (await fixture(name)).slice(0, length)

  it('in its header', async () => {
    for (const length of [4, 7, 8]) {
      await assert.rejects(cogOf(await cut('tiled-deflate', length)), isRefused(/TIFF|cut short/))
    }
  })

  it('in its directories', async () => {
    for (const length of [9, 30, 100, 200]) {
      const refused = isRefused(/directories cannot be read|cut short/)
      await assert.rejects(cogOf(await cut('tiled-deflate', length)), refused, `${length}`)
    }
  })

  it('in its tiles', async () => {
    const bytes = await fixture('tiled-plain')
    const [level] = (await cogOf(bytes.slice(0, bytes.length - 10))).levels
    assert.equal((await tilesOf(level, [0])).size, 1)
    await assert.rejects(
      tilesOf(level, [11]),
      isRefused(/tile 11 lies at bytes \d+ to \d+ of a file of \d+ bytes: the file is cut short/),
    )
  })

  it('at any length at all, and never as a fault of ours or with wrong pixels', async () => {
    for (const name of [
      'tiled-deflate',
      'overviews',
      'strips-lzw',
      'big-endian',
      'bigtiff',
      'float32-predictor3',
    ]) {
      const bytes = await fixture(name)
      const whole = await everything(await cogOf(bytes))
      for (let length = 0; length < bytes.length; length += 61) {
        try {
          const hashes = await everything(await cogOf(bytes.slice(0, length)))
          assert.deepEqual(hashes, whole, `${name} at ${length}`)
        } catch (error) {
          assert.ok(
            error instanceof GreenprintError && error.code === 'raster_unusable',
            `${name} at ${length}: ${describeError(error)}`,
          )
        }
      }
    }
  })
})

describe('a damaged TIFF', () => {
  it('is never a fault of ours, whichever byte of its directories is wrong', async () => {
    for (const name of [
      'tiled-deflate',
      'overviews',
      'strips-lzw',
      'big-endian-float',
      'bigtiff',
    ]) {
      const bytes = await fixture(name)
      let state = 1
      const random = (below: number) => (state = (state * 48271) % 2147483647) % below
      for (let round = 0; round < 60; round++) {
        const damaged = Uint8Array.from(bytes)
        const at = random(Math.min(600, bytes.length))
        damaged[at] = random(256)
        try {
          await everything(await cogOf(damaged))
        } catch (error) {
          assert.ok(
            error instanceof GreenprintError && error.code === 'raster_unusable',
            `${name}, byte ${at} = ${damaged[at]}: ${describeError(error)}`,
          )
        }
      }
    }
  })

  it('is told when a tile does not unpack', async () => {
    for (const name of ['tiled-deflate', 'tiled-zstd']) {
      const bytes = await fixture(name)
      bytes.fill(0xff, bytes.length - 20)
      const open = async () => everything(await cogOf(bytes))
      await assert.rejects(open(), isRefused(/A tile cannot be decoded: ./), name)
    }
  })

  it('of LERC is told, not followed without end or into another size', async () => {
    const rows = [
      ['a blob of no bytes', 28 + 6, 0, /has \d+ bytes where it names 0/],
      ['a blob longer than its tile', 28 + 6, 1e9, /has \d+ bytes where it names 1000000000/],
      ['a tile a million wide', 18, 1e6, /has 1000000 x 16 samples/],
      ['a million rows', 14, 1e6, /has 16 x 1000000 samples/],
      ['another type', 38, 7, /of type 7 where 16 x 16 of 16 bits belong/],
      ['another magic', 0, 0, /begin with "Lerc2"/],
    ] as const
    for (const [name, at, number, words] of rows) {
      const bytes = await fixture('tiled-lerc')
      const blob = Buffer.from(bytes).indexOf('Lerc2 ')
      new DataView(bytes.buffer).setInt32(blob + at, number, true)
      const open = async () => everything(await cogOf(bytes))
      await assert.rejects(open(), isRefused(words), name)
    }
  })

  it('is told when it lists its tiles in numbers of no such size', async () => {
    const bytes = await fixture('tiled-deflate')
    const view = new DataView(bytes.buffer)
    const entry = directoryEntries(view).find(({ tag }) => tag === 324)
    assert.ok(entry)
    view.setUint16(entry.at + 2, 1, true)
    view.setUint32(entry.at + 4, 2000, true)
    const open = async () => everything(await cogOf(bytes))
    await assert.rejects(open(), isRefused(/numbers of 1 bytes under tag 324|cut short|are needed/))
  })

  it('is told when a tile holds fewer samples than its place', async () => {
    // TileByteCounts (325) of the first tile: half of what it was.
    const bytes = await fixture('tiled-plain')
    const view = new DataView(bytes.buffer)
    const entry = directoryEntries(view).find(({ tag }) => tag === 325)
    assert.ok(entry)
    view.setUint16(entry.value, 256, true)
    const [level] = (await cogOf(bytes)).levels
    await assert.rejects(
      tilesOf(level, [0]),
      isRefused(/tile 0 holds 128 samples where 256 belong/),
    )
  })

  it('is not given the memory that it names', async () => {
    const LONG = 4
    const rows = [
      ['a tile of 100 MB', 325, LONG, 12, /Its tiles are packed in 100000000 bytes/],
      ['a nodata of a billion letters', 42113, 2, 1e9, /1000000000 bytes of text under tag 42113/],
      [
        'GeoKeys of 100 kB',
        34735,
        3,
        5e4,
        /100000 bytes of GeoKeys under tag 34735; at most 65536/,
      ],
    ] as const
    for (const [name, tag, type, count, words] of rows) {
      const bytes = new Uint8Array(200_000)
      bytes.set(await fixture('tiled-deflate'))
      const view = new DataView(bytes.buffer)
      const entry = directoryEntries(view).find((candidate) => candidate.tag === tag)
      assert.ok(entry)
      view.setUint16(entry.at + 2, type, true)
      view.setUint32(entry.at + 4, count, true)
      view.setUint32(entry.at + 8, 100_000, true)
      for (let tile = 0; tile < 12; tile++) view.setUint32(100_000 + 4 * tile, 1e8, true)
      const open = async () => everything(await openCog(await hugeFile(bytes), signal))
      await assert.rejects(open(), isRefused(words), name)
    }
  })

  it('is told when its directories lead in a circle', async () => {
    const bytes = await fixture('tiled-plain')
    const view = new DataView(bytes.buffer)
    const first = view.getUint32(4, true)
    view.setUint32(first + 2 + 12 * view.getUint16(first, true), first, true)
    await assert.rejects(cogOf(bytes), isRefused(/lead in a circle/))
  })
})

/** Of the first directory of a little-endian classic TIFF: tags, where they lie, and where their values do. */
function directoryEntries(view: DataView): { tag: number; at: number; value: number }[] {
  const first = view.getUint32(4, true)
  return Array.from({ length: view.getUint16(first, true) }, (_, index) => {
    const at = first + 2 + 12 * index
    return { tag: view.getUint16(at, true), at, value: view.getUint32(at + 8, true) }
  })
}

/** A file that claims a terabyte behind the bytes given: all that can be verified of it is sound. */
async function hugeFile(bytes: Uint8Array<ArrayBuffer>): Promise<VerifiedFile> {
  const memory = new MemoryBlocks()
  const leaf = cidOfBlock(RAW, bytes)
  memory.put(leaf, bytes)
  const blockSizes = [BigInt(bytes.length), 1_000_000_000_000n]
  const Links = [leaf, cidOfBlock(RAW, noise(5))].map((Hash) => ({ Name: '', Tsize: 0, Hash }))
  const root = encode({ Data: new UnixFS({ type: 'file', blockSizes }).marshal(), Links })
  const cid = cidOfBlock(DAG_PB, root)
  memory.put(cid, Uint8Array.from(root))
  const source = { name: 'memory', get: async (asked: Cid) => memory.get(asked) }
  const network = new BlockRace([], systemClock)
  const blocks = createBlocks({ own: [source], network, cacheBytes: 0 })
  return openFile(cid, blocks, new ReadSession(), signal)
}

describe('a scene', () => {
  it('has its levels from the finest to the coarsest, each over the same ground', async () => {
    const { levels } = await cogOf(await sceneFile('l9-c2l2-manaus', 'red'))
    assert.deepEqual(
      levels.map(({ width, height }) => [width, height]),
      [
        [851, 468],
        [425, 234],
        [212, 117],
      ].slice(0, levels.length),
    )
    const [a, , c, , e, f] = levels[0].transform
    for (const { transform, width, height } of levels) {
      assert.deepEqual([transform[1], transform[2], transform[3], transform[5]], [0, c, 0, f])
      assert.ok(Math.abs(transform[0] * width - a * 851) < 1e-6)
      assert.ok(Math.abs(transform[4] * height - e * 468) < 1e-6)
    }
  })
})
