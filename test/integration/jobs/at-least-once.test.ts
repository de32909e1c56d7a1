// 5,000 notices through the queue that SQS promises, with workers that die anywhere: nothing is lost, nothing done
// twice.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { isAbandoned, MOST_RECEIVES } from '../../../lib/jobs/job.ts'
import { DUPLICATES, EVENTS, type Outcome, POISON } from './simulation.ts'

const [message]: Outcome[] = await once(
  new Worker(new URL('./simulation.ts', import.meta.url)),
  'message',
)
assert.ok(message)
const world = message
const DAY_MS = 86_400_000
const withNature = (wanted: string) => world.scenes.filter(({ nature }) => nature === wanted)
const good = withNature('good')
/** Those whose message did not happen to die of five crashes and faults. */
const done = good.filter(({ id }) => world.jobs.get(id)?.status === 'successful')
const bodyOf = ({ id }: { readonly id: string }) => JSON.stringify({ id })

/** How often each of a list is in it. */
function tally(list: readonly string[]): (wanted: string) => number {
  const counts = new Map<string, number>()
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1)
  return (wanted) => counts.get(wanted) ?? 0
}

const writesOf = tally(world.writes)
const changesOf = tally(world.changes)
const publishedOf = tally(world.published)
const toldOf = tally(world.told.map(({ id, status }) => `${id} ${status}`))
const deadOf = tally(world.dead)
const sumOf = (mishap: string) =>
  [...world.mishaps]
    .filter(([name]) => name.startsWith(mishap))
    .reduce((total, [, count]) => total + count, 0)
const pointsOf = (mishap: string) =>
  [...world.mishaps.keys()].filter((name) => name.startsWith(mishap)).length

