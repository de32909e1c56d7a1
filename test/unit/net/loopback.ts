// Servers on loopback that live as long as the test file.

import { createServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { after } from 'node:test'

const closing: (() => void)[] = []
after(() => {
  for (const close of closing) close()
})

/** @returns the origin of an HTTP server that answers by `answer` */
export async function serve(answer: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listenUntilTheEnd(createServer(answer))}`
}

/** @returns the origin of a server that does with each connection what `talk` does, after the request's first bytes */
export async function serveTcp(talk: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => talk(socket))
  })
  return `http://127.0.0.1:${await listenUntilTheEnd(server)}`
}

/** @returns the port */
export async function listenUntilTheEnd(server: Server | HttpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
  })
  return portOf(server)
}

/** @returns the origin of a port where nobody listens any more */
export async function nobody(): Promise<string> {
  const server = createTcpServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new TypeError('it does not listen')
  return address.port
}
