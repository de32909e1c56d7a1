// The context of a notice in these tests: events from files, scripted catalogues, a queue that remembers.

import { readFileSync } from 'node:fs'
import { GreenprintError } from '../../../lib/errors.ts'
import { type Backlogs, createBacklogs } from '../../../lib/events/backlog.ts'
import type { Inbox } from '../../../lib/events/inbox.ts'
import type { NoticeServices } from '../../../lib/events/notify.ts'
import type { Submission } from '../../../lib/jobs/submit.ts'
import type { JsonObject } from '../../../lib/model/json.ts'
import type { Order } from '../../../lib/model/order.ts'
import { NothingThere } from '../../../lib/stac/documents.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'
import { ScriptedApi } from '../stac/scripted-api.ts'

/** A file of test/fixtures/events. */
export function eventOf(name: string): JsonObject {
  const url = new URL(`../../fixtures/events/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8'))
}

/** Where nothing is left of earlier sweeps. */
export function backlogsOf(): Backlogs {
  return createBacklogs(createRecordStore(createMemoryStore()))
}

/** An SQS event with one message per body, ids m0, m1 and so on. */
export function batch(...bodies: readonly unknown[]): JsonObject {
  const Records = bodies.map((body, index) => ({
    messageId: `m${index}`,
    eventSource: 'aws:sqs',
    messageAttributes: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }))
  return { Records }
}

export const CATALOG = 'https://cids.example/stac'
export const BUCKET = 'sourcebucket'

/** Web pages by address; nothing is at any other. */
export function documentsOf(pages: Readonly<Record<string, JsonObject | Error>>): ScriptedApi {
  return new ScriptedApi(({ url }) => {
    const fault = `${url} answered HTTP 404.`
    return (
      pages[url] ?? new GreenprintError('item_unreachable', fault, { cause: new NothingThere() })
    )
  })
}

/** A bucket with these objects as text. */
export function inboxOf(objects: Readonly<Record<string, string>>): Inbox {
  return {
    bucket: BUCKET,
    objects: {
      get: ({ key }, mostBytes) => {
        const text = objects[key]
        if (text === undefined) return Promise.resolve(null)
        const body = new TextEncoder().encode(text)
        const size = body.length
        return Promise.resolve({ size, body: size <= mostBytes ? body : null })
      },
    },
  }
}

/** A deployment that has fingerprinted the files at these addresses, and no others. */
export function printsOf(...addresses: readonly string[]): NoticeServices['fingerprints'] {
  return {
    byAddress: async (address) =>
      addresses.includes(address)
        ? {
            href: address,
            size: 1,
            etag: null,
            last_modified: null,
            checksum: null,
            checksum_verdict: null,
            sha256: '00',
            cid: 'bafkqaaa',
            profile: 'unixfs-v1-2025',
            software: 'greenprint',
            created: '2026-11-26T00:00:00Z',
          }
        : null,
    byChecksum: async () => null,
  }
}

/** Jobs by their order: the first time `accepted`, then whatever `finish` made of them. */
export class Desk {
  readonly orders: Order[] = []
  readonly lines: { level: string; line: Readonly<Record<string, unknown>> }[] = []
  readonly #jobs = new Map<string, Submission['status']>()

  /** Every job so far has this status from now on. */
  finish(status: Submission['status']): void {
    for (const id of this.#jobs.keys()) this.#jobs.set(id, status)
  }

  get jobs(): number {
    return this.#jobs.size
  }

  submit = (order: Order, signal: AbortSignal): Promise<Submission> => {
    signal.throwIfAborted()
    this.orders.push(order)
    const id = JSON.stringify(order)
    const status = this.#jobs.get(id) ?? 'accepted'
    this.#jobs.set(id, status)
    return Promise.resolve({ id: `job-${[...this.#jobs.keys()].indexOf(id)}`, status })
  }

  log: NoticeServices['log'] = (level, line) => {
    this.lines.push({ level, line })
  }
}
