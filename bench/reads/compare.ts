// Runs contenders in turn under one line, and keeps of each what it cost: a noisy minute is everybody's.

import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { median, printTable } from '../part.ts'
import { type Asked, costOf, longestChain } from './log.ts'
import type { Line } from './pacing.ts'
import type { Servers } from './servers.ts'

/** Sweeping goes on for a while on other threads. */
const SETTLE_MS = 50

setFlagsFromString('--expose-gc')
const collectGarbage: (options: { type: 'minor' }) => void = runInNewContext('gc')

export interface Outcome {
  readonly ms: number
  readonly cpuMs?: number
}

export interface Contender {
  readonly name: string
  /** Not more often than this; otherwise as often as everybody. */
  readonly most?: number
  readonly run: () => Promise<Outcome>
  readonly close?: () => Promise<void>
}

/** Of several runs: the median of times, the most of everything that is counted. */
export interface Row {
  readonly ms: number
  readonly cpuMs: number
  readonly bytes: number
  readonly requests: number
  readonly roundTrips: number
}

/**
 * One row per contender, in their order. The first run of each is not counted.
 *
 * @param waitsFor whether a request may be one that others wait for
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  times: number,
  line: Line,
  servers: Servers,
  waitsFor: (asked: Asked) => boolean = () => true,
): Promise<Record<Name, Row>> {
  const list = Object.entries<Contender>(contenders)
  const runs = new Map(list.map(([key]) => [key, [] as (Outcome & ReturnType<typeof costOf>)[]]))
  await servers.setLine(line)
  for (let round = 0; round <= times; round++) {
    for (const [key, { run, most = times }] of list) {
      if (round > most) continue
      await servers.takeLog()
      // What earlier runs left behind is not this one's to clear away.
      collectGarbage({ type: 'minor' })
      await sleep(SETTLE_MS)
      const outcome = await run()
      const log = await servers.takeLog()
      const cost = { ...costOf(log), roundTrips: longestChain(log.filter(waitsFor)) }
      if (round > 0) runs.get(key)?.push({ ...outcome, ...cost })
    }
  }
  for (const [, { close }] of list) await close?.()
  const rows = list.map(([key]) => [key, summary(runs.get(key) ?? [])] as const)
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one row per contender
  return Object.fromEntries(rows) as Record<Name, Row>
}

function summary(runs: readonly (Outcome & ReturnType<typeof costOf>)[]): Row {
  return {
    ms: median(runs.map(({ ms }) => ms)),
    cpuMs: median(runs.map(({ cpuMs = Number.NaN }) => cpuMs)),
    bytes: Math.max(...runs.map(({ bytes }) => bytes)),
    requests: Math.max(...runs.map(({ requests }) => requests)),
    roundTrips: Math.max(...runs.map(({ roundTrips }) => roundTrips)),
  }
}

export interface TableOptions<Name extends string> {
  readonly fileBytes: number
  /** Whose time the others are compared with. On a line without latency nothing is compared. */
  readonly against?: Name
}

export function printRows<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  rows: Readonly<Record<Name, Row>>,
  { fileBytes, against }: TableOptions<Name>,
): void {
  const other = against === undefined ? null : { ...contenders[against], ...rows[against] }
  // Without latency, requests that wait for each other cannot be told from those that do not.
  const versus = other === null ? [] : ['in sequence', `/ ${other.name}`]
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names of the contenders
  const names = Object.keys(contenders) as Name[]
  const lines = names.map((name) => {
    const { bytes, requests, roundTrips, ms } = rows[name]
    return [
      contenders[name].name,
      (bytes / 1e6).toFixed(2),
      ((100 * bytes) / fileBytes).toFixed(2),
      requests,
      ms.toFixed(0),
      ...(other === null ? [] : [roundTrips, (ms / other.ms).toFixed(2)]),
    ]
  })
  printTable(['', 'MB', '% of files', 'requests', 'ms', ...versus], lines)
}
