// Requests from so many connections at once, for a while: how many were answered in a second, and how late the latest.

import { Agent, request } from 'node:http'
import { quantile } from '../part.ts'

export interface Asked {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: string
}

export interface Load {
  /** Answers of status 200 in a second. */
  readonly perSecond: number
  /** 99th percentile, ms. */
  readonly p99: number
  readonly failures: number
}

/** @param next what the request with this number asks */
export async function load(
  next: (count: number) => Asked,
  connections: number,
  ms: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  let [count, failures] = [0, 0]
  const began = performance.now()
  const one = async (): Promise<void> => {
    while (performance.now() - began < ms) {
      const started = performance.now()
      const status = await ask(next(count++), agent)
      if (status === 200) times.push(performance.now() - started)
      else failures++
    }
  }
  await Promise.all(Array.from({ length: connections }, one))
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  return { perSecond: times.length / seconds, p99: quantile(times, 0.99), failures }
}

function ask({ method, url, body }: Asked, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = request(url, { method, agent, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