describe('5,000 notices', () => {
  it('met with crashes at every point, and with all else that they were to meet with', (t) => {
    print(t)
    assert.ok(sumOf('killed') > 200, 'crashes')
    assert.ok(pointsOf('killed') >= 18, 'crashes at many points')
    for (const point of ['put jobs', 'put results', 'send', 'publish', 'notice']) {
      assert.ok(world.mishaps.has(`killed after ${point}`), `a crash right after ${point}`)
    }
    assert.ok(sumOf('frozen') > 100 && sumOf('fault') > 100)
    assert.ok((world.outcomes.get('busy') ?? 0) > 5, 'duplicates during a lease')
    assert.ok((world.outcomes.get('lost') ?? 0) > 0, 'leases taken from workers that stood still')
    assert.ok(world.redeliveries > 1_000)
  })

  it('none is lost: every good scene has its result, and its job says so', () => {
    for (const { id } of done) {
      const job = world.jobs.get(id)
      assert.equal(job?.result, id)
      assert.equal(job?.lease_until, 0)
      assert.ok(world.roots.has(id))
    }
    assert.ok(done.length >= good.length - 5, `${done.length} of ${good.length}`)
  })

  it('none is lost: what was killed again and again is told as failed, by its record or as a dead letter', () => {
    for (const scene of good.filter((each) => !done.includes(each))) {
      const job = world.jobs.get(scene.id)
      assert.ok(job && (job.status === 'failed' || isAbandoned(job, world.ended + DAY_MS)))
      const endsWorkers = job.reason?.code === 'too_large'
      assert.ok(endsWorkers || deadOf(bodyOf(scene)) > 0, JSON.stringify(job))
    }
  })

  it('none is done twice: each result is written once, but for workers that stood still', () => {
    for (const { id } of done) {
      const times = writesOf(`results/${id}.json`)
      assert.ok(times === 1 || (times > 1 && world.stoodStill.has(id)), `${id}: ${times}`)
    }
  })

  it('each job succeeds once for each time that it was begun', () => {
    for (const { id } of done) {
      const begunAnew = changesOf(`${id} successful>accepted`)
      assert.equal(changesOf(`${id} running>successful`), begunAnew + 1, id)
      // Anew only to be published as well.
      assert.ok(begunAnew <= (world.wanted.has(id) ? 1 : 0), id)
    }
  })

  it('others are told of each once, but for workers that ended, or stood still, between telling and writing it down', () => {
    for (const { id } of done) {
      const isExcused = world.toldInVain.has(id) || world.stoodStill.has(id)
      const made = toldOf(`${id} created`)
      assert.ok(made === 1 || (made > 1 && isExcused), `${id}: ${made}`)
      // What was begun anew before anybody was told of it is one piece of news.
      const updated = toldOf(`${id} updated`)
      const news = changesOf(`${id} told>accepted`)
      assert.ok(updated === news || (updated > news && isExcused), `${id}: ${updated}`)
      assert.equal(world.jobs.get(id)?.notice, 'sent')
    }
    const ids = new Set(done.map(({ id }) => id))
    assert.deepEqual(
      world.told.filter(({ id }) => !ids.has(id)),
      [],
    )
  })

  it('what was to be published is, and once, but for workers that ended before they wrote it down', () => {
    for (const { id } of done) {
      const root = world.roots.get(id) ?? ''
      const times = publishedOf(root)
      assert.equal(world.publishedRoots.has(root), world.wanted.has(id))
      if (!world.wanted.has(id)) assert.equal(times, 0)
      else {
        const isExcused = world.publishedInVain.has(root) || world.stoodStill.has(id)
        assert.ok(times === 1 || (times > 1 && isExcused), id)
      }
    }
  })

  it('a scene that cannot be used has failed, says why, and does not become a dead letter', () => {
    for (const scene of withNature('unusable')) {
      const job = world.jobs.get(scene.id)
      assert.equal(job?.status, 'failed')
      assert.equal(job?.reason?.code, 'raster_unusable')
      assert.equal(deadOf(bodyOf(scene)), 0)
    }
  })

  it('a scene that nobody serves is a dead letter after five deliveries, and its job says why', () => {
    let told = 0
    for (const scene of withNature('never served')) {
      assert.ok(deadOf(bodyOf(scene)) > 0, scene.id)
      const job = world.jobs.get(scene.id)
      assert.ok(job)
      // Whose worker was killed in its last delivery, or before it came to this message, is told as failed too.
      if (isAbandoned(job, world.ended + DAY_MS)) continue
      assert.equal(job.status, 'failed', JSON.stringify(job))
      assert.equal(job.receives, MOST_RECEIVES)
      assert.match(job.reason?.message ?? '', /^Given up after 5 attempts\. /)
      if (/ Nobody serves scene-/.test(job.reason?.message ?? '')) told += 1
    }
    assert.ok(told > 0.8 * POISON['never served'], String(told))
  })

  it('a message that is not ours is a dead letter with its reason in the log', () => {
    const scenes = new Set(world.scenes.map(bodyOf))
    const foreign = world.dead.filter((body) => !scenes.has(body))
    assert.deepEqual(foreign.toSorted(), world.strange.toSorted())
    const logged = world.reasons.filter((line) => /does not name a job|There is no job/.test(line))
    assert.ok(logged.length > world.strange.length, String(logged.length))
  })

  it('that came again changed nothing but what they asked for more', () => {
    const ids = new Set(world.scenes.map(({ id }) => id))
    for (const [id, job] of world.jobs) {
      if (ids.has(id)) continue
      // A door that stood still while it resolved a scene made a job of the bare request: it leads to the scene's own.
      assert.ok(ids.has(job.continues_as ?? ''), JSON.stringify(job))
    }
    for (const { id } of good) assert.equal(world.jobs.get(id)?.order.pin, world.wanted.has(id))
  })
})

function print(t: TestContext): void {
  const spread = (numberOf: (id: string) => number) => {
    const counts = new Map<number, number>()
    for (const { id } of good) counts.set(numberOf(id), (counts.get(numberOf(id)) ?? 0) + 1)
    return [...counts].map(([number, count]) => `${count} scenes ${number} x`).join(', ')
  }
  const successful = good.filter(({ id }) => world.jobs.get(id)?.status === 'successful').length
  const poison = Object.entries(POISON).map(([kind, count]) => `${count} ${kind}`)
  const deadGood = good.reduce((total, scene) => total + deadOf(bodyOf(scene)), 0)
  const rows = [
    ['notices', `${EVENTS}, of them ${DUPLICATES} duplicates; poison: ${poison.join(', ')}`],
    ['virtual time', `${(world.took / 3_600_000).toFixed(1)} h`],
    ['deliveries of jobs', `${world.deliveries}, of them ${world.redeliveries} again`],
    ['processes killed', `${sumOf('killed')}, at ${pointsOf('killed')} kinds of points`],
    ['processes frozen, calls failed', `${sumOf('frozen')}, ${sumOf('fault')}`],
    ['verdicts', [...world.outcomes].map(([name, count]) => `${count} ${name}`).join(', ')],
    ['good scenes successful', `${successful} of ${good.length}`],
    ['results written', spread((id) => writesOf(`results/${id}.json`))],
    ['told of as new', spread((id) => toldOf(`${id} created`))],
    ['dead letters', `${world.dead.length}, of them ${deadGood} of good scenes`],
  ]
  for (const [name = '', value = ''] of rows) t.diagnostic(`${name.padEnd(31)} ${value}`)
}
