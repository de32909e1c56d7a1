// GET /results/{root}/receipt.json and /.well-known/receipt-keys.json: what was signed of a result, and with which key.

import type { Context } from 'hono'
import { GreenprintError } from '../errors.ts'
import { isCid, parseCid } from '../ipld/cid.ts'
import type { ReceiptKey } from '../publish/receipt-signer.ts'
import type { AppServices } from '../services.ts'
import type { AppEnv } from './observe.ts'

/** A JWK Set (RFC 7517). */
export interface ReceiptKeysReply {
  readonly keys: readonly ReceiptKey[]
}

/** @throws {GreenprintError} `not_found` */
export async function answerReceipt(
  c: Context<AppEnv>,
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
  return c.json(receipt)
}

export function answerReceiptKeys(
  c: Context<AppEnv>,
  { receipts }: Pick<AppServices, 'receipts'>,
): Response {
  const reply: ReceiptKeysReply = { keys: receipts === null ? [] : [receipts.key] }
  return c.json(reply, 200, { 'cache-control': 'public, max-age=300' })
}
