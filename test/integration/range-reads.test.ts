// A large COG read by rasterio (GDAL's /vsicurl, four threads, chunks of 10 MiB) from /ipfs: streamed, and redirected.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packDirectory } from '../../lib/publish/directory.ts'
import { memoryContent } from '../../lib/store/file-content.ts'
import { rasterioRequirement } from '../harness/rasterio.ts'
import { PYTHON, skipWithout } from '../harness/requires.ts'
import { startS3Stub } from '../harness/s3-stub.ts'
import { startSystem, type TestSystem } from '../harness/system.ts'

/** Pixels: 21 MB, of which every band of rows is two to three times a reply. */
const SIDE = Number(process.env['GREENPRINT_COG_SIDE'] ?? 2300)

const script = fileURLToPath(new URL('../fixtures/range_reads.py', import.meta.url))
const python = async (...args: readonly string[]) => {
  const { stdout } = await promisify(execFile)(PYTHON, ['-W', 'ignore', '-B', script, ...args])
  return stdout.trim()
}
const signal = new AbortController().signal
const folder = await mkdtemp(join(tmpdir(), 'greenprint-cog-'))
const path = join(folder, 'large.tif')
const s3 = await startS3Stub()
const local = await startSystem({})
const deployed = await startSystem({
  AWS_LAMBDA_FUNCTION_NAME: 'greenprint',
  S3_BUCKET: s3.bucket,
  S3_REGION: s3.account.region,
  S3_ENDPOINT: s3.endpoint,
  S3_ACCESS_KEY_ID: s3.account.accessKeyId,
  S3_SECRET_ACCESS_KEY: s3.account.secretAccessKey,
})
after(async () => {
  await local.close()
  await deployed.close()
  await s3.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Keeps the file as a result's file is kept. @returns its CID */
async function keep(file: Uint8Array<ArrayBuffer>, { services }: TestSystem): Promise<string> {
  const files = new Map([['large.tif', memoryContent(file)]])
  const { assets } = await packDirectory(files, services.store, 'made', signal)
  return assets['large']?.cid ?? ''
}

describe('rasterio reads a large COG by ranges', () => {
  for (const [name, system] of [
    ['streamed by the local system', local],
    ['redirected to a signed address where replies are bounded', deployed],
  ] as const) {
    it(name, { timeout: 300_000 }, async (t) => {
      if (skipWithout(t, rasterioRequirement)) return
      await python('make', path, String(SIDE))
      const file = new Uint8Array(await readFile(path))
      assert.ok(file.length > 4 * SIDE * SIDE)
      const cid = await keep(file, system)
      const asked = s3.requests.length
      const pixels = await python('read', `${system.base}/ipfs/${cid}?filename=large.tif`)
      assert.equal(pixels, await python('read', path))
      const whole = s3.requests.slice(asked).filter((line) => line.startsWith('GET files/'))
      assert.equal(whole.length > 0, system === deployed, 'large ranges come from the bucket')
    })
  }
})
