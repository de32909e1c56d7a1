// What the axes of a map are called, by its coordinate system.

import type { MapAxis } from '../model/map-axis.ts'

/** EPSG's units that everyone knows by a sign. */
const signs: Readonly<Record<string, string>> = {
  metre: 'm',
  kilometre: 'km',
  degree: '°',
  foot: 'ft',
  grad: 'gon',
}

/** @param crs `EPSG:<code>` or that of another authority; null where it has none */
export function axisTitles(
  axes: readonly [x: MapAxis, y: MapAxis],
  crs: string | null,
): readonly [x: string, y: string] {
  const [x, y] = axes.map(({ name, unit }) => `${name} (${signOf(unit)})`)
  return [crs === null ? `${x}` : `${x}, ${crs}`, `${y}`]
}

/** Whose chain it is, the code tells: a narrow map has no room for it. */
function signOf(unit: string): string {
  const plain = unit.replace(/ \(.*$/, '')
  return signs[plain] ?? plain
}
