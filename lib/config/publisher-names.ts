// The names of publishers, as PUBLISHERS takes them.

/** In the order in which they are asked where `PUBLISHERS` does not say. */
export const serviceNames = ['kubo', 'cluster', 'w3up', 'filebase', 'pinata', 'psa'] as const

/** A service of others. */
export type ServiceName = (typeof serviceNames)[number]

export const publisherNames = [...serviceNames, 's3', 'local'] as const

export type PublisherName = (typeof publisherNames)[number]
