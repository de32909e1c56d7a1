// Private hosts that the operator names: their URLs pass, their names are looked up wherever they are, and no others.

import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { describe, it } from 'node:test'
import { checkUrl, createListedLookup, type HostPolicy } from '../../../lib/net/guard.ts'

const isRefused = (words: RegExp) => ({ code: 'host_refused', message: words })

describe('a private host that is listed', () => {
  const privateHosts = ['stac.internal', '10.0.0.5', 'fd12::1']
  const listed: HostPolicy = { allowedHosts: [], allowPrivate: false, privateHosts }

  it('passes by https: and by plain http:, whatever the port and however it is spelled', () => {
    for (const url of [
      'http://stac.internal/',
      'https://STAC.Internal.:8443/x',
      'http://10.0.0.5:9000/',
      'http://0x0a000005/',
      'http://[fd12:0:0::1]/',
    ]) {
      assert.equal(checkUrl(url, listed).href, new URL(url).href)
    }
  })

  it('lets no other pass, and nobody else by http:', () => {
    for (const host of ['127.0.0.1', '10.0.0.6', '[fd12::2]', 'x.stac.internal', 'localhost']) {
      const url = `https://${host}/`
      assert.throws(() => checkUrl(url, listed), isRefused(/is not a public host/), url)
    }
    for (const url of [
      'http://example.org/',
      'http://other.internal/',
      'http://x.stac.internal/',
    ]) {
      assert.throws(() => checkUrl(url, listed), isRefused(/only https: URLs are fetched/), url)
    }
    for (const url of ['ftp://stac.internal/', 'http://user@stac.internal/']) {
      assert.throws(() => checkUrl(url, listed), isRefused(/refused/), url)
    }
  })

  it('is none of where clouds keep credentials, even by its address', () => {
    const unlucky = { ...listed, privateHosts: ['169.254.169.254', '::ffff:a9fe:a9fe'] }
    for (const host of ['169.254.169.254', '[::ffff:a9fe:a9fe]']) {
      assert.throws(() => checkUrl(`https://${host}/latest`, unlucky), isRefused(/not a public/))
    }
  })

  it('is one of ALLOWED_HOSTS where these are set', () => {
    const narrowed = { ...listed, allowedHosts: ['example.org'] }
    const words = /stac\.internal is not among ALLOWED_HOSTS/
    assert.throws(() => checkUrl('http://stac.internal/', narrowed), isRefused(words))
  })
})

describe('the lookup of sockets where hosts are listed', () => {
  const answers: Readonly<Record<string, string>> = {
    'stac.internal': '10.0.0.5',
    'other.internal': '10.0.0.5',
    'metadata.example': '169.254.169.254',
  }
  const resolve: LookupFunction = (hostname, { all }, callback) => {
    const found = { address: answers[hostname] ?? '', family: 4 }
    return all === true ? callback(null, [found]) : callback(null, found.address, 4)
  }
  const others: LookupFunction = (hostname, _options, callback) =>
    callback(new Error(`${hostname} goes the public way`), '', 0)
  const lookup = createListedLookup(['stac.internal', 'metadata.example'], others, resolve)
  const look = (hostname: string, all: boolean) =>
    new Promise<string | LookupAddress[]>((done, fail) => {
      lookup(hostname, { all }, (error, found) => (error === null ? done(found) : fail(error)))
    })

  it('leads their names wherever they are', async () => {
    assert.equal(await look('stac.internal', false), '10.0.0.5')
    assert.deepEqual(await look('stac.internal', true), [{ address: '10.0.0.5', family: 4 }])
  })

  it('leads every other name the public way, at the same address too', async () => {
    for (const name of ['other.internal', 'x.stac.internal', 'stac.internal.example']) {
      await assert.rejects(look(name, true), /goes the public way/)
    }
  })

  it('leads none to where clouds keep credentials', async () => {
    for (const all of [true, false]) {
      await assert.rejects(look('metadata.example', all), isRefused(/an address of the link/))
    }
  })
})
