// From scenes and their rules to open rasters, a few at a time, each by the best that is known of its bytes.

import { allOrNone } from '../async/all-or-none.ts'
import { createLimit } from '../async/limit.ts'
import { leastOf, type Trust } from '../model/scene.ts'
import { type AppliedRules, applyRules } from './apply-rules.ts'
import {
  type ContentRun,
  type ContentServices,
  type FoundContent,
  findContent,
  findKnownContent,
  leastTrust,
} from './find-content.ts'
import { type AreaWish, type Bands, fileWarnings, openBands, type Sources } from './open-bands.ts'
import { type Provenance, provenanceOf } from './provenance.ts'
import type { ReadScene } from './read-scenes.ts'

/** Scenes whose files are looked up or opened at once. */
const AT_ONCE = 6

/** A scene of a list, with what its bands are read by. */
export interface KnownScene {
  readonly observation: number
  readonly content: FoundContent
}

export interface OpenScene extends KnownScene {
  readonly bands: Bands
  readonly applied: AppliedRules
  readonly warnings: readonly string[]
}

/** @throws {GreenprintError} what findContent throws */
export function findContents(
  scenes: readonly ReadScene[],
  trust: Trust,
  services: ContentServices,
  run: ContentRun,
  signal: AbortSignal,
): Promise<KnownScene[]> {
  return each(scenes, signal, async ({ scene, rules, observation }, stop) => ({
    observation,
    content: await findContent(scene, rules, trust, services, run, stop),
  }))
}

/** What is known without reading any file; null where that is not enough to name each band's content. */
export async function findKnownContents(
  scenes: readonly ReadScene[],
  trust: Trust,
  services: Omit<ContentServices, 'fingerprinter' | 'clock'>,
  signal: AbortSignal,
): Promise<KnownScene[] | null> {
  const found = await each(scenes, signal, async ({ scene, rules, observation }, stop) => {
    const content = await findKnownContent(scene, rules, trust, services, stop)
    return content && { observation, content }
  })
  const known = found.filter((scene) => scene !== null)
  return known.length === found.length ? known : null
}

/** @param request how much of each is wanted. @throws {GreenprintError} what openBands throws */
export function openScenes(
  scenes: readonly KnownScene[],
  request: AreaWish,
  sources: Sources,
  isTrusted: boolean,
  signal: AbortSignal,
): Promise<OpenScene[]> {
  return openEach(
    scenes,
    ({ content }, stop) => openBands(content, request, sources, isTrusted, stop),
    signal,
  )
}

/** @param open the bands of a scene. @throws {GreenprintError} what it throws */
export async function openEach<Scene extends KnownScene>(
  scenes: readonly Scene[],
  open: (scene: Scene, signal: AbortSignal) => Promise<Bands>,
  signal: AbortSignal,
): Promise<OpenScene[]> {
  const opened: Pick<OpenScene, 'bands'>[] = []
  const opening = each(scenes, signal, async (known, stop): Promise<OpenScene> => {
    const { observation, content } = known
    const bands = await open(known, stop)
    opened.push({ bands })
    const applied = applyRules(bands, content.rules, content.scene)
    const warnings = [
      ...content.scene.warnings,
      ...content.rules.warnings,
      ...fileWarnings(bands),
      ...applied.warnings,
    ]
    return { observation, content, bands, applied, warnings }
  })
  return opening.catch(async (error: unknown) => {
    await readsOf(opened)[Symbol.asyncDispose]()
    throw error
  })
}

/** What the bands of scenes brought over the network: nothing of it stays where the work is refused. */
export function readsOf(
  scenes: readonly Pick<OpenScene, 'bands'>[],
): AsyncDisposable & { succeeded(): void } {
  return {
    succeeded() {
      for (const { bands } of scenes) bands.reads.succeeded()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(scenes.map(({ bands }) => bands.reads[Symbol.asyncDispose]()))
    },
  }
}

/** Which bytes were read, of all scenes. @throws {GreenprintError} what provenanceOf throws */
export function provenanceOfAll(
  scenes: readonly OpenScene[],
  signal: AbortSignal,
): Promise<Provenance[]> {
  return each(scenes, signal, ({ bands, content }, stop) =>
    provenanceOf(bands, content.scene, stop),
  )
}

/** The least of all scenes. */
export function leastTrustOf(scenes: readonly KnownScene[]): Trust {
  return leastOf(scenes.map(({ content }) => leastTrust(content)))
}

function each<In, Out>(
  inputs: readonly In[],
  signal: AbortSignal,
  run: (input: In, signal: AbortSignal) => Promise<Out>,
): Promise<Out[]> {
  const limit = createLimit(AT_ONCE)
  const tasks = inputs.map(
    (input) => (stop: AbortSignal) => limit.run(() => run(input, stop), stop),
  )
  return allOrNone(tasks, signal).then((results) => inputs.map((_, at) => results[at]!))
}
