// Whole files on this machine: an address of the local server, past API Gateway’s limits, for every file of the own store.

import type { WholeFiles } from '../ipfs/whole-files.ts'

const FOLDER = '/_local/files/'

/** There is no second copy: the server puts files together from their blocks as it sends them. */
export const localFiles: WholeFiles = {
  keep: () => Promise.resolve(),
  locate: ({ cid, name }) => Promise.resolve(`${FOLDER}${cid.toString()}?name=${name}`),
}

/** The CID, not yet looked at, and the name in such an address; null for any other. */
export function readLocalFile({
  pathname,
  searchParams,
}: URL): { cid: string; name: string } | null {
  if (!pathname.startsWith(FOLDER)) return null
  return { cid: pathname.slice(FOLDER.length), name: searchParams.get('name') ?? '' }
}
