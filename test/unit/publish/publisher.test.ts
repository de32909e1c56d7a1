// The loop over publishers: in order, until enough of them hold the upload; a failure is an outcome.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import { type Publisher, publishUpload, type Receipt } from '../../../lib/publish/publisher.ts'
import { sampleFiles, uploadOf } from './sample-files.ts'

const signal = new AbortController().signal
const upload = await uploadOf(sampleFiles())
const cid = upload.root.toString()

function publisher(name: string, act: () => Promise<Receipt>, asked: string[] = []): Publisher {
  return {
    name,
    publish(given) {
      assert.equal(given, upload)
      asked.push(name)
      return act()
    },
  }
}

const holding = async () => ({ held: true })
const taken = async () => ({ held: false, href: 'ipfs://x', reason: 'no evidence' })
const failing = async () => {
  throw new GreenprintError('publishing_failed', 'The service is closed.')
}

test('publishers are asked in order until the minimum holds', async () => {
  const asked: string[] = []
  const publishers = ['a', 'b', 'c'].map((name) => publisher(name, holding, asked))
  assert.deepEqual(await publishUpload(upload, publishers, 2, signal), [
    { service: 'a', ok: true, held: true, cid },
    { service: 'b', ok: true, held: true, cid },
  ])
  assert.deepEqual(asked, ['a', 'b'])
})

test('a failure is told and the next one is asked', async () => {
  const publishers = [publisher('a', failing), publisher('b', holding)]
  assert.deepEqual(await publishUpload(upload, publishers, 1, signal), [
    { service: 'a', ok: false, held: false, reason: 'The service is closed.' },
    { service: 'b', ok: true, held: true, cid },
  ])
})

test('taken is not held: it does not count', async () => {
  const publishers = [publisher('a', taken), publisher('b', holding), publisher('c', failing)]
  assert.deepEqual(await publishUpload(upload, publishers, 1, signal), [
    { service: 'a', ok: true, cid, held: false, href: 'ipfs://x', reason: 'no evidence' },
    { service: 'b', ok: true, held: true, cid },
  ])
})

test('a caller who has given up is not told of failures, and nobody else is asked', async () => {
  const controller = new AbortController()
  const reason = new Error('no time left')
  const asked: string[] = []
  const slow = async () => {
    controller.abort(reason)
    return failing()
  }
  const publishers = [publisher('a', slow, asked), publisher('b', holding, asked)]
  await assert.rejects(
    publishUpload(upload, publishers, 1, controller.signal),
    (error) => error === reason,
  )
  assert.deepEqual(asked, ['a'])
})
