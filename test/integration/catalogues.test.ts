// Each catalogue that people use, from a search to rasterio's numbers: what its hosts ask for, what was believed and
// why, and no signature or token anywhere afterwards.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, it } from 'node:test'
import type { FingerprintReply } from '../../lib/http/fingerprint-reply.ts'
import type { NdviReply } from '../../lib/http/reply.ts'
import type { ScenesReply } from '../../lib/http/scenes.ts'
import type { MaskClass } from '../../lib/model/request.ts'
import { ask, assertClean, startCatalogueWorld } from '../harness/catalogue-world.ts'
import { catalogues } from '../harness/catalogues.ts'
import type { Numbers } from '../harness/numbers.ts'

interface Expected {
  readonly scene: string
  readonly mask: readonly MaskClass[]
  readonly answer: Numbers
}

const expected: readonly Expected[] = JSON.parse(
  await readFile(new URL('../fixtures/synthetic/expected.json', import.meta.url), 'utf8'),
)

function answerOf(scene: string, mask: readonly MaskClass[]): Numbers {
  const found = expected.find((each) => each.scene === scene && each.mask.join() === mask.join())
  assert.ok(found, scene)
  return found.answer
}

const world = await startCatalogueWorld()
after(() => world[Symbol.asyncDispose]())

function assertNumbers({ statistics }: NdviReply, answer: Numbers): void {
  const { fill, saturation, mask, denominator } = answer
  assert.deepEqual(statistics.invalid, { fill, saturation, mask, denominator })
  assert.deepEqual(
    [statistics.total_count, statistics.valid_count, statistics.clipped_count],
    [answer.total, answer.valid, answer.clipped],
  )
  const numbers = ['mean', 'stddev', 'minimum', 'maximum'] as const
  for (const name of numbers) {
    const [ours, theirs] = [statistics[name] ?? Number.NaN, answer[name] ?? Number.NaN]
    assert.ok(Math.abs(ours - theirs) < 1e-9, `${name}: ${ours} and ${theirs}`)
  }
}

const clouds = ['dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow'] as const
const rest = { max_size: 'full', outputs: ['item'] } as const

describe('a scene of', () => {
  for (const catalogue of catalogues) {
    const { name, collections, scene, rule, checksum, by } = catalogue
    const search = collections === undefined ? {} : { collections }

    it(`${name} is found, fingerprinted, and read verified`, async () => {
      await using place = await world.visit(catalogue)
      const listed = await ask<ScenesReply>(
        place,
        `/scenes?${collections === undefined ? '' : `collections=${collections.join(',')}`}`,
      )
      const { red, nir, qa } = listed.scenes[0]?.bands ?? assert.fail(JSON.stringify(listed))
      assert.deepEqual([red.from, nir.from, qa.from], ['plain', 'plain', 'plain'])

      const masked = await ask<NdviReply>(place, '/ndvi', { search, ...rest, mask: clouds })
      assert.ok(masked.proof, JSON.stringify(masked))
      assertNumbers(masked, answerOf(scene, clouds))
      assert.equal(masked.radiometry.applied, rule)
      assert.equal(masked.proof.trust, 'fingerprint')
      const trusts = Object.values(masked.proof.bands).map(({ trust }) => trust)
      assert.deepEqual(trusts, ['fingerprint', 'fingerprint', 'fingerprint'])
      assert.equal(masked.proof.bands['red']?.producer_checksum.status, checksum)
      assert.ok(masked.warnings.every((line) => !line.includes('not verified')))

      const printed = await ask<FingerprintReply>(place, '/fingerprint', { search })
      const [first] = Object.values(printed.fingerprints)
      assert.equal(first?.cid, masked.proof.bands['red']?.cid)
      const author = first?.producer_checksum.by ?? null
      assert.ok(by === null ? author === null : by.test(author ?? ''), `${author}`)

      // Anybody else reads the same by the CIDs of the item that came back.
      const other = await ask<NdviReply>(place, '/ndvi', {
        item: printed.item,
        ...rest,
        mask: clouds,
      })
      assert.deepEqual([other.id, other.cached, other.proof.trust], [masked.id, true, 'cid'])
      await ask(place, '/ndvi', { search, max_size: 12 }, { prefer: 'respond-async' })
      assert.ok((await assertClean(place)) > 3)
    })

    it(`${name} is read over TLS alone where that is asked for, and says so`, async () => {
      await using place = await world.visit(catalogue)
      const reply = await ask<NdviReply>(place, '/ndvi', { search, ...rest, trust: 'transport' })
      assert.ok(reply.proof, JSON.stringify(reply))
      assertNumbers(reply, answerOf(scene, []))
      assert.deepEqual([reply.proof.trust, reply.radiometry.applied], ['transport', rule])
      assert.match(reply.warnings.join('\n'), /not verified: the red band/)
      assert.match(reply.proof.bands['red']?.transport?.etag ?? '', /^"[0-9a-f]{32}-1"$/)
      assert.ok((await assertClean(place)) > 3)
    })
  }
})
