// How far the bytes behind something are known to be right: a word, a picture and a shape, never a colour alone.

import { h } from '../dom.ts'
import type { Trust } from '../replies.ts'
import { icon } from './icon.ts'

const long = {
  cid: 'Every block was hashed and compared with the CID that the scene names.',
  fingerprint:
    'Every block was hashed and compared with a fingerprint: a CID made from the producer’s file.',
  transport: 'Read over TLS as the server sent it. Nobody checked the bytes.',
} as const

/** The same in a table: the picture, one or two words, and the rest for who asks. */
export function trustMark(trust: Trust): HTMLElement {
  const words = { cid: 'checked', fingerprint: 'fingerprint', transport: 'not verified' }
  return chip(trust, words[trust])
}

export function trustChip(trust: Trust): HTMLElement {
  const words = {
    cid: 'every block checked',
    fingerprint: 'checked against its fingerprint',
    transport: 'not verified',
  }
  return chip(trust, words[trust])
}

function chip(trust: Trust, words: string): HTMLElement {
  const picture = { cid: 'verified', fingerprint: 'fingerprint', transport: 'open' } as const
  return h('span', { class: `chip chip-${trust}`, title: long[trust] }, icon(picture[trust]), words)
}

const readable = {
  cid: ['verified', 'CID', 'The item names the CID of this file.', 'chip-cid'],
  fingerprint: [
    'fingerprint',
    'fingerprint',
    'A fingerprint of this file is known here.',
    'chip-fingerprint',
  ],
  plain: [
    'open',
    'plain copy',
    'It can be read; a fingerprint makes it checkable.',
    'chip-transport',
  ],
  login_needed: ['lock', 'login needed', 'Its host wants a login or a signature.', 'chip-none'],
  none: ['none', 'not readable', 'There is no copy that can be read here.', 'chip-none'],
} as const

export type Access = keyof typeof readable

/** Where a band can be read from, before anything is. */
export function accessChip(access: Access, what: string): HTMLElement {
  const [picture, words, meaning, look] = readable[access] ?? readable.none
  return h('span', { class: `chip ${look}`, title: `${what}: ${meaning}` }, icon(picture), words)
}
