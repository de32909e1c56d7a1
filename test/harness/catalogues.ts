// The catalogues that people use, emulated: an item of each as it writes them, and the manners of its hosts.
// Long: one entry for each catalogue.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { JsonObject } from '../../lib/model/json.ts'
import type { ProducerChecksum } from '../../lib/model/result.ts'
import { fileHost, loginHost, loginPage, stacApi } from './catalogue-hosts.ts'
import { answerCopy, type CopyHost } from './copy-host.ts'
import type { Answer } from './emulated-hosts.ts'

/** In everything that signs a request or names who asks: it must be found nowhere afterwards. */
export const CANARY = 'CANARY-5b1e'

/** What a catalogue's row may differ in from one start of its hosts to the next. */
export interface Hosts {
  readonly answers: ReadonlyMap<string, Answer>
  readonly item: JsonObject
}

export interface Catalogue {
  readonly name: string
  /** Root of its STAC API. */
  readonly api: string
  /** What is searched for; without it, what the deployment searches by default. */
  readonly collections?: readonly string[]
  /** Scene of test/fixtures/synthetic/expected.json that its files are. */
  readonly scene: string
  /** Rule of radiometry that must fire. */
  readonly rule: string
  /** What the deployment has to be told to read it. */
  readonly env: Readonly<Record<string, string>>
  /** What the checksum of the red band comes to. */
  readonly checksum: ProducerChecksum['status']
  /** Whose it is, in the words of POST /fingerprint; null where nobody is known to have made one. */
  readonly by: RegExp | null
  readonly start: () => Promise<Hosts>
}

interface Band {
  readonly key: string
  /** Of test/fixtures/synthetic. */
  readonly file: string
  /** Within the folder of the scene. */
  readonly name: string
  readonly fields?: JsonObject
}

const bbox = [-62.2, -3.7, -62, -3.5]
const folder = new URL('../fixtures/synthetic/', import.meta.url)

async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`${file}.tif`, folder)))
}

export function multihash(algorithm: 'sha256' | 'sha512' | 'md5' | 'sha1', bytes: Uint8Array) {
  const prefix = { sha256: '1220', sha512: '1340', md5: 'd50110', sha1: '1114' }[algorithm]
  return prefix + createHash(algorithm).update(bytes).digest('hex')
}

interface Described {
  readonly id: string
  readonly collection: string
  readonly properties: JsonObject
  readonly bands: readonly Band[]
  /** Of a file, by its bytes: checksums and sizes, alternates. */
  readonly about?: (bytes: Uint8Array, name: string) => JsonObject
  /** Address of a file. */
  readonly href: (name: string) => string
  readonly more?: JsonObject
}

async function describeItem(described: Described): Promise<JsonObject> {
  const { id, collection, properties, bands, about = () => ({}), href, more = {} } = described
  const assets: Record<string, JsonObject> = {}
  for (const { key, file, name, fields = {} } of bands) {
    const bytes = await bytesOf(file)
    assets[key] = { href: href(name), type: COG, ...fields, ...about(bytes, name) }
  }
  return {
    type: 'Feature',
    stac_version: '1.0.0',
    id,
    collection,
    bbox,
    geometry: null,
    properties: { datetime: '2023-07-23T14:27:09Z', 'eo:cloud_cover': 12, ...properties },
    assets: { ...assets, ...more },
    links: [{ rel: 'self', href: `https://stac.example/${collection}/${id}?token=${CANARY}` }],
  }
}

const COG = 'image/tiff; application=geotiff; profile=cloud-optimized'

/** The files of an item under the path of each, on a host of its own. */
async function filesAt(
  origin: string,
  bands: readonly Band[],
  path: (name: string) => string,
): Promise<{ readonly files: CopyHost; readonly answer: Answer }> {
  const host = fileHost(origin)
  for (const { file, name } of bands) host.files.put(path(name), await bytesOf(file))
  return host
}

const sentinel2Bands = (
  file: string,
  keys: readonly [string, string, string],
  fields: JsonObject,
) =>
  [
    { key: keys[0], file: `${file}-red`, name: 'B04.tif', fields },
    { key: keys[1], file: `${file}-nir`, name: 'B08.tif', fields },
    { key: keys[2], file: 'sentinel-2-scl', name: 'SCL.tif' },
  ] as const
