// A whole deployment in virtual time: notices, queue, workers and store, with processes that die at any point.
// Long: the processes, what befalls them and what is watched of them are one simulation.

import { GreenprintError } from '../../../lib/errors.ts'
import { createFingerprints } from '../../../lib/fingerprints/fingerprints.ts'
import { readFingerprintResult } from '../../../lib/fingerprints/result-record.ts'
import { type QueueRecord, workDeliveries } from '../../../lib/jobs/deliveries.ts'
import type { Job } from '../../../lib/jobs/job.ts'
import { createJobs } from '../../../lib/jobs/job-store.ts'
import { type JobServices, resubmitJob, submitJob } from '../../../lib/jobs/submit.ts'
import { createBlockStore } from '../../../lib/kept/block-store.ts'
import { createContentStore } from '../../../lib/kept/content-store.ts'
import type { NdviOrder } from '../../../lib/model/request.ts'
import { readJointResult } from '../../../lib/publish/joint-record.ts'
import { createPublications } from '../../../lib/publish/publications.ts'
import { createPublished } from '../../../lib/publish/published.ts'
import { createResults, createResultsOf } from '../../../lib/publish/results.ts'
import { readVerification } from '../../../lib/publish/verification-record.ts'
import { readZonesResult } from '../../../lib/publish/zones-record.ts'
import { createDigestRecords } from '../../../lib/store/digest-records.ts'
import { createRecordStore } from '../../../lib/store/records.ts'
import { createMemoryStore, type MemoryStore } from '../../harness/memory-store.ts'
import { type Fate, type Mishap, Mortal } from '../../harness/mortal.ts'
import { type Random, randomFrom } from '../../harness/random.ts'
import { SimulatedQueue } from '../../harness/simulated-queue.ts'
import { VirtualClock } from '../../harness/virtual-clock.ts'
import { nameOf, type SimulatedScene, simulateCompute } from './scenes.ts'

/** As sst.config.ts has them, but for the batches. */
const TIMEOUT_MS = 900_000
const queueSettings = { visibilityMs: 6 * TIMEOUT_MS, mostReceives: 5, twice: 0.01 }
const MOST_WORKERS = 40
const MOST_BATCH = 10
const POLL_MS = 5_000

const forever = new AbortController().signal

/** A notice as it reached the topic. */
export interface ToldNotice {
  readonly id: string
  readonly status: string
}

