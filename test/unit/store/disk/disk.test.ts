// The disk store alone: what it leaves behind, what happens between processes, what it says when the disk refuses.

import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { GreenprintError } from '../../../../lib/errors.ts'
import { createDiskStore } from '../../../../lib/store/disk/disk.ts'
import { explainDiskFailure } from '../../../../lib/store/disk/disk-failure.ts'
import { objectStoreSuite } from '../object-store-suite.ts'

const signal = new AbortController().signal
const bytes = (text: string) => new TextEncoder().encode(text)

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'greenprint-disk-'))
})
after(() => rm(folder, { recursive: true, force: true }))

objectStoreSuite('disk', () => createDiskStore(join(folder, 'suite')))

/** Everything in the folder that is no object. */
async function remains(root: string): Promise<string[]> {
  const found: string[] = []
  for (const name of ['~tmp', '~locks']) {
    const entries = await readdir(join(root, name)).catch(() => [])
    found.push(...entries.map((entry) => `${name}/${entry}`))
  }
  return found
}

test('no temporary file and no lock remains, whether a put wins, loses or fails', async () => {
  const root = join(folder, 'tidy')
  const store = createDiskStore(root)
  await store.put('a', bytes('1'), {}, signal)
  await store.put('a', bytes('2'), { ifNoneMatch: '*' }, signal)
  await store.put('a', bytes('3'), { ifMatch: 'other' }, signal)
  await Promise.all([1, 2, 3].map(() => store.put('b', bytes('4'), { ifNoneMatch: '*' }, signal)))
  await mkdir(join(root, 'folder', 'inside'), { recursive: true })
  await assert.rejects(store.put('folder', bytes('5'), {}, signal), GreenprintError)
  await assert.rejects(store.put('a/below', bytes('6'), {}, signal), GreenprintError)
  assert.deepEqual(await remains(root), [])
})

test('a put that is given up in the middle leaves nothing', async () => {
  const root = join(folder, 'aborted')
  const store = createDiskStore(root)
  const controller = new AbortController()
  const reason = new Error('no time left')
  const put = store.put('big', new Uint8Array(64 * 1024 * 1024), {}, controller.signal)
  setTimeout(() => controller.abort(reason), 5)
  await assert.rejects(put, (error) => error === reason)
  assert.equal(await store.size('big', signal), null)
  assert.deepEqual(await remains(root), [])
})

test('a reader never sees half an object while it is replaced', async () => {
  const store = createDiskStore(join(folder, 'torn'))
  const versions = ['a', 'b'].map((letter) => bytes(letter.repeat(300_000)))
  const [first = new Uint8Array(0)] = versions
  await store.put('object', first, {}, signal)
  const writing = (async () => {
    for (let round = 0; round < 20; round++) {
      await store.put('object', versions[round % 2] ?? first, {}, signal)
    }
  })()
  for (let read = 0; read < 60; read++) {
    const found = await store.get('object', signal)
    assert.equal(found?.body.length, 300_000)
    assert.equal(new Set(found.body).size, 1)
  }
  await writing
})

test('two processes that race lose no update and share no creation', {
  timeout: 30_000,
}, async () => {
  const root = join(folder, 'raced')
  const rounds = 40
  const racers = [1, 2].map(() =>
    fork(new URL('./disk-racer.ts', import.meta.url), [root, String(rounds)]),
  )
  const exits = racers.map((racer) => once(racer, 'exit'))
  await Promise.all(racers.map((racer) => once(racer, 'message')))
  for (const racer of racers) racer.send('go')
  const ends = await Promise.all(racers.map((racer) => once(racer, 'message')))
  await Promise.all(exits)
  const created = ends.flatMap(([end]: { created: number[] }[]) => end?.created ?? [])
  assert.deepEqual(
    created.toSorted((a, b) => a - b),
    Array.from({ length: rounds }, (_, round) => round),
  )
  const counter = await readFile(join(root, 'counter'), 'utf8')
  assert.equal(Number(counter), 2 * rounds)
})

test('the lock of a writer that died is broken, not waited for without end', async () => {
  const root = join(folder, 'stale')
  const store = createDiskStore(root, 60)
  await store.put('a', bytes('1'), {}, signal)
  const lock = join(root, '~locks', createHash('sha256').update('a').digest('hex'))
  await writeFile(lock, 'a process that was killed')
  assert.ok((await store.put('a', bytes('2'), {}, signal)).written)
  assert.deepEqual((await store.get('a', signal))?.body, bytes('2'))
  assert.deepEqual(await remains(root), [])
})

test('a live lock is waited for, and the wait can be given up', async () => {
  const root = join(folder, 'locked')
  const store = createDiskStore(root)
  await store.put('a', bytes('1'), {}, signal)
  const lock = join(root, '~locks', createHash('sha256').update('a').digest('hex'))
  await writeFile(lock, 'another process')
  const reason = new Error('no time left')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 60)
  await assert.rejects(
    store.put('a', bytes('2'), {}, controller.signal),
    (error) => error === reason,
  )
  assert.equal(await readFile(lock, 'utf8'), 'another process')
  assert.deepEqual((await store.get('a', signal))?.body, bytes('1'))
})

test('what a killed process left half-written is swept away after an hour', async () => {
  const root = join(folder, 'swept')
  await mkdir(join(root, '~tmp'), { recursive: true })
  await writeFile(join(root, '~tmp', 'old'), 'half')
  await writeFile(join(root, '~tmp', 'young'), 'half')
  const twoHoursAgo = new Date(Date.now() - 2 * 60 * 60 * 1000)
  await utimes(join(root, '~tmp', 'old'), twoHoursAgo, twoHoursAgo)
  await createDiskStore(root).put('a', bytes('1'), {}, signal)
  assert.deepEqual(await readdir(join(root, '~tmp')), ['young'])
})

test('a disk that refuses is told in words, without its path', () => {
  for (const [code, words] of [
    ['ENOSPC', /full/],
    ['EACCES', /may not/],
    ['EROFS', /read-only/],
    ['EMFILE', /ulimit/],
    ['EIO', /EIO/],
  ] as const) {
    const thrown = Object.assign(new Error(`${code}: /home/me/x`), { code })
    const error = explainDiskFailure(thrown)
    assert.equal(error.code, 'store_failed')
    assert.match(error.message, words)
    assert.doesNotMatch(error.message, /home/)
  }
})

test('a folder that cannot be made is a store_failed', async () => {
  const file = join(folder, 'a-file')
  await writeFile(file, '')
  await assert.rejects(createDiskStore(join(file, 'below')).put('a', bytes('x'), {}, signal), {
    code: 'store_failed',
  })
})
