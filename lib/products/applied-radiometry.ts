// What a scale rule comes to once the files are open: integers are scaled, floats may hold reflectance already.

import type { LinearScale, Radiometry, RadiometryRule } from '../model/radiometry.ts'

export interface AppliedRadiometry {
  readonly radiometry: Radiometry
  readonly warnings: readonly string[]
}

const IDENTITY: LinearScale = { scale: 1, offset: 0 }

/** @param dtypes of the samples of both bands, as `uint16` */
export function applyRadiometry(
  { when, ...radiometry }: RadiometryRule,
  dtypes: { readonly red: string; readonly nir: string },
): AppliedRadiometry {
  if (when === 'always' || ![dtypes.red, dtypes.nir].some(isFloat)) {
    return { radiometry, warnings: [] }
  }
  const scaleOf = (band: 'red' | 'nir') => (isFloat(dtypes[band]) ? IDENTITY : radiometry[band])
  const [red, nir] = [scaleOf('red'), scaleOf('nir')]
  const floats = [...new Set([dtypes.red, dtypes.nir].filter(isFloat))].join(' and ')
  const isAll = isFloat(dtypes.red) && isFloat(dtypes.nir)
  const reason = `${radiometry.reason} Its ${isAll ? 'bands are' : 'one band is'} ${floats}, taken for reflectance already: the scale is of integers.`
  const warning = `the scale of the product (${radiometry.applied}) is for integers and is not applied to ${floats} numbers: they are taken for reflectance`
  return {
    radiometry: { ...radiometry, applied: isAll ? 'none' : radiometry.applied, red, nir, reason },
    warnings: [warning],
  }
}

function isFloat(dtype: string): boolean {
  return dtype.startsWith('float')
}
