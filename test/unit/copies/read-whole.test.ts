// Whole files from plain copies: in order, whatever breaks, in no more memory than there are buffers.
// Long: many ways in which one reading fails, on one host.

import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { BufferPool } from '../../../lib/copies/buffers.ts'
import { createHttpCopy } from '../../../lib/copies/http-copy.ts'
import { CopyFailure, type PlainCopy } from '../../../lib/copies/plain-copy.ts'
import { openWhole } from '../../../lib/copies/read-whole.ts'
import { createHttp } from '../../../lib/net/http.ts'
import { noise } from '../../harness/blocks.ts'
import { type CopyHost, startCopyHost } from '../../harness/copy-host.ts'
import { randomFrom } from '../../harness/random.ts'
import { unsigned } from '../../harness/signers.ts'

const signal = new AbortController().signal
const http = createHttp({ allowedHosts: [], allowPrivate: true })
/** Pauses that are over at once. */
const clock = { elapsed: () => 0, now: () => 0, sleep: async () => undefined }
const BUFFER = 64 * 1024
const file = noise(BUFFER * 20 + 12_345)

let host: CopyHost
before(async () => {
  host = await startCopyHost()
})
after(() => host.close())

function copyOf(name: string): PlainCopy {
  const copy = createHttpCopy(`${host.url}/${name}`, http, unsigned, clock)
  assert.ok(copy)
  return copy
}

async function readAll(name: string, buffers = new BufferPool(8, BUFFER)): Promise<Uint8Array> {
  const reading = await openWhole(copyOf(name), { buffers, clock }, signal)
  const parts: Uint8Array[] = []
  try {
    for await (const piece of reading.pieces) parts.push(piece.slice())
  } finally {
    await reading.close()
  }
  return Buffer.concat(parts)
}

function troubled(trouble: CopyFailure['trouble'], words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof CopyFailure, String(error))
    assert.equal(error.trouble, trouble)
    assert.match(error.message, words)
    return true
  }
}