const landsatBands = (
  keys: readonly [string, string, string],
  product: string,
  fields: JsonObject = {},
) =>
  [
    { key: keys[0], file: 'landsat-red', name: `${product}_B4.TIF`, fields },
    { key: keys[1], file: 'landsat-nir', name: `${product}_B5.TIF`, fields },
    { key: keys[2], file: 'landsat-qa', name: `${product}_QA_PIXEL.TIF` },
  ] as const

const PUBLIC = { env: {}, by: null, checksum: 'absent' } as const
const scaled = (offset: number) => ({ 'raster:bands': [{ scale: 1e-4, offset, nodata: 0 }] })
const EARTH_SEARCH = 'https://earth-search.aws.element84.com'
const SAFE = 'S2B_MSIL2A_20230723T142709_N0509_R053_T20MRB_20230723T191211.SAFE'

/** Files for everybody, in one bucket of S3. */
function publicCatalogue(
  described: Omit<Described, 'href'>,
  place: {
    readonly api: string
    readonly host: string
    readonly path: string
    readonly s3?: string
  },
): () => Promise<Hosts> {
  const { api, host, path, s3 } = place
  return async () => {
    const { answer } = await filesAt(`https://${host}`, described.bands, (name) => path + name)
    const href = (name: string) => `${s3 ?? `https://${host}/`}${path}${name}`
    const item = await describeItem({ ...described, href })
    const { hostname, pathname } = new URL(api)
    return {
      item,
      answers: new Map([
        [hostname, stacApi(() => [item], pathname)],
        [host, answer],
      ]),
    }
  }
}

const checksums = (bytes: Uint8Array) => ({
  'file:checksum': multihash('sha256', bytes),
  'file:size': bytes.length,
})

const earthSearch: readonly Catalogue[] = [
  {
    name: 'Earth Search, Collection 1',
    api: `${EARTH_SEARCH}/v1`,
    scene: 'sentinel-2 baseline 05.09',
    rule: 'stac',
    env: {},
    checksum: 'verified',
    by: /^Element 84, of its own Cloud Optimized GeoTIFF, made of ESA's S2B_MSIL2A.*\.SAFE$/,
    start: publicCatalogue(
      {
        id: 'S2B_T20MRB_20230723T142731_L2A',
        collection: 'sentinel-2-c1-l2a',
        properties: {
          platform: 'sentinel-2b',
          'grid:code': 'MGRS-20MRB',
          's2:product_uri': SAFE,
          's2:processing_baseline': '05.09',
        },
        bands: sentinel2Bands('sentinel-2', ['red', 'nir', 'scl'], scaled(-0.1)),
        about: checksums,
      },
      {
        api: `${EARTH_SEARCH}/v1`,
        host: 'e84-earth-search-sentinel-data.s3.us-west-2.amazonaws.com',
        path: 'sentinel-2-c1-l2a/20/M/RB/2023/7/S2B_T20MRB_20230723T142731_L2A/',
      },
    ),
  },
  ...(
    [
      [
        'v1',
        'sentinel-2-l2a',
        'earthsearch:boa_offset_applied',
        ['red', 'nir', 'scl'],
        scaled(-0.1),
      ],
      ['v0', 'sentinel-s2-l2a-cogs', 'sentinel:boa_offset_applied', ['B04', 'B08', 'SCL'], {}],
    ] as const
  ).map(
    ([version, collection, applied, keys, fields]): Catalogue => ({
      ...PUBLIC,
      name: `Earth Search ${version}, ${collection}`,
      api: `${EARTH_SEARCH}/${version}`,
      collections: [collection],
      scene: 'sentinel-2 offset applied',
      rule: version === 'v1' ? 'stac' : 's2',
      start: publicCatalogue(
        {
          id: 'S2B_20MRB_20230723_0_L2A',
          collection,
          properties: { platform: 'sentinel-2b', [applied]: true },
          bands: sentinel2Bands('sentinel-2-old', keys, fields),
        },
        {
          api: `${EARTH_SEARCH}/${version}`,
          host: 'sentinel-cogs.s3.us-west-2.amazonaws.com',
          path: 'sentinel-s2-l2a-cogs/20/M/RB/2023/7/S2B_20MRB_20230723_0_L2A/',
        },
      ),
    }),
  ),
]

const USGS = 'https://landsatlook.usgs.gov/stac-server'

