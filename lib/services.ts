// From the configuration to the services that the pipeline needs. Only this file and worker.ts choose adapters.
// Long: it is one list of all adapters.

import { join } from 'node:path'
import { systemClock } from './async/clock.ts'
import { once } from './async/once.ts'
import { createCatalogue } from './catalogue/catalogue.ts'
import { sampleEntries } from './catalogue/sample-entries.ts'
import type { ChangeServices } from './change.ts'
import type { CompositeServices } from './composite.ts'
import type { Config } from './config/config.ts'
import { createAccessCheck } from './copies/access.ts'
import { BufferPool } from './copies/buffers.ts'
import { createOpenCopy, type OpenCopy } from './copies/open-copy.ts'
import { createReadAddress } from './copies/read-address.ts'
import type { FingerprintServices } from './fingerprint.ts'
import { createFingerprinter } from './fingerprints/fingerprinter.ts'
import { createFingerprints } from './fingerprints/fingerprints.ts'
import { readFingerprintResult } from './fingerprints/result-record.ts'
import { type Blocks, type BlocksOptions, createBlocks } from './ipfs/blocks.ts'
import { createGateway } from './ipfs/gateway.ts'
import { createNames } from './ipfs/names.ts'
import { Prefetcher } from './ipfs/prefetch.ts'
import { Providers } from './ipfs/providers.ts'
import { BlockRace } from './ipfs/race.ts'
import { createRouter } from './ipfs/router.ts'
import { parseCid } from './ipld/cid.ts'
import { createJobs } from './jobs/job-store.ts'
import type { JobQueue } from './jobs/queue.ts'
import { createSqsQueue } from './jobs/sqs-queue.ts'
import { createBlockStore } from './kept/block-store.ts'
import { createContentStore } from './kept/content-store.ts'
import { createBucketFiles, type WholeFiles } from './kept/whole-files.ts'
import { localQueue } from './local/queue.ts'
import { perObject } from './model/per-object.ts'
import { createHttp, type Http } from './net/http.ts'
import type { Services } from './pipeline.ts'
import { createBeside } from './publish/beside.ts'
import { type CheckPlan, createLocalPlan } from './publish/check-plan.ts'
import { createScheduledPlan } from './publish/check-scheduler.ts'
import { readJointResult } from './publish/joint-record.ts'
import { folderIn } from './publish/public-folder.ts'
import { createPublications } from './publish/publications.ts'
import { isKept } from './publish/publish-result.ts'
import { createPublished } from './publish/published.ts'
import { createPublishers } from './publish/publishers.ts'
import { createReceiptSigner } from './publish/receipt-signer.ts'
import { createResults, createResultsOf } from './publish/results.ts'
import { checkRetrieval, type RetrievalCheck } from './publish/retrieval.ts'
import { readVerification } from './publish/verification-record.ts'
import { readZonesResult } from './publish/zones-record.ts'
import { sampleBlocks } from './sample/sample.ts'
import type { SceneServices } from './scenes.ts'
import type { SeriesServices } from './series.ts'
import { createSigner } from './signing/signer.ts'
import { createWebDocuments } from './stac/web-documents.ts'
import { LONG_WORK } from './steps/composite-speed.ts'
import { createShelves } from './steps/create-shelves.ts'
import type { MapServices } from './steps/map-services.ts'
import { createDigestRecords } from './store/digest-records.ts'
import { createBoundedStore } from './store/disk/bounded-store.ts'
import { createDiskStore } from './store/disk/disk.ts'
import { createDiskCache } from './store/disk/disk-cache.ts'
import type { ObjectStore } from './store/objects.ts'
import { createRecordStore, type RecordStore } from './store/records.ts'
import { createS3Store } from './store/s3/s3.ts'
import { connectS3 } from './store/s3/s3-client.ts'
import { createForeignObjects, type ForeignObjects } from './store/s3/s3-documents.ts'
import { createSeriesRecords } from './store/series-records.ts'
import { createViews } from './store/visitors.ts'
import type { VerifyServices } from './verify.ts'
import type { ZonesServices } from './zones.ts'

