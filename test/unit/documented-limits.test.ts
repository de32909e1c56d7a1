// Limits that the documents name, against the constants of the code: whoever changes one is told where it stands.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { documentAt, root } from '../harness/markdown.ts'

/** A phrase of a document, whose first number with its unit is the constant of a file. */
const claims: readonly (readonly [document: string, phrase: string, file: string, name: string])[] =
  [
    ['docs/api.md', 'at most 1 MiB', 'lib/http/body-limit.ts', 'MAX_BODY'],
    ['docs/api.md', 'texts over 10 KiB', 'lib/http/compress.ts', 'MIN_BYTES'],
    ['docs/api.md', 'carries 4 MiB', 'lib/kept/whole-files.ts', 'MAX_REPLY'],
    ['docs/api.md', 'signed for 300 s', 'lib/store/s3/s3-presign.ts', 'SECONDS'],
    ['docs/limits.md', 'beyond 4,194,304 valid', 'lib/pixels/statistics.ts', 'EXACT_LIMIT'],
    ['docs/limits.md', 'from 65,536 bins', 'lib/pixels/value-bins.ts', 'FINE_BINS'],
    ['docs/limits.md', 'at most 1 MiB', 'lib/http/body-limit.ts', 'MAX_BODY'],
    ['docs/limits.md', '100 levels', 'lib/model/i-json.ts', 'MAX_DEPTH'],
    ['docs/limits.md', '10,000 positions', 'lib/geo/position-count.ts', 'MOST_POSITIONS'],
    ['docs/limits.md', 'and 28 s', 'lib/http/time-limit.ts', 'MAX_MS'],
    ['docs/limits.md', '1,000 names of an object', 'lib/model/json-shape.ts', 'MOST_NAMES_OF_ONE'],
    ['docs/limits.md', '50,000 in all', 'lib/model/json-shape.ts', 'MOST_NAMES'],
    ['docs/limits.md', '1 MiB for an item', 'lib/stac/page-text.ts', 'MOST_OF_ONE'],
    ['docs/limits.md', '1,000 assets', 'lib/stac/item.ts', 'MOST_ASSETS'],
    ['docs/limits.md', '10,000 positions is', 'lib/geo/position-count.ts', 'MOST_POSITIONS'],
    ['docs/limits.md', '10 MiB for a page', 'lib/stac/web-documents.ts', 'MOST_OF_PAGE'],
    ['docs/limits.md', 'at most 4 MiB', 'lib/kept/whole-files.ts', 'MAX_REPLY'],
    ['docs/limits.md', 'over 64 MiB', 'lib/cog/codecs.ts', 'MAX_TILE_BYTES'],
    ['docs/numbers.md', '32 MiB of packed', 'lib/pixels/qa-placement.ts', 'MAX_PACKED_BYTES'],
    ['docs/numbers.md', 'at least 21 points', 'lib/geo/projection.ts', 'DENSIFY'],
    ['docs/numbers.md', 'up to 4,194,304 valid', 'lib/pixels/statistics.ts', 'EXACT_LIMIT'],
    ['docs/numbers.md', 'cells of 512', 'lib/pixels/statistics.ts', 'CELL'],
    ['docs/numbers.md', 'at most 1,024 px', 'lib/steps/draw-rasters.ts', 'PICTURE_SIZE'],
    ['docs/reads.md', 'block than 2 MiB', 'lib/ipfs/gateway.ts', 'MAX_BLOCK_BYTES'],
    ['docs/reads.md', 'At most 8 requests', 'lib/ipfs/race.ts', 'MOST_PER_SOURCE'],
    ['docs/reads.md', '32 per mirror', 'lib/ipfs/race.ts', 'MOST_PER_MIRROR'],
    ['docs/reads.md', '16 blocks in flight', 'lib/ipfs/blocks.ts', 'MOST_IN_FLIGHT'],
    ['docs/reads.md', 'cost 5 minutes', 'lib/ipfs/source-score.ts', 'LIE_MS'],
    ['docs/reads.md', 'at most 16 levels', 'lib/ipld/file-dag.ts', 'MOST_LEVELS'],
    ['docs/reads.md', '200,000 links', 'lib/ipfs/file.ts', 'MOST_LINKS'],
    ['docs/reads.md', 'up to 8 MiB', 'lib/net/gathered-ranges.ts', 'MOST_BYTES'],
    ['docs/reads.md', 'up to 2 MiB', 'lib/ipfs/mirror.ts', 'MAX_SINGLE_BLOCK'],
    ['docs/reads.md', 'has 28 s', 'lib/http/time-limit.ts', 'MAX_MS'],
    ['docs/reads.md', '64 MiB of blocks', 'lib/services.ts', 'CACHE_BYTES'],
    ['docs/reads.md', '256 MiB on disk', 'lib/services.ts', 'DISK_CACHE_BYTES'],
    ['docs/reads.md', 'at most 5 redirects', 'lib/net/http.ts', 'MAX_REDIRECTS'],
    ['docs/reads.md', 'page of a search 10 MiB', 'lib/stac/web-documents.ts', 'MOST_OF_PAGE'],
    ['docs/contract.md', 'up to 20', 'lib/request/refusal.ts', 'MOST_FAULTS'],
    ['docs/contract.md', 'at most 5 s', 'lib/jobs/submit.ts', 'RESOLVE_MS'],
    ['docs/contract.md', 'lease of 60 s', 'lib/jobs/job.ts', 'LEASE_MS'],
    ['docs/contract.md', 'every 5 s', 'lib/jobs/lease.ts', 'BEAT_MS'],
    ['docs/jobs-and-events.md', 'at most 500', 'lib/events/items.ts', 'MOST_ITEMS'],
    ['docs/contract.md', 'delivered 5 times', 'lib/jobs/job.ts', 'MOST_RECEIVES'],
  ]

const units: Readonly<Record<string, number>> = {
  KiB: 1024,
  MiB: 1024 ** 2,
  s: 1000,
  minutes: 60_000,
}

/** `10,000 positions` is 10000, `4 MiB` 4194304, `28 s` 28000. */
function valueOf(phrase: string): number {
  const [, digits = '', unit = ''] = /(\d[\d,]*) ?(\w*)/.exec(phrase) ?? []
  return Number(digits.replaceAll(',', '')) * (units[unit] ?? 1)
}

/** A product or a power of whole numbers, as constants are written. */
function constantOf(file: string, name: string): number {
  const text = readFileSync(join(root, file), 'utf8')
  const written = new RegExp(`const ${name} = ([\\d_ *]+)$`, 'm').exec(text)?.[1]
  assert.ok(written, `${file} has no ${name}`)
  const [base = '', exponent] = written.split(' ** ')
  const factors = base.split(' * ').map((factor) => Number(factor.replaceAll('_', '')))
  const product = factors.reduce((all, factor) => all * factor, 1)
  return exponent === undefined ? product : product ** Number(exponent)
}

describe('a limit that the documents name', () => {
  for (const [document, phrase, file, name] of claims) {
    it(`${document}: ${phrase}`, () => {
      const text = documentAt(document).text.replaceAll(/\s+/g, ' ')
      assert.ok(text.includes(phrase), `${document} no longer says “${phrase}”`)
      const inSeconds = name.endsWith('SECONDS') ? 1000 : 1
      assert.equal(constantOf(file, name) * inSeconds, valueOf(phrase))
    })
  }
})