function usgs(collection: string, id: string, scene: string, rule: string): Catalogue {
  const bands = landsatBands(['red', 'nir08', 'qa_pixel'], id)
  const path = `collection02/oli-tirs/2023/231/062/${id}/`
  return {
    name: `USGS, ${collection}`,
    api: USGS,
    collections: [collection],
    scene,
    rule,
    env: { S3_MIRROR_BUCKETS: 'usgs-landsat' },
    checksum: 'verified',
    by: /^USGS, the producer$/,
    async start() {
      const item = await describeItem({
        id: collection === 'landsat-c2l2-sr' ? `${id}_SR` : id,
        collection,
        properties: { platform: 'LANDSAT_9', 'landsat:correction': id.split('_')[1] ?? '' },
        bands,
        href: (name) => `https://landsatlook.usgs.gov/data/${path}${name}`,
        about: (bytes, name) => ({
          'file:checksum': multihash('sha512', bytes),
          alternate: {
            s3: {
              'storage:platform': 'AWS',
              'storage:requester_pays': true,
              href: `s3://usgs-landsat/${path}${name}`,
            },
          },
        }),
      })
      const api = stacApi(() => [item], '/stac-server')
      const login = loginHost('https://ers.cr.usgs.gov/login')
      const bucket = await filesAt('https://usgs', bands, (name) => `usgs-landsat/${path}${name}`)
      return {
        item,
        answers: new Map([
          [
            'landsatlook.usgs.gov',
            (request, response, url, emulated) =>
              (url.pathname.startsWith('/data/') ? login : api)(request, response, url, emulated),
          ],
          ['ers.cr.usgs.gov', loginPage],
          // What S3 does, wherever it is asked: test/integration/catalogues.test.ts puts it on loopback.
          [REQUESTER_PAYS, requesterPays(bucket.files)],
        ]),
      }
    },
  }
}

/** Not a name of the DNS: the SDK finds S3 by itself. */
export const REQUESTER_PAYS = 's3'

/** Signed requests that say who pays; all others are refused. */
function requesterPays(files: CopyHost): Answer {
  return async (request, response) => {
    const { authorization = '', 'x-amz-request-payer': payer } = request.headers
    if (authorization.startsWith('AWS4-HMAC-SHA256') && payer === 'requester') {
      return answerCopy(files, request, response)
    }
    response.writeHead(403, { 'content-type': 'application/xml' })
    response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>')
  }
}

const COMPUTER = 'https://planetarycomputer.microsoft.com/api/stac/v1'

export interface Blobs {
  /** Requests that the first token signs before it is over; null = as many as there are. */
  uses: number | null
  /** Whether every token is refused. */
  refuses: boolean
  /** Tokens that were given out. */
  given: number
}

/** Blobs of one container behind a token that anybody may have for a while. */
export function planetaryComputer(
  row: Pick<Catalogue, 'name' | 'collections' | 'scene' | 'rule'>,
  described: Omit<Described, 'href'>,
  { account, container }: { readonly account: string; readonly container: string },
  blobs: Blobs = { uses: null, refuses: false, given: 0 },
): Catalogue {
  const host = `${account}.blob.core.windows.net`
  return {
    ...PUBLIC,
    ...row,
    api: COMPUTER,
    async start() {
      const { files } = await filesAt(
        `https://${host}`,
        described.bands,
        (name) => `${container}/${name}`,
      )
      // As a caller has it whose own token is over by now.
      const old = `st=2023&se=2023&sp=rl&sv=2021-12-02&sr=c&sig=${CANARY}-old`
      const href = (name: string) => `https://${host}/${container}/${name}?${old}`
      const item = await describeItem({ ...described, href })
      const api = stacApi(() => [item], '/api/stac/v1')
      return {
        item,
        answers: new Map<string, Answer>([
          [
            'planetarycomputer.microsoft.com',
            (request, response, url, emulated) => {
              if (url.pathname !== `/api/sas/v1/token/${account}/${container}`) {
                return api(request, response, url, emulated)
              }
              blobs.given++
              const expiry = new Date(Date.now() + 45 * 60_000).toISOString()
              const token = `st=2026&se=2026&sp=rl&sv=2025&sr=c&sig=${CANARY}-${blobs.given}`
              response.end(JSON.stringify({ 'msft:expiry': expiry, token }))
            },
          ],
          [host, azure(files, blobs)],
        ]),
      }
    },
  }
}

