// The files of the page as `npm run build:page` made them.

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { systemCode } from '../../errors.ts'

/** Beside the bundle when deployed, in web/dist in the sources. */
const folders = [new URL('./web/', import.meta.url), new URL('../../../web/dist/', import.meta.url)]

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
}

export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  /** By Brotli. */
  readonly isPacked: boolean
}

/** One file of the folder itself: no name leads out of it. */
const NAME = /^[\w-]{1,80}\.(\w{2,4})$/

/** null for what the build did not make. */
export async function pageFile(name: string): Promise<PageFile | null> {
  const type = types[NAME.exec(name)?.[1] ?? '']
  const folder = folders.find((each) => existsSync(new URL('index.html', each)))
  if (type === undefined || folder === undefined) return null
  const isPacked = !name.endsWith('.html')
  try {
    const bytes = await readFile(new URL(isPacked ? `${name}.br` : name, folder))
    return { body: new Uint8Array(bytes), type, isPacked }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}
