// Who signs nothing.

import type { Signer } from '../../lib/signing/signer.ts'

export const unsigned: Signer = {
  sign: async (url) => ({ url, headers: {} }),
}
