// The main job over the API: its numbers, its reply, and every way in which a scene or a source can be bad.
// Long: many situations of one subject, on one set of servers and helpers.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { JsonObject } from '../../lib/model/json.ts'
import { MemoryBlocks } from '../harness/blocks.ts'
import { type Behaviour, startGateway, type TestGateway } from '../harness/gateway.ts'
import { assetsOf, ipfsAsset, sceneItem, withAssets } from '../harness/items.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'

const blocks = new MemoryBlocks()
// Not the sample: that one a deployment holds itself, and would not ask a gateway for.
const item = await sceneItem('l8-c2l1-corumba-before', blocks)
const VALID = 600_967
const good = await startGateway(blocks)
after(() => good.close())

/** Runs a test against a fresh system that knows these gateways only. */
async function withSystem(
  gateways: readonly TestGateway[],
  test: (system: TestSystem) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const system = await startSystem({
    IPFS_GATEWAYS: gateways.map(({ url }) => url).join(' '),
    ...env,
  })
  try {
    await test(system)
  } finally {
    await system.close()
  }
}

async function withGateway(
  fault: Behaviour,
  test: (bad: TestGateway) => Promise<void>,
): Promise<void> {
  const bad = await startGateway(blocks, fault)
  try {
    await test(bad)
  } finally {
    await bad.close()
  }
}

function near(value: number | null, expected: number, tolerance: number): void {
  assert.ok(Math.abs((value ?? Number.NaN) - expected) <= tolerance, `${value} is not ${expected}`)
}

describe('the numbers of the main job', () => {
  it('are the notebook’s on raw numbers: Manaus', () =>
    withSystem([good], async ({ ndvi }) => {
      const manaus = await sceneItem('l9-c2l2-manaus', blocks)
      const { statistics } = await ndvi({ item: manaus, scale: 'none', max_size: 'full' })
      assert.equal(statistics.valid_count, 398_268)
      near(statistics.mean, 0.15527666159297582, 5e-8)
      near(statistics.percentiles['50'], 0.13642264142386307, 5e-8)
    }))

  const rows = [
    [
      'l9-c2l2-manaus',
      'l2sr',
      398266,
      2,
      15,
      0.2788928964999096,
      0.5101368084775096,
      0.34257943736761065,
    ],
    [
      'l8-c2l2-brumadinho-before',
      'l2sr',
      119970,
      30,
      422,
      0.7205692242783587,
      0.18312877810674558,
      0.784677045352886,
    ],
    [
      'l8-c2l1-corumba-before',
      'l1toa',
      600967,
      0,
      0,
      0.4674660749054644,
      0.07971775872690798,
      0.46099290780141833,
    ],
  ] as const
  for (const [scene, rule, valid, denominator, clipped, mean, stddev, median] of rows) {
    for (const profile of ['unixfs-v0-2015', 'unixfs-v1-2025'] as const) {
      it(`are of reflectance by themselves: ${scene}, ${profile}`, () =>
        withSystem([good], async ({ ndvi }) => {
          const item = await sceneItem(scene, blocks, profile)
          const reply = await ndvi({ item, max_size: 'full' })
          assert.equal(reply.radiometry.applied, rule)
          assert.equal(reply.statistics.valid_count, valid)
          assert.equal(reply.statistics.invalid.denominator, denominator)
          assert.equal(reply.statistics.clipped_count, clipped)
          near(reply.statistics.mean, mean, 1e-9)
          near(reply.statistics.stddev, stddev, 1e-9)
          near(reply.statistics.percentiles['50'], median, 1e-9)
        }))
    }
  }
})

describe('a bad gateway beside a good one', () => {
  const faults: Behaviour[] = [
    'flip',
    'stall',
    'html',
    'huge',
    'hang',
    { status: 500 },
    { status: 404 },
  ]
  for (const fault of faults) {
    it(`that does "${describeFault(fault)}" changes nothing but the proof, and is not waited for`, () =>
      withGateway(fault, (bad) =>
        withSystem([bad, good], async ({ ndvi }) => {
          const started = performance.now()
          const { statistics, proof } = await ndvi({ item, outputs: ['figure', 'item'] })
          const took = performance.now() - started
          assert.equal(statistics.valid_count, VALID)
          for (const band of ['red', 'nir']) {
            assert.deepEqual(Object.keys(proof.bands[band]?.sources ?? {}), [good.url])
            assert.ok((proof.bands[band]?.blocks ?? 0) > 3)
          }
          // A gateway that hangs costs 10 s for each of the four levels that are read in turn, where it is waited for.
          assert.ok(took < 10_000, `it took ${took} ms`)
          assert.ok(bad.asked.length > 0, 'the bad gateway was asked first')
        }),
      ))
  }
})

