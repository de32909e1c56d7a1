// What became of an upload that a service has taken: it stays taken, whatever happens to those who look for it.

import { describeError } from '../errors.ts'
import type { Receipt } from '../model/result.ts'

/**
 * What `look` finds; `unproven` where it fails, or where nobody waits for it any more.
 *
 * @param signal that `look` listens to
 */
export async function afterTaking(
  look: () => Promise<Receipt>,
  signal: AbortSignal,
): Promise<Receipt> {
  try {
    return await look()
  } catch (error) {
    const why = describeError(signal.aborted ? signal.reason : error)
    return {
      status: 'unproven',
      reason: `the service took it; what became of it is not known: ${why}`,
    }
  }
}
