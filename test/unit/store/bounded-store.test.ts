// A store on disk that stays within its bound: caches and what is oldest go first, what is published and records stay.

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { createBoundedStore } from '../../../lib/store/disk/bounded-store.ts'
import { createDiskStore } from '../../../lib/store/disk/disk.ts'
import type { ObjectStore } from '../../../lib/store/objects.ts'

const signal = AbortSignal.timeout(20_000)
const KIB = 1024
const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true }))

/** Files `under` a folder with their ages: the first is the oldest. */
async function fill(store: ObjectStore, root: string, under: string, count: number, from: number) {
  for (let n = 0; n < count; n++) {
    await store.put(`${under}/n${n}`, new Uint8Array(4 * KIB), {}, signal)
    await utimes(join(root, under, `n${n}`), from + n, from + n)
  }
}

async function left(root: string, under: string): Promise<string[]> {
  return (await readdir(join(root, under)).catch(() => [])).toSorted((a, b) => a.localeCompare(b))
}

async function bytesIn(root: string): Promise<number> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe('a bounded store', () => {
  it('gives up caches before results, the oldest first, and nothing that is published', async () => {
    const root = await mkdtemp(join(folder, 'store-'))
    const plain = createDiskStore(root)
    await fill(plain, root, 'blocks', 8, 1000)
    await fill(plain, root, 'published/root', 8, 1000)
    await fill(plain, root, 'results', 8, 1000)
    await fill(plain, root, 'read', 8, 3000)
    await fill(plain, root, 'visitors/blocks', 8, 2000)
    // 100 KiB of 96 once the next is there; what is left is at most 84.
    const bounded = createBoundedStore(plain, root, 96 * KIB)
    await bounded.put('blocks/new', new Uint8Array(4 * KIB), {}, signal)
    assert.deepEqual(await left(root, 'visitors/blocks'), ['n4', 'n5', 'n6', 'n7'])
    assert.equal((await left(root, 'read')).length, 8)
    assert.equal((await left(root, 'blocks')).length, 9)
    // A smaller bound reaches the results.
    const smaller = createBoundedStore(plain, root, 32 * KIB)
    await smaller.put('results/another', new Uint8Array(10), {}, signal)
    assert.deepEqual(await left(root, 'visitors/blocks'), [])
    assert.deepEqual(await left(root, 'read'), [])
    assert.deepEqual(await left(root, 'blocks'), ['n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'new'])
    assert.equal((await left(root, 'published/root')).length, 8)
    assert.equal((await left(root, 'results')).length, 9)
  })

  it('stays within it however much is written', async () => {
    const root = await mkdtemp(join(folder, 'store-'))
    const bounded = createBoundedStore(createDiskStore(root), root, 256 * KIB)
    for (let n = 0; n < 200; n++) {
      await bounded.put(`visitors/blocks/n${n}`, new Uint8Array(8 * KIB), {}, signal)
    }
    const bytes = await bytesIn(root)
    assert.ok(bytes <= 256 * KIB * (1 + 1 / 16), String(bytes))
    assert.ok(bytes >= 128 * KIB, String(bytes))
    assert.notEqual(await bounded.get('visitors/blocks/n199', signal), null)
    assert.equal(await bounded.get('visitors/blocks/n0', signal), null)
  })
})
