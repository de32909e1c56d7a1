// What a line of the log tells of a result, whichever kind it is of.

import { loggable } from '../log.ts'
import type { BandProof, NdviResult, PublishableResult } from '../model/result.ts'

type Logged = PublishableResult & Partial<Pick<NdviResult, 'proof'>>

export function resultFields(result: Logged): object {
  const { id, cached, item, root, proof, publications, warnings } = result
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
    // What went wrong without failing: checks that could not be planned, too.
    ...(warnings.length > 0 ? { warnings: warnings.map(loggable) } : {}),
  }
}

function costOf({ trust, cid, bytes_read, blocks, requests, sources }: BandProof): object {
  return { trust, cid, bytes_read, blocks, requests, sources }
}
