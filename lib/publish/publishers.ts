// Every publisher by its name: to add one, come here.

import type { Config } from '../config/config.ts'
import type { PublisherName } from '../config/publisher-names.ts'
import { GreenprintError } from '../errors.ts'
import type { ContentStore } from '../kept/content-store.ts'
import { createHttp } from '../net/http.ts'
import { createClusterPublisher } from './cluster.ts'
import { createFilebasePublisher } from './filebase.ts'
import { createKuboPublisher } from './kubo.ts'
import { createLocalPublisher, createS3Publisher } from './own-store.ts'
import { createPinataPublisher } from './pinata.ts'
import { createPsaPublisher } from './psa.ts'
import type { FolderOf } from './public-folder.ts'
import type { Publisher } from './publisher.ts'
import { createW3upPublisher } from './w3up/w3up.ts'

/**
 * Those that the configuration names, in its order.
 *
 * @param content of the deployment's own store
 * @param folderOf of a root in that store, where it is a bucket
 * @throws {GreenprintError} `invalid_configuration` for one that is named and not set up
 */
export function createPublishers(
  config: Config,
  content: ContentStore,
  folderOf: FolderOf,
): Publisher[] {
  // A service names the host that takes the bytes: ALLOWED_HOSTS is about callers' URLs, not about this one.
  const http = createHttp({ ...config.hosts, allowedHosts: [] })
  const { kubo, cluster, w3up, filebase, pinata, psa, s3 } = config
  const known: Readonly<Record<PublisherName, () => Publisher | null>> = {
    kubo: () => kubo && createKuboPublisher(kubo, http),
    cluster: () => cluster && createClusterPublisher(cluster, http),
    w3up: () => w3up && createW3upPublisher(w3up, http),
    filebase: () => filebase && createFilebasePublisher(filebase),
    pinata: () => pinata && createPinataPublisher(pinata, http),
    psa: () => psa && createPsaPublisher(psa, http),
    s3: () => s3 && createS3Publisher(content, folderOf),
    local: () => createLocalPublisher(content),
  }
  return config.publishers.map((name) => {
    const publisher = known[name]()
    if (publisher !== null) return publisher
    const message = `Publisher ${name} is named but not configured.`
    throw new GreenprintError('invalid_configuration', message)
  })
}
