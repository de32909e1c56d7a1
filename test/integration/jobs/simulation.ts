// The day of a deployment: 5,000 notices, a fifth of them again, some poison. Run as a thread of its own, which is
// faster.

import { parentPort } from 'node:worker_threads'
import type { Job } from '../../../lib/jobs/job.ts'
import { randomFrom } from '../../harness/random.ts'
import { makeScene, type Nature, type SimulatedScene } from './scenes.ts'
import { type ToldNotice, World } from './world.ts'

const SEED = 20_260_922
export const EVENTS = 5_000
export const DUPLICATES = 1_000
/** 5 % of the events. */
export const POISON = { 'no message of ours': 84, unusable: 83, 'never served': 83 } as const
const ARRIVAL_MS = 24 * 3_600_000

const fate = { killEvery: 800, freeze: 0.001, fault: 0.001, freezeMs: [20_000, 400_000] } as const

/** What can be seen of it afterwards. */
export interface Outcome {
  readonly scenes: readonly { readonly id: string; readonly nature: Nature }[]
  /** Ids of scenes that somebody wanted published. */
  readonly wanted: ReadonlySet<string>
  /** Bodies in the queue that were no message of ours. */
  readonly strange: readonly string[]
  readonly jobs: ReadonlyMap<string, Job>
  /** Root by id of a result. */
  readonly roots: ReadonlyMap<string, string>
  readonly publishedRoots: ReadonlySet<string>
  readonly dead: readonly string[]
  readonly deliveries: number
  readonly redeliveries: number
  /** Virtual time, ms since 1970. */
  readonly ended: number
  readonly took: number
  readonly told: readonly ToldNotice[]
  readonly published: readonly string[]
  readonly changes: readonly string[]
  readonly writes: readonly string[]
  readonly toldInVain: ReadonlySet<string>
  readonly publishedInVain: ReadonlySet<string>
  readonly stoodStill: ReadonlySet<string>
  readonly mishaps: ReadonlyMap<string, number>
  readonly outcomes: ReadonlyMap<string, number>
  readonly reasons: readonly string[]
}

async function simulate(): Promise<Outcome> {
  const dice = randomFrom(SEED)
  const scenes = makeNatures().map((nature, index) => makeScene(`scene-${index}`, nature))
  const strange = Array.from({ length: POISON['no message of ours'] }, (_, i) => strangeBody(i))
  const byName = new Map(scenes.map((scene, index) => [`scene-${index}`, scene]))
  const world = new World(SEED, fate, byName)
  const started = world.clock.now()
  const wanted = new Set<string>()
  await world.run(arrive())
  const ended = world.clock.now()

  /** Every scene once, some of them again, and the strange ones in between, over a day. */
  async function arrive(): Promise<void> {
    const forever = new AbortController().signal
    for (const event of timetable(scenes, strange, dice)) {
      await world.clock.sleep(started + event.at * ARRIVAL_MS - world.clock.now(), forever)
      if ('body' in event) {
        world.queue.put(event.body)
        continue
      }
      const pin = dice.chance(0.3)
      if (pin) wanted.add(event.scene.id)
      world.events.put(JSON.stringify({ request: event.scene.request, pin }))
    }
  }

  const { queue, told, published, changes, writes, toldInVain, publishedInVain } = world
  const { stoodStill, mishaps, outcomes, reasons } = world
  return {
    scenes: scenes.map(({ id, nature }) => ({ id, nature })),
    wanted,
    strange,
    ...world.records(),
    dead: queue.dead,
    deliveries: queue.deliveries,
    redeliveries: queue.redeliveries,
    ended,
    took: ended - started,
    told,
    published,
    changes,
    writes,
    toldInVain,
    publishedInVain,
    stoodStill,
    mishaps,
    outcomes,
    reasons,
  }
}

function makeNatures(): Nature[] {
  const bad = (nature: 'unusable' | 'never served') => Array<Nature>(POISON[nature]).fill(nature)
  const poison = [...bad('unusable'), ...bad('never served')]
  const good = EVENTS - DUPLICATES - POISON['no message of ours'] - poison.length
  return [...poison, ...Array<Nature>(good).fill('good')]
}

type Arrival = { readonly at: number } & (
  | { readonly scene: SimulatedScene }
  | { readonly body: string }
)

/** In the order of arrival; `at` in days. */
function timetable(
  scenes: readonly SimulatedScene[],
  strange: readonly string[],
  dice: ReturnType<typeof randomFrom>,
): Arrival[] {
  const once = scenes.map((scene) => ({ scene, at: dice.unit() }))
  const again = Array.from({ length: DUPLICATES }, () => {
    const { scene, at } = dice.pick(once)
    // Within the minute, or any time later.
    return { scene, at: dice.chance(0.5) ? at + 0.0007 * dice.unit() : at + dice.unit() }
  })
  const others = strange.map((body) => ({ body, at: dice.unit() }))
  return [...once, ...again, ...others].toSorted((a, b) => a.at - b.at)
}

/** Bodies that are no message of ours, in every way that a body can be. */
function strangeBody(index: number): string {
  const bodies = [
    `{"id":"${index.toString(16).padStart(64, '0')}"}`,
    `{"id":${index}}`,
    `no JSON ${index}`,
    `{"Records":[${index}]}`,
    `[${index}]`,
    `{"id":"../results/${index}"}`,
  ]
  return bodies[index % bodies.length] ?? ''
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- to a thread, not to a window
parentPort?.postMessage(await simulate())
