// Limits that the documents name, against the constants of the code: whoever changes one is told where it stands.
// Long: a table, a line for each limit.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { documentAt, root } from '../harness/markdown.ts'

/**
 * A phrase of a document, whose first number with its unit is the constant of a file: `NAME` of `const NAME = …`, else
 * the text before the number.
 */
type Claim = readonly [
  document: string,
  phrase: string,
  file: string,
  name: string,
  unit?: keyof typeof units,
]

const claims: readonly Claim[] = [
  ['docs/api.md', 'at most 1 MiB', 'lib/http/body-limit.ts', 'MAX_BODY'],
  ['docs/api.md', 'texts over 10 KiB', 'lib/http/compress.ts', 'MIN_BYTES'],
  ['docs/api.md', 'carries 4 MiB', 'lib/kept/whole-files.ts', 'MAX_REPLY'],
  ['docs/api.md', 'signed for 300 s', 'lib/store/s3/s3-presign.ts', 'SECONDS', 's'],
  ['docs/api.md', 'to 4096; `height`', 'lib/request/schema.ts', 'MOST_SIDE'],
  ['docs/api.md', '(default 20)', 'lib/request/schema.ts', '.max(50).default('],
  ['docs/api.md', 'in order, 200 at most', 'lib/stac/search-pages.ts', 'MAX_ITEMS'],
  ['docs/api.md', 'every ten minutes', 'lib/copies/access.ts', 'HOLDS_MS'],
  ['docs/api.md', 'cached for five minutes', 'lib/http/tiles.ts', "SOON_AGE = 'max-age=", 's'],
  ['docs/api.md', 'beyond 85.051129 degrees', 'lib/steps/map-extent.ts', 'MOST_LATITUDE'],
  ['docs/api.md', '`limit` (10;', 'lib/request/catalogue-search.ts', 'DEFAULT_PAGE'],
  ['docs/api.md', 'at most 250 come', 'lib/request/catalogue-search.ts', 'LONGEST_PAGE'],
  ['docs/api.md', 'at most 128 bytes', 'lib/ipld/hashes.ts', 'MAX_IDENTITY_BYTES'],
  ['docs/composite.md', 'than 40,960 columns', 'lib/steps/draw-bands.ts', 'MAX_WHOLE_COLS'],
  ['docs/composite.md', "worker's 900 s", 'lib/jobs/consume-queue.ts', 'MOST_MS'],
  ['docs/contract.md', 'up to 20', 'lib/request/refusal.ts', 'MOST_FAULTS'],
  ['docs/contract.md', 'at most 5 s', 'lib/jobs/submit.ts', 'RESOLVE_MS'],
  ['docs/contract.md', 'lease of 60 s', 'lib/jobs/job.ts', 'LEASE_MS'],
  ['docs/contract.md', 'every 5 s', 'lib/jobs/lease.ts', 'BEAT_MS'],
  ['docs/contract.md', 'delivered 5 times', 'lib/jobs/job.ts', 'MOST_RECEIVES'],
  ['docs/contract.md', 'after five seconds', 'lib/publish/publisher.ts', 'PATIENCE_MS'],
  ['docs/contract.md', 'results expire 30 days', 'infra/folders.ts', 'results: { days: ', 'days'],
  ['docs/contract.md', 'expire 30 days after', 'infra/folders.ts', 'jobs: { days: ', 'days'],
  ['docs/contract.md', 'after 7 days', 'infra/folders.ts', 'visitors: { days: ', 'days'],
  ['docs/contract.md', 'published there | 31 days', 'infra/folders.ts', 'files: { days: ', 'days'],
  ['docs/contract.md', 'of these | 31 days', 'infra/folders.ts', 'blocks: { days: ', 'days'],
  ['docs/jobs-and-events.md', 'at most 500', 'lib/events/items.ts', 'MOST_ITEMS'],
  ['docs/jobs-and-events.md', 'has 28 seconds', 'lib/http/time-limit.ts', 'MAX_MS'],
  ['docs/jobs-and-events.md', 'has 15 minutes', 'lib/jobs/consume-queue.ts', 'MOST_MS'],
  ['docs/jobs-and-events.md', 'for 30 days', 'infra/folders.ts', 'jobs: { days: ', 'days'],
  ['docs/jobs-and-events.md', 'for two minutes', 'lib/jobs/queue.ts', 'HIDDEN_MS'],
  ['docs/jobs-and-events.md', 'renews that each minute', 'lib/jobs/lease.ts', 'HOLD_MS'],
  ['docs/jobs-and-events.md', 'killed three times', 'lib/jobs/job.ts', 'MOST_KILLS'],
  ['docs/jobs-and-events.md', 'over 256 KiB', 'lib/jobs/result-notice.ts', 'MOST_BYTES'],
  ['docs/jobs-and-events.md', '64 MiB a scene', 'lib/steps/wanted-leaves.ts', 'MOST_BYTES'],
  ['docs/jobs-and-events.md', 'up to 100 pages', 'lib/events/sweep.ts', 'MAX_PAGES'],
  ['docs/limits.md', 'beyond 4,194,304 valid', 'lib/pixels/statistics.ts', 'EXACT_LIMIT'],
  ['docs/limits.md', 'from 65,536 bins', 'lib/pixels/value-bins.ts', 'FINE_BINS'],
  ['docs/limits.md', 'at most 1 MiB', 'lib/http/body-limit.ts', 'MAX_BODY'],
  ['docs/limits.md', '100 levels', 'lib/model/i-json.ts', 'MAX_DEPTH'],
  ['docs/limits.md', '10,000 positions', 'lib/geo/position-count.ts', 'MOST_POSITIONS'],
  ['docs/limits.md', 'and 28 s', 'lib/http/time-limit.ts', 'MAX_MS'],
  ['docs/limits.md', '1,000 names of an object', 'lib/model/json-shape.ts', 'MOST_NAMES_OF_ONE'],
  ['docs/limits.md', '50,000 in all', 'lib/model/json-shape.ts', 'MOST_NAMES'],
  ['docs/limits.md', 'at most 5 redirects', 'lib/net/http.ts', 'MAX_REDIRECTS'],
  ['docs/limits.md', '1 MiB for an item', 'lib/stac/page-text.ts', 'MOST_OF_ONE'],
  ['docs/limits.md', '1,000 assets', 'lib/stac/item.ts', 'MOST_ASSETS'],
  ['docs/limits.md', '10,000 positions is', 'lib/geo/position-count.ts', 'MOST_POSITIONS'],
  ['docs/limits.md', '10 MiB for a page', 'lib/stac/web-documents.ts', 'MOST_OF_PAGE'],
  ['docs/limits.md', 'it; 1,000 items)', 'lib/stac/page-text.ts', 'MOST_MEMBERS'],
  ['docs/limits.md', '15 s for each', 'lib/stac/web-documents.ts', 'totalMs: '],
  ['docs/limits.md', 'at most 4,096 px', 'lib/request/schema.ts', 'MOST_SIDE'],
  ['docs/limits.md', 'and 134,217,728 px', 'lib/steps/picture-grids.ts', 'MOST_PIXELS'],
  ['docs/limits.md', 'than 40,960 columns', 'lib/steps/draw-bands.ts', 'MAX_WHOLE_COLS'],
  ['docs/limits.md', 'at most 4 MiB', 'lib/kept/whole-files.ts', 'MAX_REPLY'],
  ['docs/limits.md', 'blocks over 2 MiB', 'lib/ipfs/gateway.ts', 'MAX_BLOCK_BYTES'],
  ['docs/limits.md', 'after 31 days', 'infra/folders.ts', 'files: { days: ', 'days'],
  ['docs/limits.md', 'token after 7', 'infra/folders.ts', 'visitors: { days: '],
  ['docs/limits.md', 'or above 2 (EPSG', 'lib/geo/crs/scale.ts', 'MOST'],
  ['docs/limits.md', 'over 64 MiB', 'lib/cog/codecs.ts', 'MAX_TILE_BYTES'],
  ['docs/limits.md', '(LERC: 4 MiB)', 'lib/cog/lerc.ts', 'MAX_LERC_BYTES'],
  ['docs/limits.md', 'than 4,000,000 tiles', 'lib/cog/tiff-image.ts', 'MAX_TILES'],
  ['docs/limits.md', 'at most 200,000 tiles', 'lib/pixels/window.ts', 'MAX_TILES'],
  ['docs/limits.md', 'at most 16 times', 'lib/cog/cog-writer.ts', 'MOST_PADDING'],
  ['docs/numbers.md', '32 MiB of packed', 'lib/pixels/qa-placement.ts', 'MAX_PACKED_BYTES'],
  ['docs/numbers.md', 'at least 21 points', 'lib/geo/projection.ts', 'DENSIFY'],
  ['docs/numbers.md', 'up to 4,194,304 valid', 'lib/pixels/statistics.ts', 'EXACT_LIMIT'],
  ['docs/numbers.md', 'cells of 512', 'lib/pixels/statistics.ts', 'CELL'],
  ['docs/numbers.md', 'at most 1,024 px', 'lib/steps/draw-rasters.ts', 'PICTURE_SIZE'],
  ['docs/numbers.md', 'tiles of 512', 'lib/cog/cog-layout.ts', 'TILE'],
  ['docs/operate.md', 'kept for two weeks', 'infra/places.ts', 'WEEKS_2', 's'],
  ['docs/operate.md', 'after five deliveries', 'lib/jobs/job.ts', 'MOST_RECEIVES'],
  ['docs/reads.md', 'at most 128 bytes', 'lib/ipld/hashes.ts', 'MAX_IDENTITY_BYTES'],
  ['docs/reads.md', 'block than 2 MiB', 'lib/ipfs/gateway.ts', 'MAX_BLOCK_BYTES'],
  ['docs/reads.md', '500 ms at least', 'lib/ipfs/prefetch.ts', 'FIRST_BYTE_MS'],
  ['docs/reads.md', 'for five minutes', 'lib/ipfs/car-standing.ts', 'WRONG_MS'],
  ['docs/reads.md', 'costs a second', 'lib/ipfs/car-standing.ts', 'FIRST_REST_MS'],
  ['docs/reads.md', 'gaps of 256 KiB', 'lib/ipfs/range-gatherer.ts', 'GAP_BYTES'],
  ['docs/reads.md', 'at most 6 of them', 'lib/ipfs/range-gatherer.ts', 'MOST_SPANS'],
  ['docs/reads.md', 'them, 4 MiB in all', 'lib/ipfs/range-gatherer.ts', 'MOST_BYTES'],
  ['docs/reads.md', 'At most 8 requests', 'lib/ipfs/race.ts', 'MOST_PER_SOURCE'],
  ['docs/reads.md', '32 per mirror', 'lib/ipfs/race.ts', 'MOST_PER_MIRROR'],
  ['docs/reads.md', '16 blocks in flight', 'lib/ipfs/blocks.ts', 'MOST_IN_FLIGHT'],
  ['docs/reads.md', 'cost 5 minutes', 'lib/ipfs/source-score.ts', 'LIE_MS'],
  ['docs/reads.md', 'refused three times', 'lib/ipfs/source-score.ts', 'REFUSALS'],
  ['docs/reads.md', '10 s to the first byte', 'lib/ipfs/gateway.ts', 'firstByteMs: '],
  ['docs/reads.md', '4 s for a stall', 'lib/ipfs/gateway.ts', 'stallMs: '],
  ['docs/reads.md', '20 s for a block', 'lib/ipfs/gateway.ts', 'totalMs: '],
  ['docs/reads.md', '60 s for a range of a mirror', 'lib/copies/http-copy.ts', 'RANGE_MS'],
  ['docs/reads.md', 'at most 16 levels', 'lib/ipld/file-dag.ts', 'MOST_LEVELS'],
  ['docs/reads.md', '200,000 links', 'lib/ipfs/file.ts', 'MOST_LINKS'],
  ['docs/reads.md', 'at most 16, along', 'lib/ipfs/resolve-path.ts', 'MAX_SYMLINKS'],
  ['docs/reads.md', 'at most 256 names', 'lib/ipfs/resolve-path.ts', 'MAX_STEPS'],
  ['docs/reads.md', 'up to 8 MiB', 'lib/net/gathered-ranges.ts', 'MOST_BYTES'],
  ['docs/reads.md', 'While two requests', 'lib/ipfs/mirror.ts', 'AT_ONCE'],
  ['docs/reads.md', 'up to 2 MiB', 'lib/ipfs/mirror.ts', 'MAX_SINGLE_BLOCK'],
  ['docs/reads.md', 'reads 8 ranges', 'lib/net/sockets.ts', 'first: '],
  ['docs/reads.md', 'under way, up to 32', 'lib/net/sockets.ts', 'most: '],
  ['docs/reads.md', 'has 28 s', 'lib/http/time-limit.ts', 'MAX_MS'],
  ['docs/reads.md', 'a job 15 minutes', 'lib/jobs/consume-queue.ts', 'MOST_MS'],
  ['docs/reads.md', 'less one second', 'lib/async/time-limit.ts', 'MARGIN_MS'],
  ['docs/reads.md', '64 MiB of blocks', 'lib/services.ts', 'CACHE_BYTES'],
  ['docs/reads.md', '256 MiB on disk', 'lib/services.ts', 'DISK_CACHE_BYTES'],
  ['docs/reads.md', 'at most 5 redirects', 'lib/net/http.ts', 'MAX_REDIRECTS'],
  ['docs/reads.md', 'item has at most 1 MiB', 'lib/stac/page-text.ts', 'MOST_OF_ONE'],
  ['docs/reads.md', 'page of a search 10 MiB', 'lib/stac/web-documents.ts', 'MOST_OF_PAGE'],
  ['docs/reads.md', 'each 15 s', 'lib/stac/web-documents.ts', 'totalMs: '],
  ['docs/reads.md', 'root and ten minutes', 'lib/ipfs/providers.ts', 'REMEMBERED_MS'],
  ['docs/reads.md', 'at most 2 s, off', 'lib/ipfs/router.ts', 'MOST_MS'],
  ['docs/reads.md', 'At most four of the hosts', 'lib/ipfs/providers.ts', 'MOST_PROVIDERS'],
  ['docs/reads.md', 'at most four in an item', 'lib/steps/resolve-names.ts', 'MOST_NAMES'],
  ['docs/reads.md', 'at most four of them', 'lib/steps/find-scene.ts', 'MOST_NAMED'],
  ['docs/reads.md', 'Up to four gateways', 'lib/ipfs/names.ts', 'MOST_ASKED'],
  ['docs/reads.md', 'until two have', 'lib/ipfs/names.ts', 'ENOUGH'],
  ['docs/reads.md', 'at most 8 MiB a request', 'lib/ipfs/kept-reads.ts', 'MOST_HELD'],
  ['docs/reads.md', 'at most 64 MiB a request', 'lib/ipfs/kept-reads.ts', 'MOST_ON_DISK'],
  ['docs/scenes.md', 'up to eight ranges', 'lib/copies/read-whole.ts', 'MOST_AT_ONCE'],
  ['docs/scenes.md', 'ranges of 8 MiB', 'lib/services.ts', 'BUFFER_BYTES'],
  ['docs/series.md', 'has at most 1 MiB', 'lib/http/body-limit.ts', 'MAX_BODY'],
  ['docs/series.md', 'up to 1,000 areas', 'lib/request/read-series.ts', 'MOST_ZONES'],
  ['docs/series.md', 'at most 5,000 rows', 'lib/http/series-reply.ts', 'MOST_ROWS'],
  ['docs/series.md', 'at most 366 scenes', 'lib/steps/find-observations.ts', 'MOST_SCENES'],
  ['docs/series.md', 'and 1,000 zones', 'lib/request/read-series.ts', 'MOST_ZONES'],
  ['docs/series.md', 'at most 18,300', 'lib/steps/group-observations.ts', 'MOST_INTERVALS'],
  ['docs/series.md', 'and 366,000 rows', 'lib/steps/group-observations.ts', 'MOST_ROWS'],
  ['docs/series.md', 'at most 40,000,000 pixels', 'lib/pixels/count-zones.ts', 'MOST_VALUES'],
  ['docs/server.md', 'after 5 deliveries', 'lib/jobs/job.ts', 'MOST_RECEIVES'],
  ['docs/server.md', 'at most 1 MiB', 'lib/http/server-events.ts', 'MOST_BYTES'],
  ['docs/server.md', 'within 25 seconds', 'lib/local/server-process.ts', 'MOST_ENDING_MS'],
  ['docs/server.md', 'after two minutes', 'lib/jobs/queue.ts', 'HIDDEN_MS'],
  ['docs/verify.md', 'up to 256 MiB', 'lib/services.ts', 'DISK_CACHE_BYTES'],
  ['docs/verify.md', 'for 30 days', 'infra/folders.ts', 'beside: { days: ', 'days'],
]

