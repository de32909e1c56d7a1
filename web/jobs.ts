// The jobs that this tab has started, kept in it until it is closed.

import { kept } from './kept.ts'
import type { JobReply } from './replies.ts'

export interface StartedJob {
  readonly id: string
  /** `NDVI of <scene>`: for people. */
  readonly what: string
  readonly status: JobReply<unknown>['status']
}

const KEY = 'greenprint-jobs'
const MOST = 20

/** Told of `change`. */
export const jobEvents = new EventTarget()

/** The newest first. */
export function startedJobs(): readonly StartedJob[] {
  try {
    const jobs: unknown = JSON.parse(kept.get(KEY) ?? '[]')
    return Array.isArray(jobs) ? jobs.filter(isStarted) : []
  } catch {
    return []
  }
}

/** A job that was started before is the same one. */
export function noteJob(job: StartedJob): void {
  keep([job, ...startedJobs().filter(({ id }) => id !== job.id)].slice(0, MOST))
}

export function noteStatus(id: string, status: StartedJob['status']): void {
  const jobs = startedJobs()
  if (jobs.some((job) => job.id === id && job.status !== status))
    keep(jobs.map((job) => (job.id === id ? { ...job, status } : job)))
}

export function forgetJob(id: string): void {
  keep(startedJobs().filter((job) => job.id !== id))
}

/** @param body of the request at `path` */
export function wordsOf(path: string, body: unknown): string {
  const kinds: Readonly<Record<string, string>> = {
    '/ndvi': 'NDVI of',
    '/fingerprint': 'Fingerprint of',
    '/verify': 'Recomputation of',
  }
  return `${kinds[path] ?? path} ${subjectOf(body)}`
}

/** The scene's id, the end of its address, or the CID. */
function subjectOf(body: unknown): string {
  const item = fieldOf(body, 'item')
  const found = [
    fieldOf(item, 'id'),
    typeof item === 'string' ? item.split(/[?#]/)[0]?.split('/').findLast(Boolean) : null,
    fieldOf(fieldOf(fieldOf(body, 'search'), 'ids'), '0'),
    fieldOf(body, 'cid'),
  ].find((name) => typeof name === 'string')
  return found ?? 'a scene'
}

function keep(jobs: readonly StartedJob[]): void {
  kept.set(KEY, JSON.stringify(jobs))
  jobEvents.dispatchEvent(new Event('change'))
}

function isStarted(job: unknown): job is StartedJob {
  return ['id', 'what', 'status'].every((name) => typeof fieldOf(job, name) === 'string')
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : null
}
