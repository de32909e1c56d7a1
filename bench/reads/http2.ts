// One gateway that offers HTTP/2 and HTTP/1.1: the same blocks over either, in the same run.

import { once } from 'node:events'
import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'
import { makeCertificate } from '../../test/harness/certificate.ts'
import { median, print, printTable } from '../part.ts'

const BLOCK = Buffer.alloc(256 * 1024, 7)
const LATENCY_MS = 50
const RUNS = 9
/** As many as a reading has under way at a gateway. */
const AT_ONCE = 8

/** Prints the table; which of the two is taken is the gateway's choice, so there is no target. */
export async function compareHttpVersions(): Promise<void> {
  const server = createSecureServer({ ...makeCertificate(), allowHTTP1: true }, (_, response) => {
    setTimeout(() => response.end(BLOCK), LATENCY_MS)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  const url = `https://127.0.0.1:${port}/`
  const rows: string[][] = []
  for (const blocks of [AT_ONCE, 64]) {
    const times = { old: [] as number[], new: [] as number[] }
    for (let run = 0; run < RUNS; run++) {
      times.old.push(await fetchAll(url, blocks, false))
      times.new.push(await fetchAll(url, blocks, true))
    }
    const [old, now] = [median(times.old), median(times.new)]
    rows.push([`${blocks} blocks`, old.toFixed(0), now.toFixed(0), (now / old).toFixed(2)])
  }
  server.close()
  print(
    `\nreads (e): cold TLS connections, blocks of 256 KiB, ${LATENCY_MS} ms, ${AT_ONCE} at once`,
  )
  printTable(['', 'HTTP/1.1 ms', 'HTTP/2 ms', 'ratio'], rows)
}

async function fetchAll(url: string, blocks: number, allowH2: boolean): Promise<number> {
  const agent = new Agent({ connections: 32, allowH2, connect: { rejectUnauthorized: false } })
  const started = performance.now()
  let next = 0
  async function work(): Promise<void> {
    while (next++ < blocks) {
      const { body } = await request(url, { dispatcher: agent })
      await body.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const took = performance.now() - started
  await agent.close()
  return took
}