export interface AppServices extends AllServices {
  /** The same for callers without a token: what they make is kept apart, for a while. */
  readonly visitors: AllServices
}

interface AllServices
  extends Services,
    SeriesServices,
    FingerprintServices,
    VerifyServices,
    ZonesServices,
    ChangeServices,
    CompositeServices,
    SceneServices,
    MapServices {
  /** Blocks of our own results and the sample: all of which /ipfs serves files. */
  readonly ownBlocks: Blocks
  /** Those and the inner nodes of fingerprinted files, which it serves as blocks alone: their leaves are elsewhere. */
  readonly ownNodes: Blocks
  /** Where files are downloaded that are too large for one reply; null when the store is not a bucket. */
  readonly wholeFiles: WholeFiles | null
  /** One line per source of blocks, for an answer that the time was up. */
  readonly sourceLines: () => readonly string[]
  /** Resolves when every fetched block is kept. */
  readonly settle: () => Promise<void>
  /** Small documents of all kinds, by key. */
  readonly records: RecordStore
  /** All that is kept here, by key. */
  readonly objects: ObjectStore
  /** Gateways of other operators, and what they are asked about. */
  readonly retrieval: RetrievalCheck
  /** The whole bucket of the store, outside its prefix too; null when the store is not a bucket. */
  readonly inbox: { readonly bucket: string; readonly objects: ForeignObjects } | null
}

/** Verified blocks that a process keeps in memory. */
const CACHE_BYTES = 64 * 1024 * 1024
/** Blocks from elsewhere that stay in this machine's folder: half of what a Lambda has by default. */
const DISK_CACHE_BYTES = 256 * 1024 * 1024

/** Whole files are read through so much memory, however many and however large they are. */
const BUFFERS = 8
const BUFFER_BYTES = 8 * 1024 * 1024

