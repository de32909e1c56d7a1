// What every object store must do, whatever keeps the bytes: run over the disk, the S3 stub and a real S3 server.

import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { GreenprintError } from '../../../lib/errors.ts'
import type { FileContent } from '../../../lib/store/file-content.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'

const signal = new AbortController().signal
const bytes = (text: string) => new TextEncoder().encode(text)

/**
 * `open` is asked for the store inside each test, so that it may be started in a `before` hook. Keys are never
 * reused.
 */
export function objectStoreSuite(name: string, open: () => ObjectStore): void {
  let keys = 0
  const freshKey = () => `suite/${++keys}/object.bin`

  suite(`an object store: ${name}`, () => {
    test('nothing is there before it is put', async () => {
      const key = freshKey()
      assert.equal(await open().get(key, signal), null)
      assert.equal(await open().getRange(key, 0, 1, signal), null)
      assert.equal(await open().getRange(key, 0, 0, signal), null)
      assert.equal(await open().size(key, signal), null)
    })

    test('what was put is what is got', async () => {
      const key = freshKey()
      const body = bytes('figure')
      const outcome = await open().put(key, body, { contentType: 'image/png' }, signal)
      const found = await open().get(key, signal)
      assert.deepEqual(found?.body, body)
      assert.deepEqual(outcome, { written: true, etag: found?.etag })
      assert.equal(await open().size(key, signal), 6)
    })

    test('an empty object is an object', async () => {
      const key = freshKey()
      await open().put(key, new Uint8Array(0), {}, signal)
      assert.equal((await open().get(key, signal))?.body.length, 0)
      assert.equal(await open().size(key, signal), 0)
      assert.equal((await open().getRange(key, 0, 0, signal))?.length, 0)
    })

    test('a range is exact, or null where it leaves the object', async () => {
      const key = freshKey()
      await open().put(key, bytes('0123456789'), {}, signal)
      assert.deepEqual(await open().getRange(key, 2, 3, signal), bytes('234'))
      assert.deepEqual(await open().getRange(key, 0, 10, signal), bytes('0123456789'))
      assert.equal((await open().getRange(key, 10, 0, signal))?.length, 0)
      assert.equal(await open().getRange(key, 8, 3, signal), null)
      assert.equal(await open().getRange(key, 10, 1, signal), null)
      assert.equal(await open().getRange(key, 11, 0, signal), null)
    })

    test('keys are listed in their order, folder by folder, from any place on', async () => {
      const folder = `suite/listed-${++keys}`
      const names = ['b/1', 'a-b', 'a/2', 'a/1', 'a.b', 'b/1-x', 'c/d/e', 'ab']
      for (const name of names) await open().put(`${folder}/${name}`, bytes(name), {}, signal)
      await open().put(`${folder}x/no`, bytes('of another folder'), {}, signal)
      const sorted = ['a-b', 'a.b', 'a/1', 'a/2', 'ab', 'b/1', 'b/1-x', 'c/d/e'].map(
        (name) => `${folder}/${name}`,
      )
      const list = (after: string | null, most: number) => open().list(folder, after, most, signal)
      assert.deepEqual(await list(null, 100), sorted)
      assert.deepEqual(await list(null, 3), sorted.slice(0, 3))
      for (const [at, key] of sorted.entries()) {
        assert.deepEqual(await list(key, 3), sorted.slice(at + 1, at + 4))
      }
      assert.deepEqual(await list(`${folder}/a/15`, 2), sorted.slice(3, 5))
      assert.deepEqual(await list(`${folder}/zz`, 2), [])
      assert.deepEqual(await open().list(`${folder}/none`, null, 9, signal), [])
      assert.deepEqual(await open().list(`${folder}/a-b`, null, 9, signal), [])
    })

    test('ifNoneMatch writes once', async () => {
      const key = freshKey()
      const first = await open().put(key, bytes('first'), { ifNoneMatch: '*' }, signal)
      const second = await open().put(key, bytes('second'), { ifNoneMatch: '*' }, signal)
      assert.equal(first.written, true)
      const same = await open().put(key, bytes('first'), { ifNoneMatch: '*' }, signal)
      assert.deepEqual(second, { written: false })
      assert.deepEqual(same, { written: false })
      assert.deepEqual((await open().get(key, signal))?.body, bytes('first'))
    })

    test('ifMatch writes over the version it names and no other', async () => {
      const key = freshKey()
      const first = await open().put(key, bytes('first'), {}, signal)
      assert.ok(first.written)
      const second = await open().put(key, bytes('second'), { ifMatch: first.etag }, signal)
      assert.ok(second.written)
      assert.notEqual(second.etag, first.etag)
      const stale = await open().put(key, bytes('third'), { ifMatch: first.etag }, signal)
      assert.deepEqual(stale, { written: false })
      assert.deepEqual((await open().get(key, signal))?.body, bytes('second'))
    })

    test('ifMatch does not write where nothing is', async () => {
      const first = await open().put(freshKey(), bytes('a'), {}, signal)
      assert.ok(first.written)
      const key = freshKey()
      const outcome = await open().put(key, bytes('b'), { ifMatch: first.etag }, signal)
      assert.deepEqual(outcome, { written: false })
      assert.equal(await open().get(key, signal), null)
    })

    test('of many writers that race under ifNoneMatch, one wins', async () => {
      const key = freshKey()
      await oneWins(open(), key, { ifNoneMatch: '*' })
    })

    test('of many writers that race under ifMatch, one wins', async () => {
      const key = freshKey()
      const first = await open().put(key, bytes('first'), {}, signal)
      assert.ok(first.written)
      await oneWins(open(), key, { ifMatch: first.etag })
    })

    test('a file in pieces is one object, under the same conditions', async () => {
      const key = freshKey()
      const content = pieces(['fig', '', 'ure'])
      const put = await open().putContent(key, content, { ifNoneMatch: '*' }, signal)
      assert.deepEqual(put, { written: true, etag: (await open().get(key, signal))?.etag })
      assert.deepEqual((await open().get(key, signal))?.body, bytes('figure'))
      const again = await open().putContent(key, pieces(['x']), { ifNoneMatch: '*' }, signal)
      assert.deepEqual(again, { written: false })
      assert.ok((await open().putContent(key, pieces(['x', 'y']), {}, signal)).written)
      assert.deepEqual((await open().get(key, signal))?.body, bytes('xy'))
    })

    test('a file that breaks off, or is not as long as it says, leaves nothing', async () => {
      const key = freshKey()
      async function* broken() {
        yield bytes('half')
        throw new TypeError('no more')
      }
      const half = { size: 9, pieces: broken }
      await assert.rejects(open().putContent(key, half, {}, signal))
      assert.equal(await open().get(key, signal), null)
      for (const size of [3, 7]) {
        await assert.rejects(
          open().putContent(key, { ...pieces(['figure']), size }, {}, signal),
          RangeError,
        )
        assert.equal(await open().get(key, signal), null)
      }
    })

    test('a copy is an object of its own', async () => {
      const [from, to] = [freshKey(), freshKey()]
      assert.equal(await open().copy(from, to, signal), false)
      assert.equal(await open().get(to, signal), null)
      await open().put(from, bytes('first'), {}, signal)
      await open().put(to, bytes('in its place'), {}, signal)
      for (let time = 0; time < 2; time++) {
        assert.equal(await open().copy(from, to, signal), true)
        assert.deepEqual((await open().get(to, signal))?.body, bytes('first'))
      }
      await open().put(from, bytes('second'), {}, signal)
      assert.deepEqual((await open().get(to, signal))?.body, bytes('first'))
      await open().remove(from, signal)
      assert.equal(await open().get(from, signal), null)
      assert.deepEqual((await open().get(to, signal))?.body, bytes('first'))
      await open().remove(from, signal)
    })

    test('a key cannot leave the store', async () => {
      const keys = [
        '',
        '/',
        '..',
        'a/../../b',
        './a',
        'a//b',
        '/a',
        'a/',
        'a b',
        'a\\b',
        'ä',
        '~tmp/a',
        'a\0b',
      ]
      for (const key of keys) {
        for (const attempt of [
          () => open().put(key, bytes('x'), {}, signal),
          () => open().get(key, signal),
          () => open().getRange(key, 0, 1, signal),
          () => open().size(key, signal),
          () => open().copy(key, 'a', signal),
          () => open().copy('a', key, signal),
          () => open().remove(key, signal),
        ]) {
          await assert.rejects(attempt, (error) => {
            assert.ok(error instanceof GreenprintError)
            assert.equal(error.code, 'store_failed')
            assert.match(error.message, /is not a valid key/)
            return true
          })
        }
      }
    })

    test('a caller who has given up gets their own reason, and nothing is written', async () => {
      const key = freshKey()
      const reason = new Error('gone home')
      const gone = AbortSignal.abort(reason)
      const same = (error: unknown) => error === reason
      await assert.rejects(open().put(key, bytes('x'), {}, gone), same)
      await assert.rejects(open().get(key, gone), same)
      await assert.rejects(open().getRange(key, 0, 1, gone), same)
      await assert.rejects(open().size(key, gone), same)
      await assert.rejects(open().putContent(key, pieces(['x']), {}, gone), same)
      await assert.rejects(open().copy(key, `${key}.copy`, gone), same)
      await assert.rejects(open().remove(key, gone), same)
      assert.equal(await open().get(key, signal), null)
    })
  })
}

function pieces(texts: readonly string[]): FileContent {
  const parts = texts.map(bytes)
  return {
    size: parts.reduce((sum, { length }) => sum + length, 0),
    async *pieces() {
      yield* parts
    },
  }
}

async function oneWins(
  store: ObjectStore,
  key: string,
  condition: { ifNoneMatch: '*' } | { ifMatch: string },
): Promise<void> {
  const bodies = Array.from({ length: 8 }, (_, writer) => bytes(`writer ${writer}`))
  const outcomes = await Promise.all(bodies.map((body) => store.put(key, body, condition, signal)))
  const winners = bodies.filter((_, writer) => outcomes[writer]?.written)
  assert.equal(winners.length, 1)
  assert.deepEqual((await store.get(key, signal))?.body, winners[0])
}
