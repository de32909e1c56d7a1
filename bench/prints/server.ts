// The other side of the bench of fingerprints, a process of its own: one large file in ranges, behind a slow line.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { largeTiff } from '../../test/harness/large-tiff.ts'
import { type Line, pour } from '../reads/pacing.ts'

/** As a host of Sentinel-2's COGs is seen by a function in its region. */
const line: Line = { latencyMs: 50, bytesPerSecond: 25e6 }
/** 220 MiB: what a band at 10 m has. */
const { bytes } = largeTiff(11, 10, 1000)

async function serve({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  await sleep(line.latencyMs)
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
  const from = Number(first)
  const end = last === '' ? bytes.length : Math.min(Number(last) + 1, bytes.length)
  response.writeHead(headers.range === undefined ? 200 : 206, {
    'content-length': end - from,
    'content-range': `bytes ${from}-${end - 1}/${bytes.length}`,
    'content-type': 'image/tiff',
    etag: '"1"',
  })
  await pour(response, bytes.subarray(from, end), line)
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  void serve(request, response)
})
server.listen(0, '127.0.0.1', () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a listening TCP server has an AddressInfo
  const { port } = server.address() as AddressInfo
  process.send?.({ url: `http://127.0.0.1:${port}`, size: bytes.length })
})
process.on('disconnect', () => process.exit())
