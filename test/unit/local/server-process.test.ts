// How a server stands behind a load balancer: who closes a connection, and that it ends in time.

import assert from 'node:assert/strict'
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { endServer, listenEverywhere } from '../../../lib/local/server-process.ts'

/** By a connection that is kept. */
function ask(port: number, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent }, (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer))
    }).once('error', reject)
  })
}

describe('a server', () => {
  it('keeps connections longer than load balancers do, and closes them when it ends', async () => {
    const arrived = Promise.withResolvers<ServerResponse>()
    let arrivals = 0
    const server = createServer((_, response) => {
      arrivals++
      if (arrivals === 1) response.end()
      else arrived.resolve(response)
    })
    const port = await listenEverywhere(server, 0)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const { headers } = await ask(port, agent)
    assert.equal(headers['keep-alive'], 'timeout=620')
    const last = ask(port, agent)
    const response = await arrived.promise
    const began = performance.now()
    const ending = endServer(server, Promise.resolve())
    response.end()
    await last
    await ending
    agent.destroy()
    assert.ok(performance.now() - began < 10_000, 'it waited for its callers to leave')
  })
})
