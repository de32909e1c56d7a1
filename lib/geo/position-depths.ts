// How deep the positions of each GeoJSON geometry nest.

/** Lists around a position, by the type of the geometry; a collection has none. */
export const positionDepths: Readonly<Record<string, number>> = {
  Point: 0,
  MultiPoint: 1,
  LineString: 1,
  MultiLineString: 2,
  Polygon: 2,
  MultiPolygon: 3,
}
