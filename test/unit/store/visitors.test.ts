// What lasts and what visitors leave, as two views of one store.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { memoryContent } from '../../../lib/store/file-content.ts'
import { createViews } from '../../../lib/store/visitors.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const signal = AbortSignal.timeout(10_000)
const bytes = (text: string) => new TextEncoder().encode(text)
const textOf = (body: Uint8Array | undefined) => body && new TextDecoder().decode(body)

it('visitors write apart, everybody reads both, and what lasts comes first', async () => {
  const objects = createMemoryStore()
  const { lasting, visiting } = createViews(objects)
  const read = async (key: string) => {
    const found = await Promise.all([lasting.get(key, signal), visiting.get(key, signal)])
    return found.map((object) => textOf(object?.body))
  }
  await visiting.put('blocks/a', bytes('theirs'), { ifNoneMatch: '*' }, signal)
  assert.deepEqual(await read('blocks/a'), ['theirs', 'theirs'])
  assert.equal(await objects.get('blocks/a', signal), null)
  assert.equal(await lasting.size('blocks/a', signal), 6)
  assert.deepEqual(await lasting.getRange('blocks/a', 2, 3, signal), bytes('eir'))
  // Nothing of theirs keeps what lasts from being written.
  const { written } = await lasting.put('blocks/a', bytes('ours'), { ifNoneMatch: '*' }, signal)
  assert.ok(written)
  assert.deepEqual(await read('blocks/a'), ['ours', 'ours'])
  await visiting.remove('blocks/a', signal)
  assert.deepEqual(await read('blocks/a'), ['ours', 'ours'])
})

it('lists are one list', async () => {
  const objects = createMemoryStore()
  const { lasting, visiting } = createViews(objects)
  for (const key of ['b', 'd', 'e']) await lasting.put(`days/${key}`, bytes(key), {}, signal)
  for (const key of ['a', 'c', 'e']) await visiting.put(`days/${key}`, bytes(key), {}, signal)
  const keys = ['days/a', 'days/b', 'days/c', 'days/d', 'days/e']
  assert.deepEqual(await lasting.list('days', null, 10, signal), keys)
  assert.deepEqual(await visiting.list('days', 'days/b', 2, signal), ['days/c', 'days/d'])
})

it('copies are made of either, on the side that asks', async () => {
  const objects = createMemoryStore()
  const { lasting, visiting } = createViews(objects)
  await visiting.putContent('files/a', memoryContent(bytes('theirs')), {}, signal)
  assert.equal(await visiting.copy('files/a', 'files/b', signal), true)
  assert.equal(await objects.get('files/b', signal), null)
  assert.equal(await lasting.copy('files/a', 'published/a', signal), true)
  assert.equal(textOf((await objects.get('published/a', signal))?.body), 'theirs')
  assert.equal(await lasting.copy('files/none', 'files/c', signal), false)
})

it('what is published is looked for where it stays alone', async () => {
  const objects = createMemoryStore()
  const asked: string[] = []
  const get: typeof objects.get = async (key, stop) => {
    asked.push(key)
    return objects.get(key, stop)
  }
  const { lasting, visiting } = createViews({ ...objects, get })
  assert.equal(await lasting.get('published/blocks/a', signal), null)
  assert.equal(await visiting.get('published/blocks/a', signal), null)
  assert.deepEqual(asked, ['published/blocks/a', 'published/blocks/a'])
})