function azure(files: CopyHost, blobs: Blobs): Answer {
  let used = 0
  return (request, response, { searchParams }) => {
    const sig = searchParams.get('sig')
    // https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-prevent
    if (sig === null) return void response.writeHead(409).end('PublicAccessNotPermitted')
    const number = Number(sig.replace(`${CANARY}-`, ''))
    if (number === 1) used++
    const isOver = number === 1 && blobs.uses !== null && used > blobs.uses
    if (Number.isNaN(number) || isOver || blobs.refuses) {
      return void response.writeHead(403).end('AuthenticationFailed')
    }
    return answerCopy(files, request, response)
  }
}

export const landsatOfComputer: Omit<Described, 'href'> = {
  id: 'LC09_L2SP_231062_20230723_02_T1',
  collection: 'landsat-c2-l2',
  properties: {
    platform: 'landsat-9',
    'landsat:correction': 'L2SP',
    'landsat:collection_number': '02',
  },
  bands: landsatBands(['red', 'nir08', 'qa_pixel'], 'LC09_L2SP_231062_20230723_20230802_02_T1_SR', {
    'raster:bands': [{ scale: 2.75e-5, offset: -0.2, nodata: 0 }],
  }),
}

const computers: readonly Catalogue[] = [
  planetaryComputer(
    {
      name: 'Planetary Computer, landsat-c2-l2',
      collections: ['landsat-c2-l2'],
      scene: 'Landsat without bitfields',
      rule: 'stac',
    },
    landsatOfComputer,
    { account: 'landsateuwest', container: 'landsat-c2' },
  ),
  planetaryComputer(
    {
      name: 'Planetary Computer, sentinel-2-l2a',
      collections: ['sentinel-2-l2a'],
      scene: 'sentinel-2 baseline 05.09',
      rule: 's2',
    },
    {
      id: SAFE.replace('_N0509', '').replace('.SAFE', ''),
      collection: 'sentinel-2-l2a',
      properties: {
        platform: 'Sentinel-2B',
        's2:processing_baseline': '05.09',
        's2:product_uri': SAFE,
      },
      bands: sentinel2Bands('sentinel-2', ['B04', 'B08', 'SCL'], {}),
    },
    { account: 'sentinel2l2a01', container: 'sentinel2-l2' },
  ),
]

const LP_DAAC = 'data.lpdaac.earthdatacloud.nasa.gov'
const DISTRIBUTION = 'd1nklfio7vscoe.cloudfront.net'

function harmonized(half: 'L30' | 'S30', nir: string): Catalogue {
  const id = `HLS.${half}.T20MRB.2023204T142709.v2.0`
  const collection = `HLS${half}_2.0`
  const bands = [
    { key: 'B04', file: 'hls-red', name: `${id}.B04.tif` },
    { key: nir, file: 'hls-nir', name: `${id}.${nir}.tif` },
    { key: 'Fmask', file: 'hls-fmask', name: `${id}.Fmask.tif` },
  ]
  const api = 'https://cmr.earthdata.nasa.gov/stac/LPCLOUD'
  return {
    name: `LP DAAC, ${collection}`,
    api,
    collections: [collection],
    scene: `HLS ${half}`,
    rule: 'hls',
    env: { SOURCE_HEADERS: `https://${LP_DAAC}|Authorization: Bearer ${CANARY}-earthdata` },
    checksum: 'absent',
    by: null,
    async start() {
      const path = `lp-prod-protected/HLS${half}.020/${id}/`
      const { files } = await filesAt(`https://${DISTRIBUTION}`, bands, (name) => path + name)
      const href = (name: string) => `https://${LP_DAAC}/${path}${name}`
      const item = await describeItem({ id, collection, properties: {}, bands, href })
      return {
        item,
        answers: new Map<string, Answer>([
          ['cmr.earthdata.nasa.gov', stacApi(() => [item], '/stac/LPCLOUD')],
          [LP_DAAC, earthdata],
          ['urs.earthdata.nasa.gov', loginPage],
          [DISTRIBUTION, presigned(files)],
        ]),
      }
    },
  }
}

