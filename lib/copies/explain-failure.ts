// What a failure of a plain copy means to who asked for the file.

import { GreenprintError } from '../errors.ts'
import type { SourceFailure } from '../model/source-failure.ts'
import { CopyFailure, type CopyVersion, describeVersions, type PlainCopy } from './plain-copy.ts'

/** @param before the version that was being read; null where none was begun */
export function explainFailure(
  { address }: PlainCopy,
  error: SourceFailure,
  before: CopyVersion | null,
): GreenprintError {
  const options = { details: [error.line], cause: error }
  const trouble = error instanceof CopyFailure ? error.trouble : null
  if (trouble === 'login') {
    return new GreenprintError('login_needed', `${address} ${error.message}.`, options)
  }
  if (trouble === 'empty') {
    return new GreenprintError('content_unusable', `${address} is an empty file.`, options)
  }
  if (error instanceof CopyFailure && trouble === 'changed') {
    const [was, is] =
      before === null || error.found === null ? [] : describeVersions(before, error.found)
    const now = is === undefined ? '' : ` It was the version ${was}, and is the one ${is} now.`
    return new GreenprintError(
      'source_changed',
      `${address} changed while it was read.${now} Ask again once it is at rest.`,
      options,
    )
  }
  if (error.kind === 'refused') {
    const why = error.message.replace(/\.$/, '')
    return new GreenprintError('source_refused', `${address} is not read: ${why}.`, options)
  }
  return new GreenprintError('content_unavailable', `${address} could not be read.`, options)
}
