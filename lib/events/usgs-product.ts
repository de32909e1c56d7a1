// Landsat product ids, as USGS announces them, and the ids of their STAC items.

export interface UsgsProduct {
  readonly id: string
  readonly collection: 'landsat-c2l1' | 'landsat-c2l2-sr'
  /** Of the STAC item in that collection. */
  readonly itemId: string
}

/** L[sensor][mission]_[level]_[path and row]_[acquired]_[processed]_[collection]_[tier] */
const SCENE = /^L([COTEM])(\d{2})_([A-Z0-9]{4})_\d{6}_\d{8}_\d{8}_(\d{2})_(RT|T1|T2)$/

/** The product, or the reason why its scene cannot be used. */
export function readProductId(id: string): UsgsProduct | string {
  const [, sensor = '', mission = '', level = '', collection, tier] = SCENE.exec(id) ?? []
  if (collection === undefined) {
    return `no scene: ${id.slice(0, 80)} is not the id of a Landsat scene (ARD tiles and Level 3 products have no bands of their own)`
  }
  if (tier === 'RT') return realTime(id)
  if (collection !== '02') return `no item: ${id} belongs to Collection ${Number(collection)}`
  if (sensor === 'T' && Number(mission) >= 8) {
    return `no red and near-infrared band: ${id} is of the thermal sensor alone`
  }
  if (level.startsWith('L1')) return { id, collection: 'landsat-c2l1', itemId: id }
  if (level === 'L2SP' || level === 'L2SR') {
    return { id, collection: 'landsat-c2l2-sr', itemId: `${id}_SR` }
  }
  return `no red and near-infrared band: ${id} is of level ${level}`
}

/** Whether an id, of a product or of its STAC item, is of the real-time tier. */
export function isRealTimeId(id: string): boolean {
  return /^L[COTEM]\d{2}_.*_RT(_|$)/.test(id)
}

export function realTime(id: string): string {
  return `real-time tier: ${id} will be announced again with its final geometry and calibration`
}
