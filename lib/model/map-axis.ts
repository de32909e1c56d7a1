// What the coordinates of a map count along one of its sides.

export interface MapAxis {
  /** As the CRS calls it: `Easting`, `Southing`, `Longitude`. */
  readonly name: string
  /** As EPSG calls it: `metre`, `degree`, `US survey foot`. */
  readonly unit: string
}
