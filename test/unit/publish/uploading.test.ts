// What Pinata and Filebase have of their own: plans, imports that take their time, uploads in pieces.

import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { createFilebasePublisher, MOST_WHOLE } from '../../../lib/publish/filebase.ts'
import { createPinataPublisher, MOST_FORM_BYTES } from '../../../lib/publish/pinata.ts'
import type { Upload } from '../../../lib/publish/upload.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'
import { MemoryBlocks, noise } from '../../harness/blocks.ts'
import { startGateway } from '../../harness/gateway.ts'
import { fakeKey, startFakeFilebase, startFakePinata } from '../../harness/publishing-fakes.ts'
import { page, readForm } from '../../harness/stub-service.ts'
import { carOfBytes, sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const root = upload.root.toString()
const other = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const http = createHttp({ allowedHosts: [], allowPrivate: false })
const times = { callMs: 2_000, mebibyteMs: 50, pauseMs: 5 }
const fails = (message: RegExp) => ({ code: 'publishing_failed', message })

describe('Pinata', async () => {
  const { service, cars } = await startFakePinata()
  const blocks = new MemoryBlocks()
  const gateway = await startGateway(blocks)
  after(async () => {
    await service.stop()
    await gateway.close()
  })
  const make = (own: string | null = null) =>
    createPinataPublisher(
      { jwt: fakeKey, gateway: own === null ? null : { url: own, headers: {} } },
      http,
      systemClock,
      times,
      { api: service.url, uploads: service.url },
    )

  const publishes = () => make().publish(upload, signal)

  it('is sent a form for public IPFS, marked as a CAR', async () => {
    assert.deepEqual(await make().publish(upload, signal), { status: 'held' })
    const request = service.requests.find(
      ({ method, path }) => method === 'POST' && path === '/files',
    )
    assert.ok(request !== undefined)
    assert.deepEqual(readForm(request).fields, {
      network: 'public',
      car: 'true',
      name: `${root}.car`,
    })
  })

  it('whose plan takes no CARs says so', async () => {
    for (const status of [402, 403]) {
      cars.clear()
      const error = { error: { code: status, message: 'CAR uploads are for paid accounts' } }
      service.ills.push(undefined, { status, body: error })
      const words = new RegExp(
        `does not take the CAR \\(HTTP ${status}\\), .*plan that is paid for`,
      )
      await assert.rejects(make().publish(upload, signal), fails(words))
    }
  })

  it('behind a proxy that shows a page for the upload alone says so, without the page', async () => {
    cars.clear()
    service.ills.push(undefined, { ...page, status: 403 })
    await assert.rejects(publishes(), ({ message }: Error) => {
      assert.match(message, /answered with a web page \(HTTP 403\)/)
      assert.doesNotMatch(message, /<|plan/)
      return true
    })
  })

  it('that answers 200 with an error inside has failed', async () => {
    cars.clear()
    service.ills.push(undefined, { body: { error: { code: 500, message: 'CAR has no root' } } })
    await assert.rejects(publishes(), fails(/without the CID of the upload: CAR has no root/))
  })

  it('whose answer to the upload is cut is sent it again, and holds it', async () => {
    cars.clear()
    service.ills.push(undefined, 'cut')
    assert.deepEqual(await publishes(), { status: 'held' })
  })

  it('that registers another root, or tells none, has failed', async () => {
    cars.clear()
    service.ills.push(undefined, { body: { data: { cid: other } } })
    await assert.rejects(make().publish(upload, signal), fails(/registered .* instead of/))
    service.ills.push(undefined, { body: { data: {} } })
    await assert.rejects(make().publish(upload, signal), fails(/without the CID/))
  })

  it('that does not list it is unproven', async () => {
    cars.clear()
    const empty = { body: { data: { files: [] } } }
    service.ills.push(empty, { body: { data: { cid: root } } }, empty, empty, empty, empty)
    const receipt = await make().publish(upload, signal)
    assert.match(JSON.stringify(receipt), /unproven.*does not list it yet/)
  })

  it('is believed once its own gateway serves the blocks', async () => {
    cars.clear()
    const receipt = await make(gateway.url).publish(upload, signal)
    assert.match(JSON.stringify(receipt), /unproven.*gateway does not serve/)
    for (const { cid, offset, length } of upload.sampleBlocks) {
      blocks.put(cid, upload.bytes.slice(offset, offset + length))
    }
    assert.deepEqual(await make(gateway.url).publish(upload, signal), { status: 'held' })
  })

  it('takes a large CAR in pieces, and goes on where it broke off', async () => {
    cars.clear()
    const car = new Uint8Array(MOST_FORM_BYTES + 1000)
    car.set(upload.bytes)
    // The bytes behind the CAR make it no CAR: the fake is told the root of what it took.
    const large: Upload = { ...upload, car: carOfBytes(car) }
    service.ills.push(undefined, undefined, undefined, 'reset', undefined, undefined, undefined)
    const before = service.asked.length
    await make()
      .publish(large, signal)
      .catch(() => undefined)
    const patches = service.requests.slice(before).filter(({ method }) => method === 'PATCH')
    const sent = patches.map(({ headers, body }) => [Number(headers['upload-offset']), body.length])
    const piece = 32 * 1024 * 1024
    assert.deepEqual(sent, [
      [0, piece],
      [piece, piece],
      [piece, piece],
      [2 * piece, car.length - 2 * piece],
    ])
    for (const { headers, body } of patches) {
      const from = Number(headers['upload-offset'])
      assert.ok(body.equals(car.subarray(from, from + body.length)), String(from))
    }
    const begin = service.requests[before + 1]
    assert.equal(begin?.headers['upload-length'], String(car.length))
    const metadata = String(begin?.headers['upload-metadata']).split(',')
    assert.ok(metadata.includes(`car ${Buffer.from('true').toString('base64')}`))
    assert.ok(metadata.includes(`network ${Buffer.from('public').toString('base64')}`))
  })
})

describe('Filebase', async () => {
  const fake = await startFakeFilebase()
  const { service } = fake
  after(() => service.stop())
  const publish = (bucket = 'maps') =>
    createFilebasePublisher(
      { key: fakeKey, secret: 'secret-of-filebase', bucket },
      systemClock,
      times,
      service.url,
    ).publish(upload, signal)
  const object = (cid: string) => ({ headers: { etag: '"1"', 'x-amz-meta-cid': cid } })

  it('is asked until the object carries its CID', async () => {
    fake.looksUntilImported = 3
    assert.deepEqual(await publish(), { status: 'held' })
    const heads = service.asked.filter((line) => line.startsWith('HEAD'))
    assert.equal(heads.length, 5)
  })

  it('that has not imported it after five looks is unproven', async () => {
    service.ills.push({ status: 404 }, { headers: { etag: '"1"' } })
    for (let look = 0; look < 5; look++) service.ills.push({ headers: { etag: '"1"' } })
    assert.match(JSON.stringify(await publish()), /unproven.*not imported the CAR yet/)
  })

  it('whose answer to the upload is lost is looked at again', async () => {
    service.ills.push({ status: 404 }, 'reset')
    assert.deepEqual(await publish(), { status: 'held' })
  })

  it('is put a large CAR in parts, and told by the first that it is one', async () => {
    const files = new Map([['ndvi.tif', memoryContent(noise(MOST_WHOLE + 5_000_000))]])
    const large = await uploadOf(files)
    const { key, bucket } = { key: fakeKey, bucket: 'maps' }
    const config = { key, secret: 'secret-of-filebase', bucket }
    const publisher = createFilebasePublisher(config, systemClock, times, service.url)
    service.ills.push(undefined, undefined, 'reset')
    assert.deepEqual(await publisher.publish(large, signal), { status: 'held' })
    assert.ok(fake.cars.get(large.root.toString())?.equals(large.bytes))
    assert.equal(fake.uploads.size, 0, 'an upload that broke off is ended')
  })

  it('that imported another root has failed', async () => {
    service.ills.push({ status: 404 }, { headers: { etag: '"1"' } }, object(other))
    await assert.rejects(publish(), fails(/imported .* instead of/))
  })

  it('without the bucket says so', async () => {
    await assert.rejects(publish('other'), fails(/has no bucket "other": correct FILEBASE_BUCKET/))
  })
})