const units = {
  KiB: 1024,
  MiB: 1024 ** 2,
  ms: 1,
  s: 1000,
  second: 1000,
  seconds: 1000,
  minute: 60_000,
  minutes: 60_000,
  days: 86_400_000,
  weeks: 7 * 86_400_000,
} as const

const words: Readonly<Record<string, number>> = {
  a: 1,
  each: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  eight: 8,
  ten: 10,
}

/** `10,000 positions` is 10000, `4 MiB` 4194304, `28 s` 28000, `two minutes` 120000. */
function valueOf(phrase: string): number {
  const digits = /(\d[\d,.]*) ?(\w*)/.exec(phrase)
  const word = /\b(a|each|one|two|three|four|five|eight|ten) (\w+)/.exec(phrase)
  const [, number = '', unit = ''] = digits ?? word ?? []
  const value = words[number] ?? Number(number.replaceAll(',', ''))
  return value * unitOf(unit)
}

function unitOf(name: string): number {
  return Object.entries(units).find(([unit]) => unit === name)?.[1] ?? 1
}

/** A product of numbers and powers of whole numbers, as constants are written. */
function constantOf(file: string, name: string): number {
  const text = readFileSync(join(root, file), 'utf8')
  const before = /^[A-Z][A-Z\d_]*$/.test(name) ? `const ${name} = ` : name
  const written = text
    .split(before)
    .slice(1)
    .map((rest) => /^\d[\d_.]*(?: \*\*? \d[\d_.]*)*/.exec(rest)?.[0])
    .find((found) => found !== undefined)
  assert.ok(written, `${file} has no ${name}`)
  return written
    .replaceAll('_', '')
    .split(' * ')
    .map((factor) => factor.split(' ** ').map(Number))
    .reduce((product, [base = NaN, exponent = 1]) => product * base ** exponent, 1)
}

describe('a limit that the documents name', () => {
  for (const [document, phrase, file, name, unit = ''] of claims) {
    it(`${document}: ${phrase}`, () => {
      const text = documentAt(document).text.replaceAll(/\s+/g, ' ')
      assert.ok(text.includes(phrase), `${document} no longer says “${phrase}”`)
      assert.equal(constantOf(file, name) * unitOf(unit), valueOf(phrase))
    })
  }
})
