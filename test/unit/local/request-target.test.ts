// What a request asks for, as it may be written.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { targetOf } from '../../../lib/local/request-target.ts'

const target = (url: string, ...host: readonly string[]) =>
  targetOf({ url, headersDistinct: host.length === 0 ? {} : { host: [...host] } })

describe('the target of a request', () => {
  it('is of the host that Host says', () => {
    for (const host of ['a.example', 'a.example:8080', '127.0.0.1:1', '[::1]:8080', 'a_b', '']) {
      assert.deepEqual(target('/x?y=http://z/', host), { host, path: '/x?y=http://z/' })
    }
    assert.deepEqual(target('//other.example/x', 'a'), { host: 'a', path: '//other.example/x' })
    assert.deepEqual(target('/'), { host: '', path: '/' })
  })

  it('is of the host in it where it is a whole address, as a proxy is asked: RFC 9112, 3.2.2', () => {
    for (const [url, host, path] of [
      ['http://a.example:81/x?y', 'a.example:81', '/x?y'],
      ['HTTP://a.example', 'a.example', '/'],
      ['https://a.example?y', 'a.example', '/?y'],
      ['http://[::1]:80//x', '[::1]:80', '//x'],
    ] as const) {
      assert.deepEqual(target(url, 'other.example'), { host, path }, url)
    }
  })

  it('is none where two readers may take it for another', () => {
    for (const host of ['a b', '127.0.0.1:80@evil', 'a/x', 'a?x', 'a#x', 'a\\x', 'a:b', 'a:1:2']) {
      assert.equal(target('/', host), null, host)
    }
    for (const url of ['http://user@a.example/', 'http://a b/', 'http://a\\b/', 'http://a#b/']) {
      assert.equal(target(url, 'a'), null, url)
    }
    assert.equal(target('/', 'a', 'a'), null)
    for (const url of ['', '*', 'x', 'ftp://a/', 'http://', 'http:///x', 'a.example:443']) {
      assert.equal(target(url, 'a'), null, url)
    }
  })
})
