// Records: JSON documents by key, and what is said of one that is damaged.

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createDiskStore } from '../../../lib/store/disk/disk.ts'
import { createRecordStore } from '../../../lib/store/records.ts'

const signal = new AbortController().signal
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true, force: true }))

const objects = createDiskStore(folder)
const records = createRecordStore(objects)

describe('a record', () => {
  it('comes back as it was put, letters of every kind included', async () => {
    const value = { a: 1, text: 'Solimões 🌿', list: [null, true, { b: -0.5 }], empty: {} }
    await records.put('results/abc', value, signal)
    assert.deepEqual(await records.get('results/abc', signal), value)
  })

  it('is replaced by the next one under its key', async () => {
    await records.put('replaced', { version: 1 }, signal)
    await records.put('replaced', { version: 2 }, signal)
    assert.deepEqual(await records.get('replaced', signal), { version: 2 })
  })

  it('is null where nothing is', async () => {
    assert.equal(await records.get('results/nobody', signal), null)
  })

  it('is an object of its own, JSON by name and by content', async () => {
    await records.put('a/b', { c: 1 }, signal)
    assert.equal(await readFile(join(folder, 'a', 'b.json'), 'utf8'), '{"c":1}')
  })

  it('is told to the store as JSON', async () => {
    const types: (string | undefined)[] = []
    const watching = createRecordStore({
      ...objects,
      async put(key, body, options, stop) {
        types.push(options.contentType)
        return objects.put(key, body, options, stop)
      },
    })
    await watching.put('typed', {}, signal)
    assert.deepEqual(types, ['application/json'])
  })

  it('under a key that climbs is refused', async () => {
    for (const key of ['../outside', 'a/../../b', '/etc/passwd', 'a//b', 'a b']) {
      await assert.rejects(records.put(key, {}, signal), { code: 'store_failed' }, key)
      await assert.rejects(records.get(key, signal), { code: 'store_failed' }, key)
    }
  })
})

describe('a record that is written on a condition', () => {
  it('is made once', async () => {
    assert.equal(await records.putIf('once', { a: 1 }, { ifNoneMatch: '*' }, signal), true)
    assert.equal(await records.putIf('once', { a: 2 }, { ifNoneMatch: '*' }, signal), false)
    assert.deepEqual(await records.get('once', signal), { a: 1 })
  })

  it('replaces the version that was found, and no other', async () => {
    await records.put('version', { a: 1 }, signal)
    const first = await records.find('version', signal)
    assert.deepEqual(first?.value, { a: 1 })
    const ifMatch = first?.etag ?? ''
    assert.equal(await records.putIf('version', { a: 2 }, { ifMatch }, signal), true)
    assert.equal(await records.putIf('version', { a: 3 }, { ifMatch }, signal), false)
    assert.deepEqual(await records.get('version', signal), { a: 2 })
    assert.equal(await records.find('nowhere', signal), null)
  })
})

describe('a damaged record is a fault that names its key and not its content', () => {
  const rows = [
    ['cut short', '{"root":"SECRET'],
    ['empty', ''],
    ['a list', '["SECRET"]'],
    ['a text', '"SECRET"'],
    ['null', 'null'],
    ['bytes that are no UTF-8', '\u00ff\u00fe'],
  ] as const
  for (const [name, text] of rows) {
    it(name, async () => {
      await objects.put('damaged.json', Buffer.from(text, 'latin1'), {}, signal)
      await assert.rejects(records.get('damaged', signal), (error: Error) => {
        assert.equal(error.message, 'The record damaged in the store is damaged.')
        assert.ok('code' in error && error.code === 'store_failed')
        return true
      })
    })
  }
})