describe('a whole copy', () => {
  it('comes by ranges of one version', async () => {
    const { etag } = host.put('whole', file)
    host.asked.length = 0
    assert.deepEqual(await readAll('whole'), Buffer.from(file))
    assert.equal(host.asked.length, 21)
    assert.deepEqual(
      new Set(host.asked.map(({ headers }) => headers['if-match'])),
      new Set([undefined, etag]),
    )
  })

  it('of every small size', async () => {
    for (const size of [1, BUFFER - 1, BUFFER, BUFFER + 1, 2 * BUFFER]) {
      host.put('small', file.subarray(0, size))
      assert.deepEqual(await readAll('small'), Buffer.from(file.subarray(0, size)))
    }
  })

  it('comes by one stream from a server without ranges', async () => {
    host.put('plain', file)
    host.ranges = false
    host.asked.length = 0
    assert.deepEqual(await readAll('plain'), Buffer.from(file))
    assert.equal(host.asked.length, 1)
    host.ranges = true
  })

  it('comes by one answer from a server that does not tell versions apart', async () => {
    const untagged = { etag: null, modified: null }
    const next = noise(file.length + 1).subarray(1)
    host.put('untagged', file, untagged)
    host.asked.length = 0
    host.instead = (_, response) => {
      if (host.asked.length !== 2) return false
      // Between the opening and what follows, another file of the same length takes its place.
      host.put('untagged', next, untagged)
      response.writeHead(503, { 'retry-after': '1' }).end()
      return true
    }
    assert.deepEqual(await readAll('untagged'), Buffer.from(next))
    host.instead = () => false
    const ranges = host.asked.map(({ headers }) => headers.range)
    const whole = `bytes=0-${file.length - 1}`
    assert.deepEqual(ranges, [`bytes=0-${BUFFER - 1}`, whole, whole])
    const small = file.subarray(0, BUFFER)
    host.put('untagged', small, untagged)
    host.asked.length = 0
    assert.deepEqual(await readAll('untagged'), Buffer.from(small))
    assert.equal(host.asked.length, 1)
  })

  it('is not the first range of it, which a server answers with 200', async () => {
    const { bytes } = host.put('parts', file)
    host.partStatus = 200
    assert.deepEqual(await readAll('parts'), Buffer.from(bytes))
    host.partStatus = 206
  })

  it('goes on where the connection broke, at any ten places', async () => {
    const random = randomFrom(7)
    host.put('broken', file)
    let cuts = 10
    host.cut = ({ length }) => (cuts-- > 0 ? random.whole(0, length - 1) : null)
    host.sent = 0
    assert.deepEqual(await readAll('broken'), Buffer.from(file))
    assert.ok(host.sent < file.length + 8 * BUFFER, `sent ${host.sent} for ${file.length}`)
    host.cut = () => null
  })

  it('of a server that breaks off again and again without a byte is given up', async () => {
    host.put('dead', file)
    host.cut = ({ from }) => (from === 0 ? null : 0)
    await assert.rejects(readAll('dead'), troubled(null, /connection/))
    host.cut = () => null
  })

  it('waits out 503 and 429', async () => {
    host.put('busy', file)
    let refusals = 6
    host.instead = ({ headers }, response) => {
      if (headers.range?.startsWith('bytes=0-') === true || refusals-- <= 0) return false
      response.writeHead(refusals % 2 === 0 ? 503 : 429, { 'retry-after': '1' }).end()
      return true
    }
    assert.deepEqual(await readAll('busy'), Buffer.from(file))
    host.instead = () => false
  })

  for (const [what, version] of [
    ['an ETag', {}],
    ['a weak ETag', { etag: 'W/"1"' }],
    ['a Last-Modified alone', { etag: null }],
  ] as const) {
    it(`with ${what} that changes in the middle is no file`, async () => {
      // Of its own name: ranges of the test before may still arrive.
      const name = what.replaceAll(' ', '-')
      const before = host.put(name, file, version)
      host.instead = ({ headers, url }) => {
        if (url === `/${name}` && !headers.range?.startsWith('bytes=0-')) {
          if (before.etag !== null) before.etag = before.etag.replace('1', '2').replace('"', '"z')
          before.modified = 'Wed, 04 Nov 2026 10:00:00 GMT'
        }
        return false
      }
      await assert.rejects(readAll(name), troubled('changed', /another version/))
      host.instead = () => false
    })
  }

  it('of another size in the middle is no file', async () => {
    host.put('grown', file, { etag: null, modified: null })
    host.instead = ({ headers, url }) => {
      if (url === '/grown' && headers.range !== `bytes=0-${BUFFER - 1}`) {
        host.put('grown', noise(file.length + 1), { etag: null, modified: null })
      }
      return false
    }
    await assert.rejects(readAll('grown'), troubled('changed', /another version/))
    host.instead = () => false
  })

  it('that is empty says so', async () => {
    host.put('empty', new Uint8Array(0))
    await assert.rejects(readAll('empty'), troubled('empty', /empty/))
  })

  const emptyAnswers: readonly (readonly [number, Record<string, string>])[] = [
    [200, {}],
    [206, { 'content-range': 'bytes 0--1/0' }],
  ]
  for (const [status, headers] of emptyAnswers) {
    it(`that is empty says so with status ${status}, too, and keeps no buffer`, async () => {
      host.instead = (_, response) => {
        response.writeHead(status, { 'content-length': '0', ...headers }).end()
        return true
      }
      const buffers = new BufferPool(1, BUFFER)
      await assert.rejects(readAll('empty', buffers), troubled('empty', /empty/))
      host.instead = () => false
      host.put('next', file)
      assert.deepEqual(await readAll('next', buffers), Buffer.from(file))
    })
  }

  it('of no bytes, as a service tells that never should, keeps no buffer', async () => {
    const version = { size: 0, etag: null, last_modified: null }
    const part = { version, isWhole: false, packing: null, pieces: Readable.from([]) }
    const copy = {
      ...copyOf('none'),
      open: async () => ({ ...part, close: async () => undefined }),
    }
    const buffers = new BufferPool(1, BUFFER)
    const reading = await openWhole(copy, { buffers, clock }, signal)
    for await (const _ of reading.pieces) assert.fail('a piece of nothing')
    await reading.close()
    await buffers.take(AbortSignal.timeout(1_000))
  })

  // As S3 answers of an object that was stored with this header: ranges and sizes are of the packed bytes.
  for (const status of [200, 206]) {
    it(`that its server sends packed is none of the file's own bytes: ${status}`, async () => {
      const packed = gzipSync(Buffer.alloc(100_000))
      host.instead = (_, response) => {
        const range = `bytes 0-${packed.length - 1}/${packed.length}`
        response
          .writeHead(status, {
            'content-encoding': 'gzip',
            'content-length': packed.length,
            ...(status === 206 ? { 'content-range': range } : {}),
          })
          .end(packed)
        return true
      }
      await assert.rejects(readAll('packed'), troubled(null, /packed \(Content-Encoding: gzip\)/))
      host.instead = () => false
    })
  }

  it('with a Content-Encoding that is none is read as it is', async () => {
    const bytes = noise(3_000)
    host.instead = (_, response) => {
      response
        .writeHead(200, { 'content-encoding': 'aws-chunked', 'content-length': bytes.length })
        .end(bytes)
      return true
    }
    assert.deepEqual(await readAll('chunked'), Buffer.from(bytes))
    host.instead = () => false
  })

  it('whose date is none of HTTP is the same as long as that stays', async () => {
    const bytes = noise(BUFFER * 3)
    host.put('dated', bytes, { etag: null, modified: 'Do., 19 Nov. 2026' })
    assert.deepEqual(await readAll('dated'), Buffer.from(bytes))
  })

  it('behind a login says so', async () => {
    const elsewhere = await startCopyHost()
    elsewhere.instead = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Log in</h1>')
      return true
    }
    host.instead = (_, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/login` }).end()
      return true
    }
    const words = new RegExp(`redirects to ${new URL(elsewhere.url).host}`)
    await assert.rejects(readAll('guarded'), troubled('login', words))
    host.instead = (_, response) => {
      response.writeHead(409).end('PublicAccessNotPermitted')
      return true
    }
    await assert.rejects(readAll('guarded'), troubled('login', /login or a signature: HTTP 409/))
    host.instead = () => false
    await elsewhere.close()
  })

  it('that is not there says so', async () => {
    await assert.rejects(readAll('nothing'), (error) => {
      assert.ok(error instanceof CopyFailure)
      return error.kind === 'absent'
    })
  })
})

describe('the buffers of a process', () => {
  it('are lent to all files in turn, and all come back', async () => {
    const buffers = new BufferPool(3, BUFFER)
    host.put('one', file)
    host.put('two', file.toReversed())
    const [one, two] = await Promise.all([readAll('one', buffers), readAll('two', buffers)])
    assert.deepEqual(one, Buffer.from(file))
    assert.deepEqual(two, Buffer.from(file.toReversed()))
    const three = await Promise.all([1, 2, 3].map(() => buffers.take(signal)))
    assert.equal(new Set(three.map(({ buffer }) => buffer)).size, 3)
    await assert.rejects(buffers.take(AbortSignal.timeout(5)))
  })

  it('come back from a reader who stops, and from one who fails', async () => {
    const buffers = new BufferPool(2, BUFFER)
    host.put('left', file)
    const reading = await openWhole(copyOf('left'), { buffers, clock }, signal)
    for await (const _ of reading.pieces) break
    await reading.close()
    const unread = await openWhole(copyOf('left'), { buffers, clock }, signal)
    await unread.close()
    host.cut = ({ from }) => (from < BUFFER * 5 ? null : 0)
    await assert.rejects(readAll('left', buffers), CopyFailure)
    host.cut = () => null
    await Promise.all([buffers.take(signal), buffers.take(signal)])
  })

  it('are there before the server is asked: who has a turn at it waits for nobody', async () => {
    const buffers = new BufferPool(1, BUFFER)
    host.put('later', file)
    host.asked.length = 0
    const buffer = await buffers.take(signal)
    const reading = readAll('later', buffers)
    await new Promise((resolve) => setTimeout(resolve, 30))
    assert.equal(host.asked.length, 0)
    buffers.give(buffer)
    assert.deepEqual(await reading, Buffer.from(file))
  })

  it('end the reading of who gives up', async () => {
    const buffers = new BufferPool(2, BUFFER)
    host.put('given-up', file)
    const caller = new AbortController()
    const reading = await openWhole(copyOf('given-up'), { buffers, clock }, caller.signal)
    const reason = new Error('had enough')
    await assert.rejects(
      async () => {
        for await (const _ of reading.pieces) caller.abort(reason)
      },
      (error) => error === reason,
    )
    await reading.close()
    await Promise.all([buffers.take(signal), buffers.take(signal)])
  })
})
