// The few things that SST's CLI asks AWS for on its way to a diff, on loopback: its bootstrap parameter, and objects
// of its state.

import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** As a region looks that SST has been in before. Versions above every other need no upgrade. */
const bootstrap = { version: 99, asset: 'assets', state: 'state' }

export interface AwsStandIn {
  readonly endpoint: string
  stop(): Promise<void>
}

export async function startAwsStandIn(): Promise<AwsStandIn> {
  const parameters = new Map([['/sst/bootstrap', JSON.stringify(bootstrap)]])
  const objects = new Map<string, string>()
  const server = createServer((request, response) => {
    void text(request).then((body) =>
      request.headers['x-amz-target'] === undefined
        ? answerS3(request, body, objects, response)
        : answerSsm(request, body, parameters, response),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { endpoint: `http://127.0.0.1:${portOf(server)}`, stop: () => stop(server) }
}

function answerSsm(
  { headers }: IncomingMessage,
  body: string,
  parameters: Map<string, string>,
  response: ServerResponse,
): void {
  const { Name = '', Value = '' }: { Name?: string; Value?: string } = JSON.parse(body)
  const writes = headers['x-amz-target'] === 'AmazonSSM.PutParameter'
  if (writes) parameters.set(Name, Value)
  const kept = parameters.get(Name)
  response.writeHead(kept === undefined ? 400 : 200, {
    'content-type': 'application/x-amz-json-1.1',
  })
  if (kept === undefined) response.end(JSON.stringify({ __type: 'ParameterNotFound' }))
  else if (writes) response.end(JSON.stringify({ Version: 1 }))
  else response.end(JSON.stringify({ Parameter: { Name, Value: kept, Type: 'String' } }))
}

function answerS3(
  { method, url = '/' }: IncomingMessage,
  body: string,
  objects: Map<string, string>,
  response: ServerResponse,
): void {
  const key = url.split('?')[0] ?? ''
  if (method === 'PUT') objects.set(key, body)
  if (method === 'DELETE') objects.delete(key)
  const found = method === 'GET' ? objects.get(key) : ''
  response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/xml' })
  response.end(found ?? '<Error><Code>NoSuchKey</Code></Error>')
}

function portOf(server: Server): number {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only a pipe's address is a string
  return (server.address() as AddressInfo).port
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
