// The door to proj4, which carries the common CRSs.

import type { Converter } from 'proj4'
import type { Projection } from './projection.ts'
import { thereAndBack } from './there-and-back.ts'

type Proj4 = (definition: string) => Converter

/** 130 KB of code, loaded on first use. */
export async function loadProj4(): Promise<Proj4> {
  const { default: proj4 } = await import('proj4')
  return proj4
}

/** @param definition one of those of crs/common-crs.ts */
export function proj4Projection(definition: string, proj4: Proj4): Projection {
  const converter = proj4(definition)
  const projection: Projection = {
    forward(lon, lat) {
      const [x, y] = converter.forward([lon, lat])
      return [x, y]
    },
    inverse(x, y) {
      const [lon, lat] = converter.inverse([x, y])
      return [lon, lat]
    },
  }
  // Beyond its cone Albers answers with the pole or the equator; the others have no place there.
  return definition.includes('+proj=aea') ? thereAndBack(projection, MILLIMETRE) : projection
}

/** Of the metres in which all of them count. */
const MILLIMETRE = 1e-3
