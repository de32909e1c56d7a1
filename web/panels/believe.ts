// Believe: where every byte came from, what was checked, who holds the result, and whether it comes out again.

import { ask } from '../api.ts'
import type { Context, Panel, Result } from '../context.ts'
import { h, show } from '../dom.ts'
import { bytes, day, operator, percent } from '../format.ts'
import type { BandProof, Checksum, Publication } from '../replies.ts'
import { trustChip } from '../widgets/chip.ts'
import { copyable } from '../widgets/copyable.ts'
import { fingerprintControl } from './make-fingerprints.ts'
import { verifyControl } from './verify-control.ts'

const services: Readonly<Record<Publication['status'], string>> = {
  held: 'seen to hold it',
  queued: 'asked to fetch it',
  unproven: 'took it, not proven',
  failed: 'failed',
}

const PUBLICATIONS_MS = 10_000

interface Retrievability {
  readonly publications: readonly Publication[]
  readonly retrievable: readonly { readonly operator: string; readonly at: string }[]
}

export function believePanel(context: Context): Panel {
  const element = h('section', { 'aria-label': 'Believe' })
  let shown: Result | null = null
  return {
    element,
    update({ tab }) {
      const result = context.result()
      if (tab !== 'believe' || (result === shown && element.childElementCount > 0)) return
      shown = result
      if (result === null)
        show(
          element,
          h('p', { class: 'empty' }, 'No scene is shown yet: this tells of the one that is.'),
        )
      else show(element, ...proofOf(result, context))
    },
  }
}

function proofOf({ reply, request }: Result, context: Context): (Node | false)[] {
  const { proof, root, assets, item } = reply
  return [
    h('p', { class: 'about' }, day(item.datetime), ' ', h('span', { class: 'name' }, item.id)),
    h('p', {}, trustChip(proof.trust)),
    h('p', { class: 'small' }, meanings[proof.trust]),
    proof.trust === 'transport' && fingerprintControl(request, context),
    h('h2', {}, 'Bands'),
    ...Object.entries(proof.bands).map(([name, band]) => bandCard(name, band)),
    h('h2', {}, 'Result'),
    h(
      'dl',
      {},
      h('dt', {}, 'directory'),
      h('dd', {}, copyable(root.cid, 'the root CID'), ' ', h('a', { href: root.href }, 'open')),
      ...Object.entries(assets).flatMap(([name, asset]) => [
        h('dt', {}, name),
        h(
          'dd',
          {},
          copyable(asset.cid, `the CID of ${name}`),
          ` ${bytes(asset.size)} `,
          h('a', { href: asset.href }, 'open'),
        ),
      ]),
    ),
    publicationsOf(root.cid),
    ...verifyControl(root.cid, proof.trust, context),
    h('p', { class: 'small faint' }, `Made by ${proof.software}.`),
  ]
}

const meanings = {
  cid: 'The scene names the CIDs of its files. Each block that was read was hashed and is the one named.',
  fingerprint:
    'The scene names no CIDs. They were made from the producer’s own files; ' +
    'each block that was read was hashed against them.',
  transport:
    'Nobody knows whether these are the producer’s bytes. What was read is listed with its SHA-256: ' +
    'a fingerprint of the file, once it is known here, confirms or refutes it.',
} as const

function bandCard(name: string, band: BandProof): HTMLElement {
  const sources = Object.entries(band.sources).map(
    ([source, blocks]) => `${blocks} from ${operator(source)}`,
  )
  return h(
    'article',
    { class: 'band', 'data-band': name },
    h('h3', {}, name, ' ', trustChip(band.trust)),
    h(
      'dl',
      {},
      ...(band.cid === null
        ? []
        : [h('dt', {}, 'CID'), h('dd', {}, copyable(band.cid, `the CID of ${name}`))]),
      h('dt', {}, 'read'),
      h('dd', {}, readWords(band)),
      ...(sources.length === 0 ? [] : [h('dt', {}, 'served'), h('dd', {}, sources.join(', '))]),
      h('dt', {}, 'checksum'),
      h('dd', {}, checksumWords(band.producer_checksum)),
    ),
  )
}

/** A file may be read more than once over: its blocks are larger than its tiles. */
function readWords({ bytes_read: read, size, blocks, cid }: BandProof): string {
  const share = size === 0 ? 0 : Math.min(100, (100 * read) / size)
  const parts = `${blocks} ${cid === null ? 'ranges' : 'blocks'}`
  return `${bytes(read)} of ${bytes(size)} (${percent(Number(share.toFixed(1)))}) in ${parts}`
}

function checksumWords({ status, algorithm, reason }: Checksum): string {
  if (status === 'verified') return `${algorithm ?? ''} of the producer: equal`
  if (status === 'absent') return 'the scene names none'
  if (status === 'mismatch') return `${algorithm ?? ''} of the producer: different`
  return reason === undefined ? status.replace('_', ' ') : `${status.replace('_', ' ')}: ${reason}`
}

function publicationsOf(root: string): HTMLElement {
  const element = h('div', { class: 'publications' })
  void fill()
  return element

  async function fill(): Promise<void> {
    const signal = AbortSignal.timeout(PUBLICATIONS_MS)
    try {
      show(element, ...holders(await ask<Retrievability>(`/publications/${root}`, { signal })))
    } catch {
      // Not published: the directory is at this deployment alone.
    }
  }
}

function holders({ publications, retrievable }: Retrievability): Node[] {
  const rows = publications.flatMap(({ service, status, reason }) => [
    h('dt', {}, service),
    h('dd', { title: reason ?? '' }, services[status] ?? status),
  ])
  const found = retrievable.flatMap(({ operator: who, at }) => [
    h('dt', {}, who),
    h('dd', {}, `gave it out at ${at.slice(0, 16).replace('T', ' ')}`),
  ])
  const all = [...rows, ...found]
  return all.length === 0 ? [] : [h('h2', {}, 'Who holds it'), h('dl', {}, ...all)]
}
