// What a line of the log tells of a result, whichever kind it is of.

import { loggable } from '../log.ts'
import type { BandProof, NdviResult, PublishableResult } from '../model/result.ts'

type Logged = PublishableResult & Partial<Pick<NdviResult, 'proof'>>

export function resultFields({ id, cached, item, root, proof, publications }: Logged): object {
  const bands = Object.entries(proof?.bands ?? {}).map(([name, band]) => [name, costOf(band)])
  return {
    result: id,
    cached,
    item: item.id,
    root,
    ...(bands.length > 0 ? { bands: Object.fromEntries(bands) } : {}),
    publications: publications.map((publication) => ({
      service: publication.service,
      status: publication.status,
      ...('reason' in publication ? { reason: loggable(publication.reason) } : {}),
    })),
  }
}

function costOf({ trust, cid, bytes_read, blocks, requests, sources }: BandProof): object {
  return { trust, cid, bytes_read, blocks, requests, sources }
}
