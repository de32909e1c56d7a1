// Kubo's own ways to fail: answers of 200 that hold nothing, and pins that no block proves.

import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { createKuboPublisher } from '../../../lib/publish/kubo.ts'
import { fakeKey, startFakeKubo } from '../../harness/publishing-fakes.ts'
import { readForm, type StubAnswer } from '../../harness/stub-service.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const root = upload.root.toString()
const other = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
const { service, cars } = await startFakeKubo()
after(() => service.stop())
beforeEach(() => cars.clear())
const http = createHttp({ allowedHosts: [], allowPrivate: false })
const times = { callMs: 500, mebibyteMs: 50, pauseMs: 5 }
const headers = { authorization: `Bearer ${fakeKey}` }
const make = (url = service.url) => createKuboPublisher({ url, headers }, http, systemClock, times)

/** The import answered so; the look before it is not disturbed. */
function answerImport(answer: StubAnswer | 'cut') {
  service.ills.push(undefined, answer)
  return make().publish(upload, signal)
}

const line = (value: object) => `${JSON.stringify(value)}\n`
const rootLine = (cid: string, PinErrorMsg = '') =>
  line({ Root: { Cid: { '/': cid }, PinErrorMsg } })
const json = { 'content-type': 'application/json' }

describe('an import', () => {
  it('is one file in a form, of the type of a CAR', async () => {
    assert.deepEqual(await make().publish(upload, signal), { status: 'held' })
    const request = service.requests.find(({ path }) => path === '/api/v0/dag/import')
    assert.ok(request !== undefined)
    const { file, fileHead } = readForm(request)
    assert.ok(file.equals(Buffer.from(upload.bytes)))
    assert.match(fileHead, /application\/vnd\.ipld\.car/)
    assert.equal(request.query.get('pin-roots'), 'true')
    assert.equal(request.headers['content-length'], String(request.body.length))
  })

  it('goes to an address that ends with the path of the API too', async () => {
    assert.deepEqual(await make(`${service.url}/api/v0`).publish(upload, signal), {
      status: 'held',
    })
  })

  const refusals: readonly (readonly [string, StubAnswer | 'cut', RegExp])[] = [
    [
      'whose pin failed, though it is answered 200',
      { headers: json, body: rootLine(root, 'block was not found locally (offline)') },
      /does not pin it: block was not found locally/,
    ],
    [
      'of another root',
      { headers: json, body: rootLine(other) },
      new RegExp(`imported ${other} instead of ${root}`),
    ],
    ['of two roots', { headers: json, body: rootLine(root) + rootLine(other) }, /instead of/],
    ['of no root', { headers: json, body: line({ Stats: { BlockCount: 0 } }) }, /imported no root/],
    [
      'that broke off in the stream',
      {
        headers: json,
        body: rootLine(root),
        trailers: { 'X-Stream-Error': 'unexpected EOF' },
      },
      /broke off the import: unexpected EOF/,
    ],
    [
      'of a CAR that was damaged on the way',
      { status: 500, body: { Message: 'mismatch in content integrity, expected a, got b' } },
      /refused \(HTTP 500\): mismatch in content integrity/,
    ],
    [
      'without a form',
      { status: 400, body: { Message: "file argument 'path' is required" } },
      /refused \(HTTP 400\): file argument/,
    ],
  ]
  for (const [name, answer, words] of refusals) {
    it(`${name} is not held`, async () => {
      // A fault of the server is tried again.
      if (answer !== 'cut' && (answer.status ?? 200) >= 500)
        service.ills.push(undefined, answer, answer)
      else service.ills.push(undefined, answer)
      await assert.rejects(make().publish(upload, signal), {
        code: 'publishing_failed',
        message: words,
      })
      service.ills.length = 0
    })
  }

  it('whose answer is cut is sent again, and then held', async () => {
    assert.deepEqual(await answerImport('cut'), { status: 'held' })
  })

  it('that the node repeats with our key in it is told without the key', async () => {
    const echo = { status: 400, body: { Message: `bad header Bearer ${fakeKey}` } }
    await assert.rejects(answerImport(echo), (error: Error) => !error.message.includes(fakeKey))
  })
})

describe('evidence', () => {
  it('is wanted of the pin', async () => {
    const none = { headers: json, body: '{"Keys":{}}' }
    service.ills.push(undefined, undefined, none, none, none)
    const receipt = await make().publish(upload, signal)
    assert.equal(receipt.status, 'unproven')
    assert.match(JSON.stringify(receipt), /does not list the pin/)
  })

  it('is wanted of each sample block', async () => {
    service.ills.push(undefined, undefined, undefined, { body: 'something else' })
    const receipt = await make().publish(upload, signal)
    assert.match(JSON.stringify(receipt), new RegExp(`unproven.*does not give block ${root} back`))
  })

  it('is the pin of a service that gives out no blocks', async () => {
    const none = { status: 404, body: 'not found' }
    service.ills.push(undefined, undefined, undefined, none)
    assert.deepEqual(await make().publish(upload, signal), { status: 'held' })
    cars.clear()
    service.ills.push(none, undefined, none, none, none, none)
    assert.equal((await make().publish(upload, signal)).status, 'unproven')
  })

  it('of an earlier upload is looked for first', async () => {
    await make().publish(upload, signal)
    const before = service.asked.length
    await make().publish(upload, signal)
    assert.ok(!service.asked.slice(before).some((asked) => asked.includes('import')))
  })
})
