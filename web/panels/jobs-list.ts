// The jobs of this tab: what each one is of, how far it is, and the way back to it and to its result.

import { ApiProblem, ask, follow, stopped } from '../api.ts'
import type { Context } from '../context.ts'
import { h, show } from '../dom.ts'
import { shortened } from '../format.ts'
import { forgetJob, jobEvents, noteStatus, type StartedJob, startedJobs } from '../jobs.ts'
import type { JobReply, NdviReply } from '../replies.ts'
import { isGivenUp, problemBox } from '../widgets/problem-box.ts'
import { waiting } from '../widgets/waiting.ts'
import { ndviColours } from './result-kinds.ts'

type Result = Partial<Pick<NdviReply, 'root'>>

const LOOK_MS = 10_000

const words: Readonly<Record<StartedJob['status'], string>> = {
  accepted: 'waits',
  running: 'runs',
  successful: 'done',
  failed: 'failed',
  dismissed: 'stopped',
}

export interface JobsList {
  readonly element: HTMLElement
  /** Asks how far those are that had not ended. */
  readonly refresh: () => void
}

/** @param preview shows a result by its root */
export function jobsList(preview: Context['preview']): JobsList {
  const list = h('ul', { class: 'hits jobs' })
  const outcome = h('div', { 'aria-live': 'polite' })
  const title = h('h2', {}, 'Jobs of this tab')
  const element = h('div', { class: 'tab-jobs', hidden: true }, title, list, outcome)
  let running = new AbortController()

  function draw(): void {
    const jobs = startedJobs()
    element.hidden = jobs.length === 0
    show(list, ...jobs.map((job) => h('li', { 'data-job': job.id }, row(job))))
  }

  function row(job: StartedJob): HTMLElement {
    const { id, what, status } = job
    return h(
      'div',
      { class: 'row small' },
      h('span', { class: 'name' }, what),
      h('span', { class: 'facts' }, words[status]),
      wayOn(job),
      h('a', { href: `jobs/${id}`, title: id }, shortened(id, 4)),
    )
  }

  function wayOn({ id, what, status }: StartedJob): HTMLElement | null {
    if (status === 'dismissed' || status === 'failed') return null
    const label = status === 'successful' ? 'Open' : 'Follow'
    return h(
      'button',
      {
        type: 'button',
        class: 'link',
        'aria-label': `${label}: ${what}`,
        onclick: () => void open(id, what),
      },
      label,
    )
  }

  /** Waits for its end, if that is still to come, and shows the result. */
  async function open(id: string, what: string): Promise<void> {
    // Nobody reads of the one before any more; it goes on.
    running.abort()
    running = new AbortController()
    const own = running
    const wait = waiting(what, () => own.abort(stopped))
    show(outcome, wait.element)
    try {
      const { root } = await follow<Result>(id, wait.tell, own.signal)
      if (own !== running) return
      show(outcome)
      if (root !== undefined) await preview(root.cid, ndviColours)
      else show(outcome, h('p', { class: 'small' }, `${what}: done. Its link has the whole reply.`))
    } catch (error) {
      if (own === running) show(outcome, isGivenUp(error) ? 'Stopped.' : problemBox(error))
    }
  }

  async function look(id: string): Promise<void> {
    try {
      const signal = AbortSignal.timeout(LOOK_MS)
      const { status } = await ask<JobReply<Result>>(`/jobs/${id}`, { signal })
      noteStatus(id, status)
    } catch (error) {
      if (error instanceof ApiProblem && error.problem.code === 'not_found') forgetJob(id)
    }
  }

  jobEvents.addEventListener('change', draw)
  draw()
  return {
    element,
    refresh() {
      for (const { id, status } of startedJobs())
        if (status === 'accepted' || status === 'running') void look(id)
    },
  }
}
