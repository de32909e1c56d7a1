// Bodies as events carry them: packed, and of any length.

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { readConfig } from '../../../lib/config/config.ts'
import { createApp } from '../../../lib/http/app.ts'
import { createHandler } from '../../../lib/http/lambda.ts'
import { gatewayEvent } from '../../harness/gateway-events.ts'
import { startApp } from './app-under-test.ts'

const { services } = await startApp()
const context = { getRemainingTimeInMillis: () => 29_000 }
const config = readConfig({ AWS_LAMBDA_FUNCTION_NAME: 'api' })
const app = createApp(async () => services, config, { write: () => undefined })
const handler = createHandler(app, config)
const item = { type: 'Collection' }

const codeOf = ({ body = '{}' }: { readonly body?: string | undefined }) => JSON.parse(body).code

describe('a body', () => {
  describe('packed', () => {
    const ask = (coding: string, bytes: Buffer) =>
      handler(
        gatewayEvent('/ndvi', {
          method: 'POST',
          headers: { 'content-encoding': coding },
          body: bytes.toString('base64'),
          isBase64Encoded: true,
        }),
        context,
      )
    const text = Buffer.from(JSON.stringify({ item }))

    it('is read by its coding', async () => {
      for (const [coding, pack] of [
        ['gzip', gzipSync],
        ['GZIP ', gzipSync],
        ['deflate', deflateSync],
        ['br', brotliCompressSync],
        ['identity', (bytes: Buffer) => bytes],
      ] as const) {
        assert.equal(codeOf(await ask(coding, pack(text))), 'item_invalid', coding)
      }
    })

    it('by another coding is 415, and what is not packed at all 400', async () => {
      const [strange, twice, wrong] = [
        await ask('zstd', text),
        await ask('gzip, br', text),
        await ask('gzip', text),
      ]
      assert.deepEqual([strange.statusCode, twice.statusCode, wrong.statusCode], [415, 415, 400])
      assert.match(wrong.body ?? '', /not packed by gzip/)
    })

    it('is of no matter where the address takes no body, or is none', async () => {
      for (const [path, method, status] of [
        ['/nowhere', 'POST', 404],
        ['/health', 'POST', 405],
        ['/ndvi', 'PATCH', 405],
        ['/ndvi?f=png&f=png', 'POST', 415],
      ] as const) {
        const headers = { 'content-encoding': 'zstd' }
        const event = gatewayEvent(path, { method, headers, body: '{}' })
        assert.equal((await handler(event, context)).statusCode, status, `${method} ${path}`)
      }
    })

    it('that unpacks to more than a body may have is 413, however small it came', async () => {
      const bomb = await ask('gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024)))
      assert.equal(bomb.statusCode, 413)
      assert.equal(
        (await ask('gzip', gzipSync(Buffer.alloc(1024 * 1024 + 1, ' ')))).statusCode,
        413,
      )
    })
  })

  it('that is no text is told so, not that it is too long', async () => {
    const latin1 = Buffer.alloc(400_000, 0xfc).toString('base64')
    const asked = { method: 'POST', body: latin1, isBase64Encoded: true }
    const reply = await handler(gatewayEvent('/ndvi', asked), context)
    assert.deepEqual([reply.statusCode, codeOf(reply)], [400, 'invalid_request'])
  })

  it('is measured by its bytes, whatever its headers say', async () => {
    const ask = async (headers: Record<string, string>, letters: number) => {
      const padded = JSON.stringify({ item }).padEnd(letters)
      const asked = { method: 'POST', headers, body: padded }
      return (await handler(gatewayEvent('/ndvi', asked), context)).statusCode
    }
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }, { 'content-length': '7' }]) {
      assert.equal(await ask(headers, 1024 * 1024), 422, JSON.stringify(headers))
      assert.equal(await ask(headers, 1024 * 1024 + 1), 413, JSON.stringify(headers))
    }
  })
})
