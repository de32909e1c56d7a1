// Every fault for callers: what it means and what to do, the words that docs/api.md and the examples have.

import { errorCodes } from '../../errors.ts'
import * as z from '../../request/zod.ts'
import type { Problem, Way } from '../problem.ts'

interface Advice {
  readonly wrong: string
  readonly advice: string
}

/** docs/api.md has the same rows; a test compares them. */
export const advices: Readonly<Record<Problem['code'], Advice>> = {
  invalid_request: {
    wrong: 'the request cannot be read, or says something that has no meaning here',
    advice: 'correct the fields that `details` names',
  },
  host_refused: {
    wrong: 'a URL names a host that this deployment does not fetch from',
    advice:
      'use a public `https:` host, or one of `ALLOWED_HOSTS`; the operator may name private ones (`PRIVATE_HOSTS`)',
  },
  unauthorized: {
    wrong: 'publishing and jobs need a token',
    advice: 'send `Authorization: Bearer <token>`',
  },
  publishing_disabled: {
    wrong: 'this deployment has no `API_TOKENS`',
    advice: 'ask without `pin` and without `Prefer: respond-async`',
  },
  fingerprint_needed: {
    wrong: 'the scene names no CIDs, and its files were not fingerprinted here yet',
    advice: 'ask with a token, or with `"trust": "transport"`',
  },
  cross_site: {
    wrong: 'a page of another site asks the local system to compute, fetch, queue or publish',
    advice: 'ask from a program, or from a page of its own address',
  },
  not_found: {
    wrong: 'there is no such route, job or content here',
    advice: 'check the address; ask a public gateway for content of others',
  },
  scene_not_found: {
    wrong: 'the search found no scene that can be used',
    advice: 'widen the search',
  },
  method_not_allowed: {
    wrong: 'the address does not take this method',
    advice: 'use one of those that `Allow` names',
  },
  not_acceptable: {
    wrong: 'content is not served in the form asked for',
    advice: 'ask with `format=raw`, `format=car`, or without',
  },
  source_changed: {
    wrong: 'a file changed at its address since its fingerprint, or while it was read',
    advice: 'ask with `Cache-Control: no-cache` for a new fingerprint',
  },
  not_cached: {
    wrong: '`Cache-Control: only-if-cached`, and the content is not here',
    advice: 'ask another gateway',
  },
  condition_failed: {
    wrong: '`If-Match` names none of the content there',
    advice: 'begin anew, without what came before',
  },
  too_large: {
    wrong: 'the request, the grid or the answer is over its limit',
    advice: 'ask for what the message says, or as one of `ways` does',
  },
  unsupported_media_type: {
    wrong:
      'a body packed by another coding than gzip, deflate or br, or, at the local system, of another type than JSON',
    advice: 'send it as it is, with `Content-Type: application/json`',
  },
  misdirected: {
    wrong:
      'the local system was asked under a name that is not its own, or a deployment around the CDN before it',
    advice:
      'ask `127.0.0.1` or `localhost`, or set `PUBLIC_URL`; ask the address that the message names',
  },
  item_invalid: {
    wrong: 'the document is not a STAC Item',
    advice: 'give the URL of an Item, not of a Collection or a page',
  },
  asset_missing: {
    wrong: 'the item has no red or no near-infrared band',
    advice: 'give an item of a product that has both',
  },
  asset_unusable: {
    wrong: 'a band can be read neither by a CID nor from a plain copy',
    advice: 'give an item whose bands name CIDs, or public copies over https or S3',
  },
  content_unusable: {
    wrong: 'the bytes are what the CID names, but not a file that can be read',
    advice: 'check the CID in the item',
  },
  checksum_mismatch: {
    wrong: 'a file is not the one that its item describes (`file:checksum`, `file:size`)',
    advice: 'take the item’s current version',
  },
  login_needed: {
    wrong: 'the host of a file wants a login or a signature that this deployment does not have',
    advice: 'see `SOURCE_HEADERS` and `S3_MIRROR_BUCKETS`',
  },
  source_refused: {
    wrong:
      'a file lies where this deployment does not read, or its host never serves it as it has to be read; `details` names the host and why',
    advice: 'give an item whose files lie at public `https:` hosts that answer ranges',
  },
  raster_unusable: {
    wrong: 'the file is not a GeoTIFF that can be read',
    advice: 'give an item whose bands are Cloud Optimized GeoTIFFs',
  },
  grids_differ: {
    wrong: 'red and near-infrared do not lie on one grid',
    advice: 'choose assets of one resolution',
  },
  outside_scene: {
    wrong: 'the area does not touch the scene',
    advice: 'choose an area within the bounds that the message tells',
  },
  radiometry_unknown: {
    wrong: 'the item does not name the scale that was asked for',
    advice: 'ask for another `scale`',
  },
  mask_unavailable: {
    wrong: 'the scene has no quality band for the mask that was asked for',
    advice: 'ask with an empty `mask`',
  },
  internal: {
    wrong: 'something went wrong here; it was logged',
    advice: 'try again',
  },
  invalid_configuration: {
    wrong: 'the deployment is not configured for this',
    advice: 'tell its operator',
  },
  car_invalid: {
    wrong: 'the directory to be published did not pass its own validation',
    advice: 'tell its operator',
  },
  store_failed: {
    wrong: 'the deployment’s own store failed',
    advice: 'try again',
  },
  queue_failed: {
    wrong: 'the job queue failed',
    advice: 'try again',
  },
  item_unreachable: {
    wrong: 'the item’s URL does not answer with it',
    advice: 'check the URL, or give the item itself',
  },
  search_failed: {
    wrong: 'the STAC API failed, or answered something else',
    advice: 'try again, or give the item itself',
  },
  content_unavailable: {
    wrong: 'no source had a block; `details` has one line for each',
    advice: 'try again: verified blocks are kept',
  },
  publishing_failed: {
    wrong: 'too few publishers hold the result',
    advice: 'try again: the result is kept',
  },
  deadline_exceeded: {
    wrong: 'time was up',
    advice: 'ask again, since verified blocks are kept, or ask for a job',
  },
}

const way: z.ZodType<Way> = z
  .object({
    title: z.string(),
    method: z.string(),
    href: z.string(),
    headers: z.record(z.string(), z.string()).exactOptional(),
    body: z
      .record(z.string(), z.json())
      .exactOptional()
      .meta({ description: 'of a large one, the fields that are to be set alone' }),
  })
  .meta({ id: 'Way' })

export const problemSchema: z.ZodType<Problem> = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int(),
    code: z.enum([...errorCodes, 'internal']).meta({ description: 'stable' }),
    detail: z.string().meta({ description: 'what was wrong and what to do' }),
    details: z
      .array(z.string())
      .exactOptional()
      .meta({ description: 'one line per source, per field, per publisher' }),
    job: z
      .object({ id: z.string(), href: z.string() })
      .exactOptional()
      .meta({ description: 'the job that goes on with work that was not done in time' }),
    ways: z
      .array(way)
      .exactOptional()
      .meta({ description: 'requests that would go on, of `fingerprint_needed` and `too_large`' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })
