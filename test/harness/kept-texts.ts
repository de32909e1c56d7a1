// Secrets Manager and Parameter Store on loopback, as far as a reader asks them.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { serve } from '../unit/net/loopback.ts'

export interface KeptTexts {
  readonly endpoint: string
  /** By name or path: a text, or the name of the error that is answered. */
  readonly texts: Map<string, string | { readonly error: string; readonly message?: string }>
  /** What was asked for, `GetSecretValue tokens`. */
  readonly asked: string[]
  /** So many requests from now on are too many. */
  throttled: number
}

export async function startKeptTexts(): Promise<KeptTexts> {
  const texts: KeptTexts['texts'] = new Map()
  const asked: string[] = []
  const endpoint = await serve((request, response) => void answer(request, response))
  const kept: KeptTexts = { endpoint, texts, asked, throttled: 0 }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const action = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    const body: { SecretId?: string; Name?: string; WithDecryption?: boolean } = JSON.parse(
      await text(request),
    )
    const name = body.SecretId ?? body.Name ?? ''
    asked.push(`${action} ${name}`)
    const isTooMany = kept.throttled-- > 0
    const found = isTooMany ? { error: 'ThrottlingException' } : texts.get(name)
    const isSecret = action === 'GetSecretValue'
    if (found === undefined || typeof found === 'object') {
      const missing = isSecret ? 'ResourceNotFoundException' : 'ParameterNotFound'
      const { error = missing, message = 'no' } = found ?? {}
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify({ __type: error, message }))
      return
    }
    const Value = body.WithDecryption === true ? found : 'ciphered'
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify(isSecret ? { SecretString: found } : { Parameter: { Value } }))
  }
  return kept
}
