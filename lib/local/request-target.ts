// What a request asks for, and of which server: https://www.rfc-editor.org/rfc/rfc9112#section-3.2

import type { IncomingMessage } from 'node:http'

export interface RequestTarget {
  /** With its port; '' where the request does not say. */
  readonly host: string
  /** With its query. */
  readonly path: string
}

/** A name, or an address: without a user, and nothing that would begin a path. */
const AUTHORITY = /^(?:[\w!$%&'()*+,.;=~-]*|\[[\da-f:.]+\])(?::\d{0,5})?$/i

/** null for what is none, and for two hosts. Of an address that is written whole the host counts, whatever Host says. */
export function targetOf({
  headersDistinct,
  url = '',
}: Pick<IncomingMessage, 'headersDistinct' | 'url'>): RequestTarget | null {
  const [named = '', ...others] = headersDistinct['host'] ?? []
  const [, host = named, path = url] = /^https?:\/\/([^/?]+)(.*)$/i.exec(url) ?? []
  if (others.length > 0 || ![named, host].every((each) => AUTHORITY.test(each))) return null
  if (/^\/|^(\?|$)/.test(path) && url !== '') return { host, path: path.replace(/^(?=\?|$)/, '/') }
  return null
}