/** Who is known is sent to a signed address of another host, everybody else to where one logs in. */
const earthdata: Answer = ({ headers }, response, { pathname }, emulated) => {
  const isKnown = headers.authorization === `Bearer ${CANARY}-earthdata`
  const signed = `Expires=1&Signature=${CANARY}&Key-Pair-Id=${CANARY}`
  const to = isKnown
    ? `https://${DISTRIBUTION}${pathname}?A-userid=somebody&${signed}`
    : `https://urs.earthdata.nasa.gov/oauth/authorize?client_id=x`
  response.writeHead(303, { location: emulated(to) }).end()
}

/** S3 refuses what is signed in two ways. */
function presigned(files: CopyHost): Answer {
  return (request, response, { searchParams }) => {
    if (request.headers.authorization !== undefined) {
      return void response.writeHead(400).end('Only one auth mechanism allowed')
    }
    if (searchParams.get('Signature') !== CANARY) return void response.writeHead(403).end()
    return answerCopy(files, request, response)
  }
}

const openDataCubes: readonly Catalogue[] = [
  {
    ...PUBLIC,
    name: 'Digital Earth Africa, ls9_sr',
    api: 'https://explorer.digitalearth.africa/stac',
    collections: ['ls9_sr'],
    scene: 'Landsat without bitfields',
    rule: 'l2sr',
    start: publicCatalogue(
      {
        id: '29ae7a52-0b8f-5c5c-9d8c-3c5e3f1a7a11',
        collection: 'ls9_sr',
        properties: {
          platform: 'landsat-9',
          instruments: ['oli', 'tirs'],
          'odc:product': 'ls9_sr',
        },
        bands: landsatBands(
          ['SR_B4', 'SR_B5', 'QA_PIXEL'],
          'LC09_L2SP_231062_20230723_20230802_02_T1',
        ),
      },
      {
        api: 'https://explorer.digitalearth.africa/stac',
        host: 'deafrica-landsat.s3.af-south-1.amazonaws.com',
        path: 'collection02/level-2/standard/oli-tirs/2023/231/062/',
        s3: 's3://deafrica-landsat/',
      },
    ),
  },
  {
    ...PUBLIC,
    name: 'Geoscience Australia, ga_ls9c_ard_3',
    api: 'https://explorer.dea.ga.gov.au/stac',
    collections: ['ga_ls9c_ard_3'],
    scene: 'GA ARD',
    rule: 'ga',
    checksum: 'unsupported',
    start: publicCatalogue(
      {
        id: '7f5f5c0a-4a3f-4f0e-8f0b-0d7c3b9f2c11',
        collection: 'ga_ls9c_ard_3',
        properties: {
          title: 'ga_ls9c_ard_3-2-1_091084_2023-07-23_final',
          platform: 'landsat-9',
          instruments: ['oli'],
          'odc:product': 'ga_ls9c_ard_3',
        },
        bands: [
          { key: 'nbart_red', file: 'ga-red', name: 'nbart-red.tif' },
          { key: 'nbart_nir', file: 'ga-nir', name: 'nbart-nir.tif' },
          { key: 'oa_fmask', file: 'ga-fmask', name: 'oa-fmask.tif' },
        ],
        more: {
          'checksum:sha1': {
            href: 's3://dea-public-data/baseline/ga_ls9c_ard_3/ga_ls9c_ard_3.sha1',
            type: 'text/plain',
          },
        },
      },
      {
        api: 'https://explorer.dea.ga.gov.au/stac',
        host: 'dea-public-data.s3.ap-southeast-2.amazonaws.com',
        path: 'baseline/ga_ls9c_ard_3/091/084/2023/07/23/',
        s3: 's3://dea-public-data/',
      },
    ),
  },
]

export const catalogues: readonly Catalogue[] = [
  ...earthSearch,
  usgs(
    'landsat-c2l2-sr',
    'LC09_L2SP_231062_20230723_20230802_02_T1',
    'Landsat without bitfields',
    'l2sr',
  ),
  usgs('landsat-c2l1', 'LC09_L1TP_231062_20230723_20230802_02_T1', 'Landsat level 1', 'l1toa'),
  ...computers,
  harmonized('L30', 'B05'),
  harmonized('S30', 'B8A'),
  ...openDataCubes,
]

/** Answers a request that came without a name of the emulated hosts. */
export async function answerAs(
  answer: Answer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  await answer(request, response, url, (address) => address)
}
