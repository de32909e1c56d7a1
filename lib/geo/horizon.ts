// What of the Earth a map shows that is seen from one side, as satellites and globes are: the ground within its rim.

import type { Ring } from '../model/request.ts'
import { boxGeometry } from './antimeridian.ts'
import { withinGlobe } from './area.ts'
import { groundOf } from './coverage.ts'
import { normalizeLongitude } from './longitude.ts'
import { intersectionOf, type PolygonSet, unionOf } from './polygon-set.ts'
import type { Projection } from './projection.ts'
import { unwrapRing } from './ring.ts'

/** Between two of them the rim is straight to a 25,000th of the map. */
const RAYS = 360
/** Of the way to the rim: a place on it may have none. */
const WITHIN = 1 - 1e-6
/** Degrees around the centre. */
const SMALL = 1e-3
/** In units of the map: what goes on beyond that has no rim. */
const FAR = 2 ** 40

/**
 * @param centre a place that the map shows
 * @returns null where the map has no rim around it, or one that cannot be followed
 */
export function groundSeen(
  [lon, lat]: readonly [lon: number, lat: number],
  projection: Projection,
): PolygonSet | null {
  const [x, y] = projection.forward(lon, lat)
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null
  const rim: Ring[number][] = []
  let far: number | null = 1
  for (let at = 0; at < RAYS; at++) {
    const angle = (2 * Math.PI * at) / RAYS
    const placeAt = (distance: number) =>
      projection.inverse(x + distance * Math.cos(angle), y + distance * Math.sin(angle))
    far = reachOf((distance) => Number.isFinite(placeAt(distance)[0]), far)
    if (far === null) return null
    rim.push(placeAt(far * WITHIN))
  }
  if (!rim.flat().every(Number.isFinite)) return null
  const ground = unionOf([withinGlobe(unwrapRing(rim))])
  // A rim around a pole, or over the seam of a map, may enclose what is on its other side.
  const middle = normalizeLongitude(lon)
  const around = groundOf(boxGeometry([middle - SMALL, lat - SMALL, middle + SMALL, lat + SMALL]))
  return around !== null && intersectionOf(ground, around).length > 0 ? ground : null
}

/** How far places go; null where they do not end, or the centre is none. @param about where the end was on the ray before */
function reachOf(isPlace: (distance: number) => boolean, about: number): number | null {
  let within = about / 2
  while (!isPlace(within)) {
    within /= 2
    if (within === 0) return null
  }
  let beyond = within * 2
  while (isPlace(beyond)) {
    within = beyond
    beyond *= 2
    if (beyond > FAR) return null
  }
  while (beyond - within > beyond * 1e-8) {
    const middle = (within + beyond) / 2
    if (isPlace(middle)) within = middle
    else beyond = middle
  }
  return within
}
