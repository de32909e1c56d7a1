// The local server’s whole files: of the own store, block by block, as harmless as any answer of /ipfs.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { downloadRoute } from '../../../../lib/http/content/local-download.ts'
import { parseCid } from '../../../../lib/ipld/cid.ts'
import { importDirectory, importFile } from '../../../../lib/ipld/importer.ts'
import { localFiles } from '../../../../lib/local/files.ts'
import { noise } from '../../../harness/blocks.ts'
import { problemOf, startApp } from '../app-under-test.ts'

const signal = new AbortController().signal
const { services } = await startApp()
const big = noise(9_000_000, 5)
const { root: cid, blocks } = await importFile(big, 'unixfs-v1-2025')
for (const block of blocks) await services.store.put(block.cid, block.bytes, signal)

const aside = downloadRoute(() => services.ownBlocks)
const ask = async (path: string, method = 'GET') =>
  aside(method, new URL(path, 'http://127.0.0.1'), '', signal)

async function answer(path: string, method = 'GET'): Promise<Response> {
  const response = await ask(path, method)
  assert.ok(response !== null, path)
  return response
}

const located = (name: string) =>
  localFiles.locate({ cid, size: big.length, contentType: 'image/tiff', name }, signal)

describe('a whole file', () => {
  it('comes from where it is located, with its type, its name and its length', async () => {
    const response = await answer((await located('ndvi.tif')) ?? '')
    assert.equal(response.status, 200)
    assert.equal(response.headers.get('content-length'), '9000000')
    assert.match(response.headers.get('content-type') ?? '', /^image\/tiff/)
    assert.equal(response.headers.get('content-disposition'), 'attachment; filename="ndvi.tif"')
    assert.equal(response.headers.get('etag'), `"${cid.toString()}"`)
    assert.ok(Buffer.from(await response.arrayBuffer()).equals(big))
  })

  it('runs nothing, whatever its address says that it is', async () => {
    const response = await answer(`/_local/files/${cid.toString()}?name=%22a%0d%0a.html`)
    assert.equal(response.headers.get('content-type'), 'application/octet-stream')
    assert.equal(
      response.headers.get('content-disposition'),
      `attachment; filename="${cid.toString()}"`,
    )
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.match(response.headers.get('content-security-policy') ?? '', /^sandbox;/)
    await response.body?.cancel()
  })

  it('tells its length to HEAD', async () => {
    const response = await answer(`/_local/files/${cid.toString()}`, 'HEAD')
    assert.equal(response.headers.get('content-length'), '9000000')
    assert.equal(response.body, null)
  })

  it('of which a block is missing breaks off', async () => {
    const torn = await importFile(noise(9_000_000, 6), 'unixfs-v1-2025')
    const last = torn.blocks.at(-1)
    for (const block of torn.blocks) {
      if (block !== last) await services.store.put(block.cid, block.bytes, signal)
    }
    const response = await answer(`/_local/files/${torn.root.toString()}`)
    await assert.rejects(response.arrayBuffer(), { code: 'content_unavailable' })
  })
})

describe('what is no file of the own store', () => {
  it('is refused', async () => {
    const directory = await importDirectory(new Map([['a.txt', noise(9)]]), 'unixfs-v1-2025')
    for (const block of directory.blocks) await services.store.put(block.cid, block.bytes, signal)
    const stranger = parseCid('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
    for (const [name, code] of [
      [stranger.toString(), 'not_found'],
      [directory.root.toString(), 'not_found'],
      ['manaus', 'invalid_request'],
      ['', 'invalid_request'],
      [`${cid.toString()}/x`, 'invalid_request'],
    ] as const) {
      assert.equal((await problemOf(await answer(`/_local/files/${name}`))).code, code, name)
    }
  })

  it('is for another to answer', async () => {
    for (const [path, method] of [
      ['/_local/notify', 'POST'],
      [`/_local/files/${cid.toString()}`, 'POST'],
      [`/ipfs/${cid.toString()}`, 'GET'],
    ] as const) {
      assert.equal(await ask(path, method), null, path)
    }
  })
})
