// Which hosts a caller's request may lead to: the guard of hosts and the configuration say the same.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../../lib/config/config.ts'
import { checkUrl } from '../../../lib/net/guard.ts'

const PRIVATE_HOSTS = 'stac.internal 10.0.0.5 [fd12::1]'
const lambda = { AWS_LAMBDA_FUNCTION_NAME: 'greenprint', PRIVATE_HOSTS }

const addresses: readonly (readonly [url: string, isFetched: boolean])[] = [
  ['https://data.example', true],
  ['https://data.example.', true],
  ['https://DATA.Example:8443', true],
  ['https://8.8.8.8', true],
  ['https://0x08080808', true],
  ['https://[2606:4700:4700::1111]', true],
  ['https://xn--bcher-kva.example', true],
  ['https://a.example1', true],
  ['http://data.example', false],
  ['http://8.8.8.8', false],
  ['https://localhost', false],
  ['https://x.localhost.', false],
  ['https://nas.home.arpa', false],
  ['https://nas.home.arpa.', false],
  ['https://home.arpa', false],
  ['https://printer.local', false],
  ['https://db.internal', false],
  ['https://intranet', false],
  ['https://intranet.', false],
  ['https://10.0.0.6', false],
  ['https://[fd12::2]', false],
  ['https://169.254.169.254', false],
  ['https://stac.internal', true],
  ['http://stac.internal.:8080', true],
  ['http://10.0.0.5', true],
  ['http://[fd12::1]:9000', true],
  ['https://x.stac.internal', false],
]

function isRefused(act: () => unknown, words: RegExp): boolean {
  try {
    act()
    return false
  } catch (error) {
    assert.match(String(error), words)
    return true
  }
}

describe('on Lambda, by the guard and by the configuration alike,', () => {
  const { hosts } = readConfig(lambda)
  for (const [url, isFetched] of addresses) {
    it(`${url} is ${isFetched ? 'fetched' : 'refused'}`, () => {
      assert.equal(
        isRefused(() => checkUrl(url, hosts), /is not a public host|only https: URLs are fetched/),
        !isFetched,
        'guard',
      )
      for (const given of [
        { SOURCE_HEADERS: `${url}|X-Key: k` },
        { STAC_API_URL: url },
        { CATALOG_URL: url },
      ]) {
        assert.equal(
          isRefused(() => readConfig({ ...lambda, ...given }), /must be an https: URL of a public/),
          !isFetched,
          Object.keys(given)[0],
        )
      }
    })
  }
})