export function createServices(config: Config, http = createHttp(config.hosts)): AppServices {
  const bucket = config.s3 && createS3Store(config.s3)
  const objects = bucket ?? createFolder(config)
  const views = createViews(objects)
  const made = createContentStore(views.lasting)
  // What lasts is made of what lasts alone: a visitor's result is made anew.
  const store = createContentStore(objects)
  const records = createRecordStore(objects)
  const sample = sampleBlocks()
  // What is read of others, apart from what is made here: it is never served.
  const read = createBlockStore(objects, { folder: 'read', name: 'read' })
  const fingerprints = createFingerprints(objects, read)
  const { outboards } = fingerprints
  const gateways = config.gateways.map((gateway) => createGateway(gateway, http, systemClock))
  const routers = config.routers.map((url) => createRouter(url, http, config.hosts.allowPrivate))
  const openStranger = (url: string) =>
    createGateway({ url, headers: {} }, http, systemClock, { trusted: false })
  const providers = new Providers(routers, openStranger, systemClock)
  const network = new BlockRace(gateways, systemClock, routers.length > 0 ? providers : null)
  const never = new AbortController().signal
  const folderOf = folderIn(objects.name, config.publicFilesUrl)
  const publications = createPublications(records, systemClock, folderOf)
  const operators = config.publicGateways.map((gateway) =>
    createGateway(gateway, http, systemClock),
  )
  const retrieval = { gateways: operators, store: made, publications, clock: systemClock }
  const blocks = createBlocks({
    own: [
      made,
      { ...outboards, lacks: ['front', 'leaf'] },
      { ...read, lacks: ['leaf'], keepsParts: true },
      // Reading from itself, the local system takes the sample through its gateway, as a stranger would.
      ...(config.readsFromItself ? [] : [{ ...sample, isAtHand: true }]),
    ],
    keep: (cid, block) => read.put(cid, block, never),
    disk: createDiskCache(join(config.dataDir, 'cache'), DISK_CACHE_BYTES),
    prefetcher: new Prefetcher(gateways, network, systemClock),
    network,
    cacheBytes: CACHE_BYTES,
  })
  const shared = {
    blocks,
    sourceLines: () => network.lines,
    settle: () => blocks.settle(),
    ownBlocks: createOwnBlocks([made, sample]),
    ownNodes: createOwnBlocks([made, outboards, sample]),
    openCopy: createCopyDoor(config, http),
    readAddress: createReadAddress(http),
    access: createAccessCheck(systemClock),
    fingerprints,
    fingerprinter: createFingerprinter(fingerprints, {
      buffers: new BufferPool(BUFFERS, BUFFER_BYTES),
      clock: systemClock,
      maxFileBytes: config.maxFingerprintBytes,
    }),
    fingerprintResults: createResultsOf(records, readFingerprintResult),
    receipts: config.receiptKey === null ? null : createReceiptSigner(config.receiptKey),
    zonesResults: createResultsOf(records, readZonesResult),
    inputs: createDigestRecords(records, 'series/inputs'),
    longWork: LONG_WORK,
    series: createSeriesRecords(records, (series, signal) => isKept(series, made, signal)),
    documents: createWebDocuments(http, blocks),
    resolveName: createNames(gateways, systemClock),
    stacApiUrl: config.stacApiUrl,
    catalogUrl: config.contentsUrl,
    publications: retrieval.publications,
    retrieval,
    checkPlan: createCheckPlan(config, retrieval),
    objects,
    records,
    published: createPublished(records, systemClock),
    jobs: createJobs(records),
    queue: createQueue(config),
    clock: systemClock,
    publishers: createPublishers(config, store, folderOf),
    publishMinimum: config.publishMinimum,
    maxPixels: config.maxPixels,
    wholeFiles: bucket && createBucketFiles(bucket, made),
    inbox: config.s3 && {
      bucket: config.s3.bucket,
      objects: createForeignObjects(config.s3),
    },
    scratchFolder: join(config.dataDir, 'scratch'),
    shelves: createShelves(systemClock),
  }
  const fixed = config.local ? sampleEntries : undefined
  const keptIn = (view: ObjectStore) => ({
    beside: createBeside(createRecordStore(view)),
    catalogue: createCatalogue(view, fixed),
  })
  const resultsIn = (view: ObjectStore) => ({
    results: createResults(createRecordStore(view)),
    verifications: createResultsOf(createRecordStore(view), readVerification),
    jointResults: createResultsOf(createRecordStore(view), readJointResult),
  })
  return {
    ...shared,
    ...keptIn(views.lasting),
    ...resultsIn(objects),
    store,
    visitors: {
      ...shared,
      ...keptIn(views.visiting),
      ...resultsIn(views.visiting),
      store: createContentStore(views.visiting),
    },
  }
}

/** The same for whoever asks with the same configuration: doors of one process share what they keep in memory. */
export const servicesOf = perObject((config: Config): AppServices => createServices(config))

function createFolder({ dataDir, maxStoreBytes }: Config): ObjectStore {
  return createBoundedStore(createDiskStore(dataDir), dataDir, maxStoreBytes)
}

function createOwnBlocks(own: BlocksOptions['own']): Blocks {
  return createBlocks({ own, network: new BlockRace([], systemClock), cacheBytes: 0 })
}

function createQueue({ queueUrl, region, livesOn, dataDir }: Config): JobQueue | null {
  if (queueUrl !== null) return createSqsQueue(queueUrl, region)
  return livesOn ? localQueue(dataDir, systemClock) : null
}

function createCheckPlan(
  { checks, livesOn, publicGateways }: Config,
  retrieval: RetrievalCheck,
): CheckPlan | null {
  if (publicGateways.length === 0) return null
  if (checks !== null) return createScheduledPlan(checks, systemClock)
  if (!livesOn) return null
  return createLocalPlan(
    (root, signal) => checkRetrieval(parseCid(root), retrieval, signal),
    systemClock,
  )
}

/** Opens the plain copies that items name: https for everybody, S3 where the operator lets our credentials be used. */
function createCopyDoor({ mirrorBuckets, sourceHeaders, s3 }: Config, http: Http): OpenCopy {
  const region = s3?.region ?? 'us-west-2'
  return createOpenCopy({
    http,
    signer: createSigner(sourceHeaders, http, systemClock),
    clock: systemClock,
    mirrorBuckets,
    connect: once(() => connectS3({ bucket: '', prefix: '', region })),
  })
}
