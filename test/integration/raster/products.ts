// Products as their documents describe them, written down here a second time: what the live comparison tells rasterio.

import type { LinearScale } from '../../../lib/model/radiometry.ts'
import type { MaskClass } from '../../../lib/model/request.ts'

/** What decides the numbers of one product, as its documents have it: written down here a second time. */
export interface ProductCase {
  readonly id: string
  readonly properties: Readonly<Record<string, string | number | boolean>>
  readonly nirKey: string
  readonly dtype: 'uint8' | 'uint16' | 'int16' | 'float32'
  readonly nodata: number | null
  /** null for raw numbers. */
  readonly scale: LinearScale | null
  /** Beside the file's nodata. */
  readonly fill: readonly number[]
  readonly saturation: number | null
  readonly quality: QualityCase | null
}

export interface QualityCase {
  readonly key: string
  readonly dtype: 'uint8' | 'uint16' | 'int16'
  /** Bits of a class, or its numbers. */
  readonly bits: Readonly<Partial<Record<MaskClass, number>>>
  readonly values: Readonly<Partial<Record<MaskClass, readonly number[]>>>
  readonly fillBits: number
  readonly fillValues: readonly number[]
  readonly saturated: readonly number[]
  /** What the patches of the band hold. */
  readonly numbers: readonly number[]
}

const landsatQa: QualityCase = {
  key: 'qa_pixel',
  dtype: 'uint16',
  bits: { dilated_cloud: 2, cirrus: 4, cloud: 8, cloud_shadow: 16, snow: 32, water: 128 },
  values: {},
  fillBits: 1,
  fillValues: [],
  saturated: [],
  numbers: [1, 21824, 21826, 21952, 22280, 23888, 30048, 54596, 55052, 21824, 21824, 13600],
}

const fmask: QualityCase = {
  key: 'Fmask',
  dtype: 'uint8',
  bits: { dilated_cloud: 4, cirrus: 1, cloud: 2, cloud_shadow: 8, snow: 16, water: 32 },
  values: {},
  fillBits: 0,
  fillValues: [255],
  saturated: [],
  numbers: [0, 0, 64, 128, 2, 4, 8, 16, 32, 66, 196, 255],
}

const scl: QualityCase = {
  key: 'scl',
  dtype: 'uint8',
  bits: {},
  values: { cirrus: [10], cloud: [8, 9], cloud_shadow: [3], snow: [11], water: [6] },
  fillBits: 0,
  fillValues: [0],
  saturated: [1],
  numbers: [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10, 11],
}

export const productCases: readonly ProductCase[] = [
  {
    id: 'LC09_L2SP_231062_20230723_20230802_02_T1',
    properties: { 'landsat:correction': 'L2SP' },
    nirKey: 'nir08',
    dtype: 'uint16',
    nodata: 0,
    scale: { scale: 2.75e-5, offset: -0.2 },
    fill: [0],
    saturation: 65535,
    quality: landsatQa,
  },
  {
    id: 'LC08_L1TP_231062_20200723_20200802_02_T1',
    properties: { 'landsat:correction': 'L1TP' },
    nirKey: 'nir08',
    dtype: 'uint16',
    nodata: null,
    scale: { scale: 2e-5, offset: -0.1 },
    fill: [0],
    saturation: 65535,
    quality: { ...landsatQa, dtype: 'int16' },
  },
  {
    id: 'S2B_MSIL2A_20230723T142709_N0509_R053_T20MRB_20230723T191211',
    properties: { 's2:processing_baseline': '05.09' },
    nirKey: 'nir',
    dtype: 'uint16',
    nodata: 0,
    scale: { scale: 1e-4, offset: -0.1 },
    fill: [0],
    saturation: 65535,
    quality: scl,
  },
  {
    id: 'HLS.S30.T20MRB.2023204T141709.v2.0',
    properties: {},
    nirKey: 'B8A',
    dtype: 'int16',
    nodata: -9999,
    scale: { scale: 1e-4, offset: 0 },
    fill: [-9999],
    saturation: null,
    quality: fmask,
  },
  {
    id: 'made-up-float',
    properties: {},
    nirKey: 'nir',
    dtype: 'float32',
    nodata: Number.NaN,
    scale: null,
    fill: [],
    saturation: null,
    quality: null,
  },
  {
    id: 'made-up-bytes',
    properties: {},
    nirKey: 'nir',
    dtype: 'uint8',
    nodata: 255,
    scale: null,
    fill: [],
    saturation: null,
    quality: null,
  },
]

/** As test/fixtures/reference.py takes it. */
export function scaleOf({ scale }: ProductCase): readonly (readonly [number, number])[] | null {
  return scale === null ? null : [scale, scale].map(({ scale, offset }) => [scale, offset] as const)
}

export function maskClassesOf(quality: QualityCase | null): MaskClass[] {
  const names = ['dilated_cloud', 'cirrus', 'cloud', 'cloud_shadow', 'snow', 'water'] as const
  return quality === null ? [] : [...names]
}

/** The quality band of a request and which of its numbers mask, as reference.py takes them. */
export function maskedBy(
  quality: QualityCase | null,
  mask: readonly MaskClass[],
  path: string | null,
) {
  if (quality === null || path === null || mask.length === 0) return {}
  return {
    qa: path,
    masked: {
      bits: mask.reduce((bits, name) => bits | (quality.bits[name] ?? 0), quality.fillBits),
      values: [...mask.flatMap((name) => quality.values[name] ?? []), ...quality.fillValues],
      saturated: quality.saturated,
    },
  }
}
