// A delegated router by https://specs.ipfs.tech/routing/http-routing-v1/ on loopback: one provider of everything.

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface DelegatedRouter extends AsyncDisposable {
  readonly url: string
}

/** @param address of the trustless gateway that is named, as `/ip4/127.0.0.1/tcp/8080/http` */
export async function startDelegatedRouter(address: string): Promise<DelegatedRouter> {
  const provider = {
    Schema: 'peer',
    ID: '12D3KooWHEzC1ZLRfjGrwZyHeMDUkWrEQCv3BNFYDTSVmKJEmmQ7',
    Addrs: [address],
    Protocols: ['transport-ipfs-gateway-http'],
  }
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ Providers: [provider] }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
