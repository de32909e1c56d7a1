// Where the files of a published result lie in the own bucket: at the address that PUBLIC_FILES_URL gives them, by
// which anybody has them without this deployment, else by their place in the bucket.

import type { Publication } from '../model/result.ts'

/** The service whose publications are the own bucket. */
const OWN = 's3'

/** Of a root, ending in a slash. */
export type FolderOf = (root: string) => string

/**
 * @param place of the store, as `ObjectStore.name` has it
 * @param publicUrl of its folder `published/`, without a trailing slash; null = nothing is public there
 */
export function folderIn(place: string, publicUrl: string | null): FolderOf {
  return (root) => `${publicUrl ?? `${place}/published`}/${root}/`
}

/** The same publications with the folder as it is now, whatever it was when they were made. */
export function relocated(
  publications: readonly Publication[],
  root: string,
  folderOf: FolderOf,
): readonly Publication[] {
  return publications.map((publication) =>
    publication.service === OWN && 'href' in publication
      ? { ...publication, href: folderOf(root) }
      : publication,
  )
}

/** The folder that anybody may read, or null. */
export function publicFolder(publications: readonly Publication[]): string | null {
  const own = publications.find(({ service, status }) => service === OWN && status === 'held')
  const href = own !== undefined && 'href' in own ? own.href : undefined
  return href?.startsWith('https://') === true ? href : null
}
