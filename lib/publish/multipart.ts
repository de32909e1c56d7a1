// A form with one file in it, as `multipart/form-data` (RFC 7578), written while it is sent.

import { type FileContent, joinContents, memoryContent } from '../store/file-content.ts'
import type { Upload } from './upload.ts'

export interface MultipartForm {
  readonly contentType: string
  readonly body: FileContent
}

/** @param fields before the file, by name */
export function carForm(
  { root, car }: Pick<Upload, 'root' | 'car'>,
  fields: Readonly<Record<string, string>> = {},
): MultipartForm {
  // No directory can hold its own CID, so that this never stands in the CAR.
  const boundary = `greenprint-${root.toString()}`
  const begin = `--${boundary}\r\ncontent-disposition: form-data; name=`
  const texts = Object.entries(fields).map(
    ([name, value]) => `${begin}"${name}"\r\n\r\n${value}\r\n`,
  )
  const file = `${begin}"file"; filename="${root.toString()}.car"\r\ncontent-type: application/vnd.ipld.car\r\n\r\n`
  const encode = (text: string) => memoryContent(new TextEncoder().encode(text))
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: joinContents([encode(texts.join('') + file), car, encode(`\r\n--${boundary}--\r\n`)]),
  }
}
