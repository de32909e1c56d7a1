// The loop over publishers: in order, until enough of them hold the upload; a failure is an outcome.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import type { Receipt } from '../../../lib/model/result.ts'
import { type Publisher, publishUpload } from '../../../lib/publish/publisher.ts'
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

const holding = async () => ({ status: 'held' }) as const
const taken = async () => ({ status: 'unproven', href: 'ipfs://x', reason: 'no evidence' }) as const
const failing = async () => {
  throw new GreenprintError('publishing_failed', 'The service is closed.')
}

test('publishers are asked in order until the minimum holds', async () => {
  const asked: string[] = []
  const publishers = ['a', 'b', 'c'].map((name) => publisher(name, holding, asked))
  assert.deepEqual(await publishUpload(upload, publishers, 2, signal), [
    { service: 'a', status: 'held', cid },
    { service: 'b', status: 'held', cid },
  ])
  assert.deepEqual(asked, ['a', 'b'])
})

test('a failure is told and the next one is asked', async () => {
  const publishers = [publisher('a', failing), publisher('b', holding)]
  assert.deepEqual(await publishUpload(upload, publishers, 1, signal), [
    { service: 'a', status: 'failed', reason: 'The service is closed.' },
    { service: 'b', status: 'held', cid },
  ])
})

test('taken is not held: it does not count', async () => {
  const publishers = [publisher('a', taken), publisher('b', holding), publisher('c', failing)]
  assert.deepEqual(await publishUpload(upload, publishers, 1, signal), [
    { service: 'a', cid, status: 'unproven', href: 'ipfs://x', reason: 'no evidence' },
    { service: 'b', status: 'held', cid },
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
