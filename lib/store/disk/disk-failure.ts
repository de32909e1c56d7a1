// What the disk refused, in one sentence that says what to do.

import { GreenprintError, systemCode } from '../../errors.ts'

/** `store_failed` for anything a file operation threw. */
export function explainDiskFailure(cause: unknown): GreenprintError {
  return new GreenprintError('store_failed', sentence(systemCode(cause)), { cause })
}

function sentence(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk under DATA_DIR is full: free some space, or set DATA_DIR to a folder on another disk.'
    case 'EACCES':
      return 'This process may not read or write in DATA_DIR: give it the right to, or set DATA_DIR to another folder.'
    case 'EPERM':
    case 'ENOTSUP':
      return 'The file system of DATA_DIR does not let this process write, or has no hard links: set DATA_DIR to another folder.'
    case 'EROFS':
      return 'DATA_DIR is on a read-only file system: set DATA_DIR to a folder that can be written.'
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open at once to use DATA_DIR: raise the limit of open files (ulimit -n).'
    default:
      return `The folder DATA_DIR could not be used (${code || 'unknown error'}).`
  }
}
