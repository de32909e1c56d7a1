// What is kept with the files of a result: what does not need another is written at the same time.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ItemCatalogue } from '../../../lib/catalogue/catalogue.ts'
import { type KeptBeside, keepBeside } from '../../../lib/steps/keep-beside.ts'
import { memoryContent } from '../../../lib/store/file-content.ts'

const signal = new AbortController().signal
const result = { root: 'a-root', id: 'an-id', proof: { trust: 'cid' } } as const
const recipe = { request: {}, software: 'greenprint' }
const files = new Map([['item.json', memoryContent(new TextEncoder().encode('{"id":"an item"}'))]])

/** Writes of two kinds, each of which waits for the other to begin; what is listed later. */
function startWrites() {
  const events: string[] = []
  const begun = { record: Promise.withResolvers<void>(), sources: Promise.withResolvers<void>() }
  const write = async (name: 'record' | 'sources', other: 'record' | 'sources') => {
    begun[name].resolve()
    await begun[other].promise
    events.push(name)
  }
  const catalogue: Pick<ItemCatalogue, 'put'> = {
    async put({ root }) {
      events.push(`listed ${root}`)
      return true
    },
  }
  const services = {
    beside: {
      put: () => write('sources', 'record'),
      offer: () => write('sources', 'record'),
      get: async () => null,
    },
    receipts: null,
    clock: { now: () => 0, elapsed: () => 0, sleep: async () => undefined },
    catalogue,
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the catalogue only what is written to
  return { events, write, services: services as unknown as KeptBeside }
}

describe('the record of a result and what lies beside it', () => {
  it('are written at the same time, and listed once they are there', async () => {
    const { events, write, services } = startWrites()
    const keepRecord = () => write('record', 'sources')
    const by = { started: 0, isTrusted: true, keepRecord }
    await keepBeside({ made: 'ndvi', recipe, sources: [], result }, files, by, services, signal)
    assert.deepEqual(events.toSorted(), ['listed a-root', 'record', 'sources'])
    assert.equal(events.at(-1), 'listed a-root')
  })

  it('are not listed where one of them cannot be written', async () => {
    const { events, write, services } = startWrites()
    const keepRecord = async () => {
      await write('record', 'sources')
      throw new Error('the bucket is full')
    }
    const by = { started: 0, isTrusted: true, keepRecord }
    const made = { made: 'ndvi', recipe, sources: [], result } as const
    await assert.rejects(keepBeside(made, files, by, services, signal), /the bucket is full/)
    assert.deepEqual(events.toSorted(), ['record', 'sources'])
  })
})
