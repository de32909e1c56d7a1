// The record of what became of a root: nothing that is held is lost, whoever writes at the same time.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { systemClock } from '../../../lib/async/clock.ts'
import type { Publication } from '../../../lib/model/result.ts'
import { createPublications } from '../../../lib/publish/publications.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore } from '../../harness/memory-store.ts'

const signal = new AbortController().signal
const held = (service: string): Publication => ({ service, status: 'held', cid: 'bafyroot' })
const failed = (service: string): Publication => ({ service, status: 'failed', reason: 'closed' })
const unproven = (service: string): Publication => ({
  service,
  status: 'unproven',
  cid: 'bafyroot',
  reason: 'no evidence',
})
const queued = (service: string): Publication => ({
  service,
  status: 'queued',
  cid: 'bafyroot',
  request: 'r-1',
  reason: 'fetching',
})

function start() {
  const objects = createMemoryStore()
  const records = createRecordStore(objects)
  return { records, publications: createPublications(records, systemClock) }
}

describe('publications of a root', () => {
  it('are none before anybody was asked', async () => {
    assert.equal(await start().publications.get('bafyroot', signal), null)
  })

  it('are merged by service: what is held is never replaced by less', async () => {
    const { publications } = start()
    const ranks = [failed('a'), unproven('a'), queued('a'), held('a')]
    for (const [index, better] of ranks.entries()) {
      await publications.merge('bafyroot', [better], signal)
      for (const less of ranks.slice(0, index)) {
        const record = await publications.merge('bafyroot', [less], signal)
        assert.deepEqual(record.publications, [better])
      }
    }
    const again = { ...held('a'), href: 's3://elsewhere' }
    assert.deepEqual(
      (await publications.merge('bafyroot', [again, failed('b')], signal)).publications,
      [again, failed('b')],
    )
  })

  it('of thirty writers at once are all there', async () => {
    const { publications } = start()
    const names = Array.from({ length: 30 }, (_, index) => `service-${index}`)
    await Promise.all(names.map((name) => publications.merge('bafyroot', [held(name)], signal)))
    const record = await publications.get('bafyroot', signal)
    assert.deepEqual(
      record?.publications.map(({ service }) => service).toSorted(),
      names.toSorted(),
    )
  })

  it('of 0.1 are read, and kept when others come to them', async () => {
    const { records, publications } = start()
    const old = {
      publications: [{ service: 's3', ok: true, held: true, cid: 'bafyroot' }],
      more: 1,
    }
    await records.put('publications/bafyroot', old, signal)
    const record = await publications.merge('bafyroot', [held('kubo')], signal)
    assert.deepEqual(record, {
      publications: [held('s3'), held('kubo')],
      retrievable: [],
      missing: [],
    })
    assert.equal((await records.get('publications/bafyroot', signal))?.['more'], 1)
  })
})

describe('checks of a root', () => {
  const at = (minute: number) => `2026-11-26T10:${String(minute).padStart(2, '0')}:00.000Z`

  it('keep the latest of each operator, and what was found once', async () => {
    const { publications } = start()
    const found = (minute: number, ...operators: readonly string[]) => ({
      retrievable: operators.map((operator) => ({ operator, at: at(minute) })),
      missing: [],
    })
    const missed = (minute: number, operator: string) => ({
      retrievable: [],
      missing: [{ operator, at: at(minute), reason: 'HTTP 504' }],
    })
    await publications.merge('bafyroot', [held('kubo')], signal)
    await publications.mergeChecks('bafyroot', missed(1, 'a'), signal)
    await publications.mergeChecks('bafyroot', found(10, 'a', 'b'), signal)
    const third = await publications.mergeChecks('bafyroot', missed(20, 'b'), signal)
    assert.deepEqual(third, {
      publications: [held('kubo')],
      retrievable: [
        { operator: 'a', at: at(10) },
        { operator: 'b', at: at(10) },
      ],
      missing: [{ operator: 'b', at: at(20), reason: 'HTTP 504' }],
    })
    const fourth = await publications.mergeChecks('bafyroot', found(30, 'b'), signal)
    assert.deepEqual([fourth.missing, fourth.retrievable[1]?.at], [[], at(30)])
  })
})