export class World {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1))
  readonly dice: Random
  readonly store: MemoryStore
  readonly events: SimulatedQueue
  readonly queue: SimulatedQueue
  readonly told: ToldNotice[] = []
  /** Roots, each time that a publisher was handed one. */
  readonly published: string[] = []
  /** Changes of a job's status, as `id accepted>running`; `told>accepted` where one that was told of begins anew. */
  readonly changes: string[] = []
  /** Keys, each time that one was written. */
  readonly writes: string[] = []
  /** Jobs whose worker met with a mishap while it had told of them and not yet written it down. */
  readonly toldInVain = new Set<string>()
  /** The same of publications, by root. */
  readonly publishedInVain = new Set<string>()
  /** Jobs whose worker stood still. */
  readonly stoodStill = new Set<string>()
  readonly mishaps = new Map<string, number>()
  readonly outcomes = new Map<string, number>()
  readonly reasons: string[] = []
  readonly #scenes: ReadonlyMap<string, SimulatedScene>
  readonly #fate: Fate
  readonly #visits = new Map<string, number>()

  constructor(
    seed: number,
    { killEvery, ...fate }: Omit<Fate, 'dies'> & { readonly killEvery: number },
    scenes: ReadonlyMap<string, SimulatedScene>,
  ) {
    this.#fate = { ...fate, dies: (place) => this.#dies(place, killEvery) }
    this.#scenes = scenes
    this.dice = randomFrom(seed)
    this.store = createMemoryStore((key, body, before) => this.#watch(key, body, before))
    this.events = new SimulatedQueue(
      { ...queueSettings, visibilityMs: 60_000 },
      this.clock,
      this.dice,
    )
    this.queue = new SimulatedQueue(queueSettings, this.clock, this.dice)
  }

  /** Delivers until nothing is left in either queue. */
  async run(arrivals: Promise<void>): Promise<void> {
    const arriving = { over: false }
    const working = new Set<Promise<void>>()
    const begin = (invocation: Promise<void>) => {
      const over = invocation.finally(() => working.delete(over))
      working.add(over)
    }
    const whole = async () => {
      while (!arriving.over || !this.events.isEmpty || !this.queue.isEmpty || working.size > 0) {
        if (working.size < MOST_WORKERS) {
          const notices = this.events.receive(this.dice.whole(1, MOST_BATCH))
          if (notices.length > 0) begin(this.#notice(notices))
          const jobs = this.queue.receive(this.dice.whole(1, MOST_BATCH))
          if (jobs.length > 0) begin(this.#work(jobs))
        }
        await this.clock.sleep(POLL_MS, forever)
      }
    }
    const arrived = arrivals.finally(() => {
      arriving.over = true
    })
    await this.clock.run(Promise.all([arrived, whole()]).then(() => undefined))
  }

  /** What lies in the store in the end. */
  records() {
    const read = (prefix: string) =>
      [...this.store.objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, body]) => [key.slice(prefix.length, -'.json'.length), parse(body)] as const)
    return {
      jobs: new Map<string, Job>(read('jobs/')),
      roots: new Map<string, string>(read('results/').map(([id, { root }]) => [id, root])),
      publishedRoots: new Set(read('publications/').map(([root]) => root)),
    }
  }

  /** The door of notices: one submission for each, and those that failed go back. */
  async #notice(records: readonly QueueRecord[]): Promise<void> {
    const process = this.#process(() => undefined)
    const services = this.#services(process)
    const handler = async () => {
      for (const { messageId, body } of records) {
        const order: NdviOrder = JSON.parse(body)
        const submitted = await submitJob(order, services, forever).catch(() => null)
        if (submitted !== null) this.events.delete(messageId)
      }
    }
    await Promise.race([handler(), process.death])
  }

  /** One invocation of the worker, until it answers, dies or is stopped. */
  async #work(records: readonly QueueRecord[]): Promise<void> {
    const current = { id: '', told: '', published: '' }
    const process = this.#process((mishap) => {
      if (mishap === 'frozen') this.stoodStill.add(current.id)
      this.toldInVain.add(current.told)
      this.publishedInVain.add(current.published)
    })
    const services = this.#services(process)
    const topic = process.topic({
      publish: async (notice) => {
        const { id } = JSON.parse(notice.message)
        current.told = id
        this.told.push({ id, status: String(notice.attributes['status']) })
      },
    })
    const publish = (root: string) =>
      process.call('publish', forever, async () => {
        current.published = root
        this.published.push(root)
      })
    const compute = simulateCompute(this.#scenes, services, process.clock, this.dice, publish)
    const end = this.clock.now() + TIMEOUT_MS
    const answer = workDeliveries(
      records,
      {
        ...services,
        compute: async (order, tell, signal) => {
          current.id = this.#scenes.get(nameOf(order))?.id ?? ''
          const result = await compute(order, tell, signal)
          current.published = ''
          return result
        },
        resubmit: (order, signal) => resubmitJob(order, services, signal),
        announce: (job, signal) =>
          topic.publish(
            { message: JSON.stringify({ id: job.id }), attributes: { status: job.outcome } },
            signal,
          ),
        startDeadline: (ms) => this.#deadline(ms, process),
        functionName: 'worker',
        isCold: () => false,
        log: (_level, line) => {
          if (line['event'] !== 'job') return
          // The record of the last job was written, or it never will be.
          current.told = ''
          this.#add(this.outcomes, String(line['outcome']))
          if (line['outcome'] !== 'done') this.reasons.push(JSON.stringify(line))
        },
      },
      { getRemainingTimeInMillis: () => end - this.clock.now() },
    )
    const stopped = this.clock.sleep(TIMEOUT_MS, forever).then(() => process.kill('time-out'))
    const answered = await Promise.race([answer, process.death, stopped])
    if (answered === undefined) return
    const back = new Set(answered.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    for (const { messageId } of records) if (!back.has(messageId)) this.queue.delete(messageId)
    process.retire()
  }

  /** At each point one visitor of so many, somewhere among the first of them and then regularly. */
  #dies(place: string, every: number): boolean {
    const visits = (this.#visits.get(place) ?? this.dice.whole(0, every / 2)) + 1
    this.#visits.set(place, visits)
    return visits % every === 0
  }

  #process(onMishap: (mishap: Mishap) => void): Mortal {
    return new Mortal(this.#fate, this.dice, this.clock, (mishap, place) => {
      this.#add(this.mishaps, `${mishap} ${place}`)
      onMishap(mishap)
    })
  }

  #services(process: Mortal): JobServices {
    const objects = process.store(this.store)
    const records = createRecordStore(objects)
    const nowhere = () => Promise.reject(new GreenprintError('item_unreachable', 'Nothing there.'))
    return {
      jobs: createJobs(records),
      results: createResults(records),
      fingerprints: createFingerprints(objects, createBlockStore(objects)),
      openCopy: () => null,
      catalogUrl: null,
      fingerprintResults: createResultsOf(records, readFingerprintResult),
      verifications: createResultsOf(records, readVerification),
      zonesResults: createResultsOf(records, readZonesResult),
      jointResults: createResultsOf(records, readJointResult),
      inputs: createDigestRecords(records, 'series/inputs'),
      publications: createPublications(records, process.clock),
      checkPlan: null,
      published: createPublished(records, process.clock),
      store: createContentStore(objects),
      queue: process.queue(this.queue),
      clock: process.clock,
      documents: { json: nowhere, post: nowhere },
      stacApiUrl: 'https://stac.example',
      resolveName: nowhere,
      publishers: [{ name: 'simulated', publish: nowhere }],
      publishMinimum: 1,
    }
  }

  #deadline(ms: number, process: Mortal) {
    const controller = new AbortController()
    const cleared = new AbortController()
    const end = () => controller.abort(new GreenprintError('deadline_exceeded', 'Time is up.'))
    process.clock.sleep(ms, cleared.signal).then(end, () => undefined)
    return { signal: controller.signal, clear: () => cleared.abort() }
  }

  #watch(key: string, body: Uint8Array, before: Uint8Array | undefined): void {
    this.writes.push(key)
    if (!key.startsWith('jobs/')) return
    const [now, then]: (Job | undefined)[] = [parse(body), before && parse(before)]
    if (now === undefined) return
    if (now.status !== then?.status) this.changes.push(`${now.id} ${then?.status}>${now.status}`)
    if (now.status === 'accepted' && then?.notice === 'sent')
      this.changes.push(`${now.id} told>accepted`)
  }

  #add(counts: Map<string, number>, name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
}

// oxlint-disable-next-line typescript/no-explicit-any -- records that lib/jobs itself has written
function parse(body: Uint8Array): any {
  return JSON.parse(new TextDecoder().decode(body))
}
