// A result read from our own gateway by Helia's verified-fetch: it asks a router who has a CID, takes raw blocks from
// whom that names, and hashes each.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { sampleRequest } from '../../lib/sample/sample.ts'
import { startDelegatedRouter } from '../harness/delegated-router.ts'
import { heliaHome, skipWithoutHelia } from '../harness/peers.ts'
import { startSystem } from '../harness/system.ts'

interface Read {
  readonly url: string
  readonly status: number
  readonly size: number
  readonly sha256: string
}

/** What verified-fetch makes of these URLs, in a process that reaches this machine alone. */
async function readByHelia(router: string, urls: readonly string[]): Promise<Read[]> {
  const alone = fileURLToPath(new URL('../harness/loopback-only.cjs', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--require', alone, '--input-type=module', '-', router, ...urls],
    { cwd: heliaHome(), stdio: ['pipe', 'pipe', 'pipe'], timeout: 90_000 },
  )
  createReadStream(new URL('helia/read.mjs', import.meta.url)).pipe(child.stdin)
  const ended = once(child, 'close')
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [status] = await ended
  assert.equal(status, 0, said)
  return out
    .trim()
    .split('\n')
    .map((line): Read => JSON.parse(line))
}

it('a result is read by verified-fetch from our gateway', { timeout: 120_000 }, async (t) => {
  if (skipWithoutHelia(t)) return
  // The sample's blocks are at hand: no gateway is asked.
  const env = { PUBLISHERS: 'local', IPFS_GATEWAYS: 'http://127.0.0.1:9' }
  const system = await startSystem(env)
  const { port } = new URL(system.base)
  await using router = await startDelegatedRouter(`/ip4/127.0.0.1/tcp/${port}/http`)
  try {
    const reply = await system.ndvi({ ...(await sampleRequest()), pin: true })
    const names = Object.values(reply.assets).map(({ href }) => href.split('/').at(-1) ?? '')
    assert.ok(names.length >= 3)
    const root = `ipfs://${reply.root.cid}`
    const files = await Promise.all(
      names.map(async (name) => {
        const response = await fetch(`${system.base}/ipfs/${reply.root.cid}/${name}`)
        assert.equal(response.status, 200)
        return { name, bytes: Buffer.from(await response.arrayBuffer()) }
      }),
    )
    const wanted = files.flatMap(({ name, bytes }) => {
      const [from, to] = [bytes.length >> 2, (bytes.length >> 1) + 1]
      const range = `bytes=${from}-${to - 1}`
      return [
        { asked: `${root}/${name}`, status: 200, bytes },
        { asked: `${root}/${name} ${range}`, status: 206, bytes: bytes.subarray(from, to) },
      ]
    })
    const nowhere = `${root}/nope.png`
    const read = await readByHelia(router.url, [...wanted.map(({ asked }) => asked), nowhere])
    for (const [index, { asked, status, bytes }] of wanted.entries()) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const url = asked.split(' ')[0]
      assert.deepEqual(read[index], { url, status, size: bytes.length, sha256 }, asked)
    }
    assert.deepEqual([read.at(-1)?.url, read.at(-1)?.status], [nowhere, 404])
  } finally {
    await system.close()
  }
})
