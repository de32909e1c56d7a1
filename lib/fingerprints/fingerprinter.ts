// Fingerprints on demand: each file is read once at a time, whoever asks, and what is made is kept.

import { SharedTask } from '../async/shared-task.ts'
import type { PlainCopy } from '../copies/plain-copy.ts'
import type { LeafListener } from './build.ts'
import type { Fingerprints } from './fingerprints.ts'
import { type FingerprintMeans, type FingerprintWish, makeFingerprint } from './make.ts'
import type { Fingerprint } from './record.ts'

/** Told bytes that are hashed, of all. */
export type BytesListener = (done: number, size: number) => void

export interface Fingerprinter {
  /** How fast whole files were read lately, all at once; a guess as long as none was. */
  readonly bytesPerSecond: number
  /**
   * The fingerprint of what lies at a copy's address now, made anew and kept. Who asks for a file that is being read
   * waits for that reading: the leaves are told to the first alone.
   *
   * @throws {GreenprintError} what makeFingerprint throws, `store_failed`
   */
  make(
    copy: PlainCopy,
    wish: FingerprintWish,
    follower: { readonly onLeaf?: LeafListener; readonly onBytes?: BytesListener },
    signal: AbortSignal,
  ): Promise<Fingerprint>
}

/** What a function of 1769 MB has been seen to get from S3 in its own region, and less. */
const GUESSED_SPEED = 40e6
/** A file that is too small says more of its host's latency than of the line. */
const LEAST_MEASURED = 16 * 1024 * 1024

interface Flight {
  readonly task: SharedTask<Fingerprint>
  readonly listeners: Set<BytesListener>
}

export function createFingerprinter(
  fingerprints: Fingerprints,
  means: FingerprintMeans,
): Fingerprinter {
  const flights = new Map<string, Flight>()
  const { clock } = means
  let speed = GUESSED_SPEED

  /** Files that are read at once share the line: of each only its part of it is seen. */
  function measure(size: number, ms: number, atOnce: number): void {
    if (size < LEAST_MEASURED || ms <= 0) return
    speed = (speed + (size / ms) * 1000 * atOnce) / 2
  }

  function begin(
    key: string,
    copy: PlainCopy,
    wish: FingerprintWish,
    onLeaf: LeafListener | undefined,
  ): Flight {
    const listeners = new Set<BytesListener>()
    const follower = {
      ...(onLeaf === undefined ? {} : { onLeaf }),
      onBytes: (done: number, size: number) => {
        for (const listener of listeners) listener(done, size)
      },
    }
    const start = async (signal: AbortSignal) => {
      const started = clock.elapsed()
      const { file, record } = await makeFingerprint(copy, wish, means, follower, signal)
      measure(file.size, clock.elapsed() - started, flights.size)
      await fingerprints.keep(file, record, signal)
      return record
    }
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key)
    }
    const flight: Flight = { task: new SharedTask(start, land), listeners }
    flights.set(key, flight)
    flight.task.outcome.then(land, land)
    return flight
  }

  return {
    get bytesPerSecond() {
      return speed
    },
    async make(copy, wish, { onLeaf, onBytes }, signal) {
      signal.throwIfAborted()
      const key = JSON.stringify([copy.address, wish.profile, wish.checksum, wish.size])
      const { task, listeners } = flights.get(key) ?? begin(key, copy, wish, onLeaf)
      if (onBytes !== undefined) listeners.add(onBytes)
      try {
        return await task.join(signal)
      } finally {
        if (onBytes !== undefined) listeners.delete(onBytes)
      }
    },
  }
}
