// The name and version that every result carries.

import manifest from '../package.json' with { type: 'json' }

export const software = { name: manifest.name, version: manifest.version } as const

/** `greenprint 0.1.0` */
export const softwareLine = `${software.name} ${software.version}`
