// Room for large files in the making: what was written is read, memory is bounded, and nothing is left behind.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { openScratch } from '../../../../lib/store/disk/scratch.ts'
import { joinContents, memoryContent, readContent } from '../../../../lib/store/file-content.ts'
import { noise } from '../../../harness/blocks.ts'

const folder = await mkdtemp(join(tmpdir(), 'greenprint-'))
after(() => rm(folder, { recursive: true }))

const { signal } = new AbortController()
const [one, two, three] = [noise(700, 1), noise(2_500_000, 2), noise(1, 3)] as const
const all = Buffer.concat([one, two, three])

describe('a spool', () => {
  for (const mostHeld of [0, 700, 699, 2_500_700, Number.POSITIVE_INFINITY]) {
    it(`gives back what it took, with ${mostHeld} bytes of memory`, async () => {
      await using scratch = openScratch(folder, mostHeld)
      const spool = scratch.openSpool()
      for (const piece of [one, two, three]) await spool.append(piece)
      assert.equal(spool.size, all.length)
      assert.ok(all.equals(await readContent(spool, signal)))
      assert.ok(all.equals(await readContent(spool, signal)), 'a second time')
      await spool.append(one)
      assert.ok(
        Buffer.concat([all, one]).equals(await readContent(spool, signal)),
        'and after more',
      )
    })
  }

  it('has its file under no name, so that nothing is left whatever happens', async () => {
    await using scratch = openScratch(folder, 0)
    const spool = scratch.openSpool()
    await spool.append(two)
    assert.deepEqual(await readdir(folder), [])
    assert.ok(Buffer.from(two).equals(await readContent(spool, signal)))
  })

  it('gives its room in memory to the others once it lies in a file', async () => {
    await using scratch = openScratch(folder, 1000)
    const [first, second] = [scratch.openSpool(), scratch.openSpool()]
    await first.append(one)
    await first.append(one)
    await rm(folder, { recursive: true })
    // Held: the folder is gone, and making it anew would show.
    await second.append(one)
    await assert.rejects(readdir(folder), { code: 'ENOENT' })
    assert.ok(Buffer.concat([one, one]).equals(await readContent(first, signal)))
  })

  for (const mostHeld of [0, 1000]) {
    it(`neither takes nor gives when its scratch is closed, with ${mostHeld} bytes of memory`, async () => {
      const scratch = openScratch(folder, mostHeld)
      const spool = scratch.openSpool()
      await spool.append(one)
      await scratch[Symbol.asyncDispose]()
      await assert.rejects(spool.append(one), /scratch is closed/)
      await assert.rejects(readContent(spool, signal), /scratch is closed/)
    })
  }

  it('says what to do when there is no room to be had', async () => {
    const file = join(folder, 'a-file')
    await using scratch = openScratch(join(file, 'below'), 0)
    await mkdir(folder, { recursive: true })
    await writeFile(file, '')
    await assert.rejects(scratch.openSpool().append(one), { code: 'store_failed' })
  })
})

describe('reading', () => {
  it('ends between two pieces when nobody waits any more', async () => {
    await using scratch = openScratch(folder, 0)
    const spool = scratch.openSpool()
    await spool.append(two)
    const over = new AbortController()
    const pieces: number[] = []
    const read = async () => {
      for await (const piece of joinContents([spool, memoryContent(one)]).pieces(over.signal)) {
        pieces.push(piece.length)
        if (pieces.length === 2) over.abort(new Error('enough'))
      }
    }
    await assert.rejects(read(), /enough/)
    assert.deepEqual(pieces, [1_048_576, 1_048_576])
    await assert.rejects(readContent(memoryContent(one), over.signal), /enough/)
  })
})

describe('contents', () => {
  it('are joined in order', async () => {
    const joined = joinContents([one, two, three].map(memoryContent))
    assert.equal(joined.size, all.length)
    assert.ok(all.equals(await readContent(joined, signal)))
  })
})
