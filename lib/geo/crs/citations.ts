// What the citations of a GeoTIFF say beyond a name: ESRI's definition, names of parts, units in words.

import { type GeoKeys, textIn } from './geo-keys.ts'

export interface Citations {
  /** WKT of ESRI's projection engine. */
  readonly peString: string | null
  /** Names of the projected CRS, the most telling first. */
  readonly projectedNames: readonly string[]
  readonly geographicName: string | null
  readonly datumName: string | null
  readonly ellipsoidName: string | null
  /** Of the projection, as written. */
  readonly linearUnit: string | null
  /** Everything, for a message. */
  readonly quoted: string
}

const keysOfCitations = ['PCSCitationGeoKey', 'GTCitationGeoKey', 'GeogCitationGeoKey'] as const

export function readCitations(keys: GeoKeys): Citations {
  const [projected, general, geographic] = keysOfCitations.map((name) => {
    const text = textIn(keys, name)
    return text === null ? null : fromImagine(text, name)
  })
  const parts = [projected, general, geographic].map((text) => partsOf(text ?? ''))
  const [ofProjected = {}, ofGeneral = {}, ofGeographic = {}] = parts
  const names = [
    ofProjected['PCS Name'],
    ofGeneral['PCS Name'],
    plainName(projected),
    plainName(general),
  ]
  return {
    peString: peStringOf(projected) ?? peStringOf(general) ?? peStringOf(geographic),
    projectedNames: [...new Set(names.filter((name) => name !== null && name !== undefined))],
    geographicName: ofGeographic['GCS Name'] ?? plainName(geographic),
    datumName: ofGeographic['Datum'] ?? null,
    ellipsoidName: ofGeographic['Ellipsoid'] ?? null,
    linearUnit: ofGeneral['LUnits'] ?? ofProjected['LUnits'] ?? null,
    quoted: [projected, general, geographic]
      .filter((text) => typeof text === 'string')
      .map((text) => JSON.stringify(text.slice(0, 120)))
      .join(', '),
  }
}

function peStringOf(text: string | null | undefined): string | null {
  return (
    /ESRI PE String\s*=\s*(\w+\s*\[[\s\S]*)/i.exec(text ?? '')?.[1]?.replace(/(?<!\|)\|+$/, '') ??
    null
  )
}

/** A citation that is nothing but a name. */
function plainName(text: string | null | undefined): string | null {
  if (typeof text !== 'string' || text.includes(' = ') || text.includes('[')) return null
  return text.replace(/(?<!\|)\|+$/, '')
}

/** `PCS Name = …|LUnits = …|` as ESRI and GDAL write it. */
function partsOf(text: string): Record<string, string> {
  const entries = text.split('|').flatMap((part): [string, string][] => {
    const [name = '', ...value] = part.split(' = ')
    return value.length === 0 ? [] : [[name.trim(), value.join(' = ').trim()]]
  })
  return Object.fromEntries(entries.toReversed())
}

/**
 * ERDAS Imagine writes a copyright notice first, then a name on a line of its own, then `Datum = …`, `Ellipsoid = …`,
 * `Units = …` on lines: the same as ESRI's parts.
 */
function fromImagine(text: string, key: (typeof keysOfCitations)[number]): string {
  if (!/^IMAGINE GeoTIFF/i.test(text)) return text
  const lines = text.split('\n').map((line) => line.trim())
  const said = lines.slice(lines.findLastIndex((line) => line.includes('$')) + 1).filter(Boolean)
  const owner = key === 'GeogCitationGeoKey' ? 'GCS Name' : 'PCS Name'
  return said
    .flatMap((line): string[] => {
      const [name = '', value] = line.split(' = ')
      if (value === undefined) return /^unable to/i.test(line) ? [] : [`${owner} = ${line}`]
      if (name === 'Units') return [`LUnits = ${value}`]
      if (name === 'Projection Name' || name === 'Projection') return [`PCS Name = ${value}`]
      return name === 'GeoTIFF Units' ? [] : [`${name} = ${value}`]
    })
    .join('|')
}

/** Metres of units that ESRI, ERDAS and GDAL write in words; `feet` alone are those of the US survey, as in ERDAS. */
const lengths: readonly (readonly [pattern: RegExp, metres: number])[] = [
  [/^(m|met(er|re)s?)$/, 1],
  [/^(us[_ ]?)?(survey[_ ]?)?(feet|foot|ft)([_ ]us)?$|^us[_ ]?ft$/, 1200 / 3937],
  [/^us[_ ]survey[_ ](feet|foot)$/, 1200 / 3937],
  [/^(international[_ ]|intl[_ ])?(feet|foot)([_ ]int(ernationa)?l)?$/, 0.3048],
  [/^(km|kilomet(er|re)s?)$/, 1000],
  [/^(cm|centimet(er|re)s?)$/, 0.01],
  [/^(clarke[_ ](feet|foot)|foot[_ ]clarke)$/, 0.3047972654],
  [/^foot[_ ]gold[_ ]coast$/, 0.3047997101815088],
  [/^link[_ ]clarke$/, 0.201166195164],
  [/^yard[_ ]sears$/, 0.9143984146160287],
  [/^yard[_ ]indian$/, 0.9143985307444408],
  [/^50[_ ]kilomet(er|re)s$/, 50_000],
  [/^150[_ ]kilomet(er|re)s$/, 150_000],
]

/** @returns null for words that name no length known here */
export function metresOf(unit: string): number | null {
  const words = unit.toLowerCase().trim()
  return lengths.find(([pattern]) => pattern.test(words))?.[1] ?? null
}
