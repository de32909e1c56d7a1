// CIDs beside a real Kubo: made files of every edge size, and every GeoTIFF of the tests.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fileCid, type UnixFsProfile } from '../../lib/ipld/importer.ts'
import { noise } from '../harness/blocks.ts'
import { importFile } from '../harness/import-dag.ts'
import { startKubo } from '../harness/kubo.ts'
import { kuboRpc } from '../harness/kubo-rpc.ts'
import { kubo, skipWithoutKubo } from '../harness/peers.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Leaves of one profile, of the other, several of either, and one node of 174 leaves of 256 KiB: each and around. */
const edges = [256 * KIB, 512 * KIB, MIB, 2 * MIB, 4 * MIB, 174 * 256 * KIB]
const around = edges.flatMap((edge) => [edge - 1, edge, edge + 1])
const lengths = [0, 1, 2, 255, 256, ...around, 10 * MIB + 3, 70 * MIB + 3]

interface File {
  readonly name: string
  readonly bytes: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>
}

const made: readonly File[] = [
  ...lengths.map((length) => ({ name: `${length} bytes`, bytes: () => noise(length, 7) })),
  // Every leaf is the same block.
  ...[MIB, 3 * MIB + 1, 50 * MIB].map((length) => ({
    name: `${length} zeros`,
    bytes: () => new Uint8Array(length),
  })),
]

async function geotiffs(): Promise<File[]> {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const files: File[] = []
  for await (const name of glob(['test/fixtures/**/*.tif', 'lib/**/*.tif'], { cwd })) {
    const bytes = async () => new Uint8Array(await readFile(join(cwd, name)))
    files.push({ name, bytes })
  }
  return files
}

const profiles: readonly UnixFsProfile[] = ['unixfs-v0-2015', 'unixfs-v1-2025']

describe('a file packed here', () => {
  for (const profile of profiles) {
    it(`has the CID of \`ipfs add\` under ${profile}`, { timeout: 180_000 }, async (t) => {
      if (skipWithoutKubo(t)) return
      await using node = await startKubo({ profiles: [profile] })
      const rpc = kuboRpc(node)
      const files = [...made, ...(await geotiffs())]
      assert.ok(files.length >= 102, `${files.length} files`)
      for (const { name, bytes } of files) {
        const file = await bytes()
        const [added, { root }] = await Promise.all([
          rpc.add(file, ['only-hash=true']),
          importFile(file, profile),
        ])
        assert.equal(root.toString(), added, name)
      }
      t.diagnostic(`${files.length} files`)
    })
  }

  /** Kubo's own default of 174 links shows at the first, the profile's 1,024 at the last. */
  const streamed = [174 * MIB, 174 * MIB + 1, 1024 * MIB + 1]
  it('has it too where it is never held whole', { timeout: 180_000 }, async (t) => {
    if (skipWithoutKubo(t)) return
    await using node = await startKubo({ profiles: ['unixfs-v1-2025'] })
    for (const length of streamed) {
      const [added, cid] = await Promise.all([
        addStream(node.repository, pieces(length)),
        fileCid(pieces(length)),
      ])
      assert.equal(cid.toString(), added, `${length} bytes`)
    }
  })
})

/** Content that no leaf repeats, in pieces that no leaf ends with. */
async function* pieces(length: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const piece = noise(777_777, 5)
  for (let sent = 0; sent < length; sent += piece.length)
    yield piece.subarray(0, Math.min(piece.length, length - sent))
}

/** `ipfs add` of what it reads from standard input, not kept. @returns the CID */
async function addStream(repository: string, content: AsyncIterable<Uint8Array>): Promise<string> {
  const child = spawn(kubo(), ['add', '-n', '-Q', '--progress=false'], {
    env: { ...process.env, IPFS_PATH: repository },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [cid] = await Promise.all([
    text(child.stdout),
    pipeline(Readable.from(content), child.stdin),
  ])
  return cid.trim()
}
