// What is told of a node before it is decoded.

import assert from 'node:assert/strict'
import { it } from 'node:test'
import { beginsWithLinks, linksOf } from '../../../lib/ipld/unixfs.ts'
import { verifyBlock } from '../../../lib/ipld/verify.ts'
import { noise } from '../../harness/blocks.ts'
import { importFile } from '../../harness/import-dag.ts'

for (const profile of ['unixfs-v0-2015', 'unixfs-v1-2025'] as const) {
  it(`the first byte tells inner nodes from leaves (${profile})`, async () => {
    const { blocks } = await importFile(noise(3 * 1024 * 1024), profile)
    const told = blocks.map(({ cid, bytes }) => beginsWithLinks(cid, bytes))
    const linked = blocks.map(({ cid, bytes }) => linksOf(cid, verifyBlock(cid, bytes)!).length > 0)
    assert.deepEqual(told, linked)
    assert.equal(told.filter(Boolean).length, 1)
  })
}
