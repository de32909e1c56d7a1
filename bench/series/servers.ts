// A STAC API and a server of plain files on loopback, outside of a test.

import { createServer, type RequestListener } from 'node:http'
import type { Answer } from '../../test/harness/emulated-hosts.ts'

export interface Served {
  readonly url: string
  close(): Promise<void>
}

export function serveItems(answer: Answer): Promise<Served> {
  return listen((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    void answer(request, response, url, String)
  })
}

/** Files in ranges, each answer after so many ms. */
export function serveFiles(
  files: Readonly<Record<string, Uint8Array>>,
  latencyMs: number,
): Promise<Served> {
  return listen((request, response) => {
    const file = files[(request.url ?? '/').slice(1)]
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    setTimeout(() => {
      if (file === undefined) {
        response.writeHead(404).end()
        return
      }
      const whole = { 'accept-ranges': 'bytes' }
      if (from === undefined) {
        response.writeHead(200, { ...whole, 'content-length': file.length })
        response.end(request.method === 'HEAD' ? undefined : file)
        return
      }
      const last = Math.min(file.length - 1, to ? Number(to) : file.length - 1)
      const range = `bytes ${from}-${last}/${file.length}`
      response.writeHead(206, { ...whole, 'content-range': range })
      response.end(file.subarray(Number(from), last + 1))
    }, latencyMs)
  })
}

async function listen(answer: RequestListener): Promise<Served> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('it does not listen')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
