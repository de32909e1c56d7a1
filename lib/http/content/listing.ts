// A directory as a page: every entry with a link to it, and its CID.

import type { Cid } from '../../ipld/cid.ts'
import type { DirectoryNode } from '../../ipld/directory.ts'
import type { DirectoryEntry } from '../../ipld/unixfs.ts'
import { LightResponse } from '../light/response.ts'
import type { ContentPath } from './content-path.ts'
import type { Serving } from './serving.ts'

/** Longer directories are listed by their beginning, and by a CAR of `dag-scope=entity` in full. */
const MOST_ENTRIES = 10_000
/** Counted up when the page changes: caches must tell one from another. */
const PAGE_VERSION = 1

/** The page itself may change, what it lists may not: no `immutable`. */
const CACHED = 'public, max-age=604800, stale-while-revalidate=2678400'

export function listingEtag(cid: Cid): string {
  return `"DirIndex-${PAGE_VERSION}_CID-${cid.toString()}"`
}

/** 301 to the same address with a slash at its end, so that links in a page lead below it. */
export function redirectToSlash({ path, request }: Serving): Response {
  const { search } = new URL(request.url)
  const headers = { 'cache-control': CACHED, location: `${path}/${search}` }
  return new LightResponse(null, { status: 301, headers })
}

export async function respondListing(
  place: ContentPath,
  nodes: AsyncIterable<DirectoryNode>,
  { request, headers }: Serving,
): Promise<Response> {
  const all = { ...headers, 'cache-control': CACHED, 'content-type': 'text/html; charset=utf-8' }
  if (request.method === 'HEAD') return new LightResponse(null, { headers: all })
  const entries: DirectoryEntry[] = []
  let isWhole = true
  for await (const node of nodes) {
    entries.push(...node.entries)
    isWhole = entries.length <= MOST_ENTRIES
    if (!isWhole) break
  }
  return new LightResponse(page(place, entries.slice(0, MOST_ENTRIES), isWhole), { headers: all })
}

function page(
  { root, names }: ContentPath,
  entries: readonly DirectoryEntry[],
  isWhole: boolean,
): string {
  const base = `/ipfs/${root.toString()}`
  const hrefs = [base, ...names.map((_, index) => hrefOf(base, names.slice(0, index + 1)))]
  const crumbs = hrefs.map((href, index) => link(href, names[index - 1] ?? root.toString()))
  const here = hrefs.at(-1) ?? base
  const rows = entries.map(({ name, cid }) => {
    const own = `/ipfs/${cid.toString()}?filename=${encodeURIComponent(name)}`
    return `<li>${link(hrefOf(here, [name]), name)} <code>${link(own, cid.toString())}</code></li>`
  })
  const up = names.length === 0 ? '' : `<li>${link(`${here}/..`, '..')}</li>`
  const note = isWhole ? '' : `<p>The first ${MOST_ENTRIES} entries.</p>`
  const title = escapeHtml(['/ipfs', root.toString(), ...names].join('/'))
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<h1>Index of /ipfs/${crumbs.join('/')}</h1>
<ul>${up}${rows.join('')}</ul>${note}
</html>
`
}

function hrefOf(base: string, names: readonly string[]): string {
  return [base, ...names.map(encodeURIComponent)].join('/')
}

function link(href: string, text: string): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
