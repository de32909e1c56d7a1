// GET /results/{root}/receipt.json and /.well-known/receipt-keys.json: what was signed of a result, and with which key.

import { GreenprintError } from '../errors.ts'
import { isCid, parseCid } from '../ipld/cid.ts'
import type { ReceiptKey } from '../publish/receipt-signer.ts'
import type { AppServices } from '../services.ts'
import { LightResponse } from './light/response.ts'

/** A JWK Set (RFC 7517). */
export interface ReceiptKeysReply {
  readonly keys: readonly ReceiptKey[]
}

/** @throws {GreenprintError} `not_found`, `store_failed` */
export async function answerReceipt(
  text: string,
  { beside }: Pick<AppServices, 'beside'>,
  signal: AbortSignal,
): Promise<Response> {
  const root = isCid(text) ? parseCid(text).toString() : null
  const receipt = root === null ? null : await beside.get(root, 'receipt', signal)
  if (receipt === null) {
    const message =
      'No receipt of this root is kept here: it was not made here, not lately, or without RECEIPT_KEY.'
    throw new GreenprintError('not_found', message)
  }
  return LightResponse.json(receipt)
}

export function answerReceiptKeys({ receipts }: Pick<AppServices, 'receipts'>): Response {
  const reply: ReceiptKeysReply = { keys: receipts === null ? [] : [receipts.key] }
  return LightResponse.json(reply, { headers: { 'cache-control': 'public, max-age=300' } })
}
