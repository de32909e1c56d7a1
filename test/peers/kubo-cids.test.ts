// CIDs beside a real Kubo: files of every edge size, and the directory and CAR that a result becomes.

import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { importFile, type UnixFsProfile } from '../../lib/ipld/importer.ts'
import { noise } from '../harness/blocks.ts'
import { startKubo } from '../harness/kubo.ts'
import { skipWithoutKubo } from '../harness/peers.ts'

const KIB = 1024

/** Around every size at which a DAG changes its shape: one leaf, one more, a full node, one more level. */
const sizes: Readonly<Record<UnixFsProfile, readonly number[]>> = {
  'unixfs-v0-2015': [0, 1, 255, 256 * KIB - 1, 256 * KIB, 256 * KIB + 1, 174 * 256 * KIB + 1],
  'unixfs-v1-2025': [0, 1, 255, 1024 * KIB - 1, 1024 * KIB, 1024 * KIB + 1, 70 * 1024 * KIB + 3],
}

describe('a file packed here', () => {
  for (const [profile, lengths] of Object.entries(sizes)) {
    it(`has the CID of \`ipfs add\` under ${profile}`, async (t) => {
      if (skipWithoutKubo(t)) return
      await using node = await startKubo({ profiles: [profile] })
      const folder = await mkdtemp(join(tmpdir(), 'greenprint-add-'))
      try {
        await mkdir(folder, { recursive: true })
        for (const length of lengths) {
          const bytes = noise(length, 7)
          await writeFile(join(folder, 'file'), bytes)
          const added = (await node.ipfs('add', '-Q', join(folder, 'file'))).trim()
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the record
          const { root } = await importFile(bytes, profile as UnixFsProfile)
          assert.equal(root.toString(), added, `${length} bytes`)
        }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    })
  }
})