describe('a bad gateway alone', () => {
  const faults: [Behaviour, RegExp][] = [
    ['flip', /answered \d+ bytes that do not hash to the CID/],
    ['stall', /stalled for 4000 ms/],
    ['html', /answered \d+ bytes that do not hash to the CID/],
    ['huge', /body larger than 2097152 bytes/],
    [{ status: 500 }, /HTTP 500/],
    [{ status: 429, headers: { 'retry-after': '60' } }, /HTTP 429/],
    [{ status: 404 }, /HTTP 404/],
  ]
  for (const [fault, reason] of faults) {
    // Too large a block is the CID's doing: nothing honest is larger, and no other gateway says otherwise.
    const [status, code, words] =
      fault === 'huge'
        ? [422, 'content_unusable', 'Block Qm\\w+ is larger than 2 MiB']
        : [502, 'content_unavailable', 'No source could serve block Qm']
    it(`that does "${describeFault(fault)}" is a ${status} that names it and the reason`, () =>
      withGateway(fault, (bad) =>
        withSystem([bad], async ({ refused }) => {
          const problem = await refused({ item })
          assert.equal(problem.status, status)
          assert.equal(problem.code, code)
          assert.match(
            problem.detail,
            new RegExp(`^Asset "(red|nir08)" \\(ipfs://Qm\\w+\\): ${words}`),
          )
          assert.equal(problem.details?.length, 1)
          const [line = ''] = problem.details ?? []
          assert.ok(line.startsWith(`${bad.url}: `))
          assert.match(line, reason)
        }),
      ))
  }
})

function describeFault(fault: Behaviour): string {
  return typeof fault === 'string' ? fault : String(fault.status)
}

describe('a scene that cannot be used is told in a sentence', () => {
  const nobody = 'QmXGwfHFidpT6Nwbnou657exDV3hsKaAV749WuVHQuhmTf'
  const cases: [string, (item: JsonObject) => Promise<object> | object, number, string, RegExp][] =
    [
      [
        'no near infrared',
        (item) => ({ item: withAssets(item, { nir08: undefined }) }),
        422,
        'asset_missing',
        /has no asset for near infrared .*Its assets are red\./,
      ],
      [
        'a CID that nobody has',
        (item) => ({ item: withAssets(item, { red: ipfsAsset(nobody) }) }),
        502,
        'content_unavailable',
        new RegExp(`^Asset "red" \\(ipfs://${nobody}\\): No source could serve block ${nobody}`),
      ],
      [
        'a file that is no TIFF',
        async (item) => {
          const text = new TextEncoder().encode('<html>Page not found</html>')
          return { item: withAssets(item, { red: ipfsAsset((await blocks.add(text)).toString()) }) }
        },
        422,
        'raster_unusable',
        /^Asset "red" .*The file is not a TIFF: it starts with "<html>/,
      ],
      [
        'an IPNS link',
        (item) => ({ item: withAssets(item, { red: ipfsAsset('ipns://example.org/red.tif') }) }),
        422,
        'asset_unusable',
        /IPNS name: its owner can point it to other bytes at any time/,
      ],
      [
        'a piece CID',
        (item) => ({
          item: withAssets(item, {
            red: ipfsAsset(
              'ipfs://baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq',
            ),
          }),
        }),
        422,
        'asset_unusable',
        /piece/,
      ],
      [
        'bands of two sizes',
        async (item) => {
          const other = await sceneItem('l9-c2l2-manaus', blocks)
          return { item: withAssets(item, { nir08: assetsOf(other)['nir08'] }) }
        },
        422,
        'grids_differ',
        /not on one grid/,
      ],
      [
        'an area beside the scene',
        (item) => ({ item, bbox: [10, 10, 11, 11] }),
        422,
        'outside_scene',
        /does not touch the scene, which covers \[-57\.\d+, -20\.\d+, -57\.\d+, -19\.\d+\]/,
      ],
      [
        'a collection',
        () => ({ item: { type: 'Collection', id: 'c' } }),
        422,
        'item_invalid',
        /not an Item/,
      ],
    ]
  for (const [name, body, status, code, words] of cases) {
    it(name, () =>
      withSystem([good], async ({ refused }) => {
        const problem = await refused(await body(item))
        assert.deepEqual([problem.status, problem.code], [status, code], problem.detail)
        assert.match(problem.detail, words)
      }),
    )
  }
})
