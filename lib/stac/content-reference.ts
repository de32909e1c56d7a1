// Reads what people write to name content on IPFS: ipfs:// addresses, gateway URLs and bare CIDs.

import { clip, GreenprintError } from '../errors.ts'
import { isCid, parseCid } from '../ipld/cid.ts'
import type { ContentReference } from '../model/scene.ts'

/** Multicodec of the keys that IPNS names are made of: a CID of this codec names no content. */
const LIBP2P_KEY = 0x72

/**
 * `ipfs://<cid>[/path]`, `ipfs://ipfs/<cid>…`, `web+ipfs://…`, `dweb:/ipfs/…`, `/ipfs/<cid>…`, a gateway URL
 * (`https://host/ipfs/<cid>…`, also under a prefix; Kubo's `/api/v0/cat?arg=<cid>`; GDAL's `/vsicurl/` before it;
 * `https://<cid>.ipfs.host/…`) or a bare CID. Query and fragment are dropped, the path is percent-decoded once,
 * the CID comes out in its own canonical spelling.
 *
 * @throws {GreenprintError} `asset_unusable` when the text names no content, or content that cannot be checked
 */
export function parseContentReference(text: string): ContentReference {
  const reference = findContentReference(text)
  if (reference !== null) return reference
  throw unusable(
    `"${clip(text)}" names no IPFS content. Give ipfs://<CID>[/path], a gateway URL with /ipfs/<CID>, or a bare CID.`,
  )
}

/**
 * Like parseContentReference, but null for text that does not claim to name content (an https or s3 address, say).
 *
 * @throws {GreenprintError} `asset_unusable` when it claims to, and cannot be used
 */
export function findContentReference(text: string): ContentReference | null {
  const trimmed = text.trim()
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(trimmed)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') return fromGatewayUrl(trimmed)
  // GDAL's own way to write an address, and what browsers call the schemes.
  const other =
    /^(?:\/vsi(?:curl|curl_streaming)\/|web\+(?=ipfs:|ipns:)|dweb:\/*(?=ip[fn]s\/))/i.exec(trimmed)
  if (other !== null) return findContentReference(otherSpelling(trimmed, other[0]))
  if (scheme === 'ipns' || /^\/ipns\//i.test(trimmed)) throw mutable(trimmed)
  if (scheme === 'fil' || scheme === 'filecoin') throw filecoin(trimmed)
  if (scheme === 'ipfs') return fromIpfsAddress(trimmed)
  if (scheme !== undefined) return null
  const rooted = /^\/?ipfs\/(.*)$/is.exec(trimmed)
  if (rooted !== null) return fromPath(rooted[1] ?? '', trimmed)
  return looksLikeCid(trimmed.split(/[/?#]/, 1)[0] ?? '') ? fromPath(trimmed, trimmed) : null
}

/** `dweb:/ipfs/<cid>` is `/ipfs/<cid>`, `web+ipfs://<cid>` is `ipfs://<cid>`. */
function otherSpelling(text: string, prefix: string): string {
  const rest = text.slice(prefix.length)
  return /^dweb:/i.test(prefix) ? `/${rest}` : rest
}

/** `ipfs://<cid>[/path]`, each segment percent-encoded: parseContentReference reads it back unchanged. */
export function formatContentReference({ cid, path }: ContentReference): string {
  if (path === '') return `ipfs://${cid}`
  return `ipfs://${cid}/${path.split('/').map(encodeURIComponent).join('/')}`
}

function fromIpfsAddress(text: string): ContentReference {
  const rest = text.replace(/^ipfs:\/*/i, '')
  if (/^ipns\//i.test(rest)) throw mutable(text)
  return fromPath(rest.replace(/^ipfs\//i, ''), text)
}

/** By hand, not by URL: URL would resolve `..` (and `%2e%2e`) before it could be refused. */
function fromGatewayUrl(text: string): ContentReference | null {
  const [, authority = '', path = ''] = /^https?:\/\/([^/?#]*)([^?#]*)/i.exec(text) ?? []
  const host = authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
  const label = /^([^.]+)\.ipfs\.[^.]/.exec(host)?.[1]
  if (label !== undefined && looksLikeCid(label)) return fromPath(label + path, text)
  if (/^[^.]+\.ipns\.[^.]/.test(host) || /^\/ipns\//i.test(path)) throw mutable(text)
  const rooted = /^\/ipfs\/(.*)$/is.exec(path)
  if (rooted !== null) return fromPath(rooted[1] ?? '', text)
  // A gateway under a prefix; somebody's folder of the name "ipfs" holds no CIDs.
  const [, prefixed = ''] = /\/ipfs\/(.*)$/is.exec(path) ?? []
  const [first = ''] = prefixed.split('/', 1)
  if (looksLikeCid(first)) return fromPath(prefixed, text)
  const [, argument] =
    /^[^?#]*\/api\/v0\/(?:cat|get|block\/get)\?(?:[^#]*&)?arg=([^&#]+)/i.exec(text) ?? []
  return argument === undefined ? null : findContentReference(decodeSegment(argument, text, true))
}

/** `<cid>[/segment…][/][?query][#fragment]` */
function fromPath(path: string, text: string): ContentReference {
  const [first = '', ...segments] = path.replace(/[?#].*$/s, '').split('/')
  if (segments.at(-1) === '') segments.pop()
  return { cid: readCid(first, text), path: segments.map((s) => decodeSegment(s, text)).join('/') }
}

function readCid(name: string, text: string): string {
  if (name === '') throw unusable(`"${clip(text)}" has no CID in it.`)
  if (/^qm[a-z0-9]{44}$/.test(name)) {
    throw unusable(
      `"${clip(text)}" was lower-cased on its way: a CID that begins with Qm is case-sensitive. Give it as published, or as CIDv1 (bafy…).`,
    )
  }
  const cid = parseCid(name)
  if (cid.code === LIBP2P_KEY) throw mutable(text)
  return cid.toString()
}

/** @param hasSlashes whether it is a path itself */
function decodeSegment(segment: string, text: string, hasSlashes = false): string {
  const name = decoded(segment)
  if (hasSlashes) return name
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw unusable(
      `The path of "${clip(text)}" has an empty, "." or ".." segment, or a slash inside one.`,
    )
  }
  return name
}

/** A name with a percent sign of its own, as `100%.tif`, is not encoded. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Base58 CIDv0, CIDv1 in base32, base36 or base58, sound or not; in any other base only where it is sound. */
function looksLikeCid(text: string): boolean {
  if (/^(qm[a-z0-9]{44}|[bkz][a-z0-9]{20,})$/i.test(text)) return true
  return /^[\w+=-]{40,}$/.test(text) && isCid(text)
}

function mutable(text: string): GreenprintError {
  return unusable(
    `"${clip(text)}" is an IPNS name: its owner can point it to other bytes at any time, so nothing read through it can be checked again. Give the ipfs://<CID> it stands for now, or say "names": true to have it resolved once.`,
  )
}

function filecoin(text: string): GreenprintError {
  return unusable(
    `"${clip(text)}" names a Filecoin deal or piece, not the file. Give the content CID (Qm… or bafy…).`,
  )
}

function unusable(message: string): GreenprintError {
  return new GreenprintError('asset_unusable', message)
}

/** Whether an address names content, rightly or not: it is no plain copy then. */
export function namesContent(text: string): boolean {
  try {
    return findContentReference(text) !== null
  } catch {
    return true
  }
}
