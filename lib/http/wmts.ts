// The WMTS capabilities of a map, RESTful: OGC 07-057r7, tile matrix set WebMercatorQuad of OGC 17-083r4.

import { GreenprintError } from '../errors.ts'
import { MAP_EDGE, onMap, pixelAt, TILE_SIZE } from '../geo/web-mercator.ts'
import type { MapExtent } from '../steps/map-extent.ts'
import type { TileMap } from '../tiles.ts'
import { type TileForm, type TilePlace, tileTemplate } from './tilejson.ts'

/** Metres of a pixel by which OGC counts scales. */
const PIXEL = 0.000_28
const SET = 'WebMercatorQuad'

export function describeWmts(
  { name }: Pick<TileMap, 'name'>,
  extent: MapExtent,
  form: TileForm,
  place: TilePlace,
): string {
  const template = tileTemplate(form, place, ['{TileMatrix}', '{TileCol}', '{TileRow}'])
  const { bounds, minZoom, maxZoom } = extent
  const [west, south, east, north] =
    bounds[2] < bounds[0] ? [-180, bounds[1], 180, bounds[3]] : bounds
  const zooms = Array.from({ length: maxZoom - minZoom + 1 }, (_, at) => minZoom + at)
  const format = `image/${form.format}`
  return `<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.0.0">
  <ows:ServiceIdentification>
    <ows:Title>Greenprint</ows:Title>
    <ows:ServiceType>OGC WMTS</ows:ServiceType>
    <ows:ServiceTypeVersion>1.0.0</ows:ServiceTypeVersion>
  </ows:ServiceIdentification>
  <Contents>
    <Layer>
      <ows:Title>${escapeXml(`NDVI of ${name}`)}</ows:Title>
      <ows:Identifier>ndvi</ows:Identifier>
      <ows:WGS84BoundingBox crs="urn:ogc:def:crs:OGC:2:84">
        <ows:LowerCorner>${west} ${south}</ows:LowerCorner>
        <ows:UpperCorner>${east} ${north}</ows:UpperCorner>
      </ows:WGS84BoundingBox>
      <Style isDefault="true">
        <ows:Identifier>default</ows:Identifier>
      </Style>
      <Format>${format}</Format>
      <TileMatrixSetLink>
        <TileMatrixSet>${SET}</TileMatrixSet>
        <TileMatrixSetLimits>
${zooms.map((zoom) => limitsOf(zoom, [west, south, east, north])).join('\n')}
        </TileMatrixSetLimits>
      </TileMatrixSetLink>
      <ResourceURL format="${format}" resourceType="tile" template="${escapeXml(template)}"/>
    </Layer>
    <TileMatrixSet>
      <ows:Identifier>${SET}</ows:Identifier>
      <ows:SupportedCRS>urn:ogc:def:crs:EPSG::3857</ows:SupportedCRS>
      <WellKnownScaleSet>urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible</WellKnownScaleSet>
${zooms.map((zoom) => matrixOf(zoom, form)).join('\n')}
    </TileMatrixSet>
  </Contents>
</Capabilities>
`
}

/** What clients of WMTS add to whatever address they are given (OWSLib does, and with it cartopy), in any case. */
const clientFields: ReadonlyMap<string, RegExp> = new Map([
  ['service', /^wmts$/i],
  ['request', /^getcapabilities$/i],
  ['version', /^/],
  ['acceptversions', /^/],
])

/**
 * The query without them.
 *
 * @throws {GreenprintError} `invalid_request` where they ask for something else than the capabilities
 */
export function withoutClientFields(asked: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of asked) {
    const expected = clientFields.get(name.toLowerCase())
    if (expected === undefined) query.append(name, value)
    else if (!expected.test(value)) throw onlyCapabilities(name, value)
  }
  return query
}

function onlyCapabilities(name: string, value: string): GreenprintError {
  return new GreenprintError(
    'invalid_request',
    `${name}=${value.slice(0, 60)} is not answered: here are the capabilities of a RESTful WMTS alone, whose ResourceURL has the address of the tiles.`,
  )
}

/** The tiles that have something to show. */
function limitsOf(zoom: number, bounds: readonly [number, number, number, number]): string {
  const side = pixelAt(zoom) * TILE_SIZE
  const last = 2 ** zoom - 1
  const [[left, bottom, right, top] = [0, 0, 0, 0]] = onMap(bounds)
  const within = (at: number) => Math.min(last, Math.max(0, Math.floor(at)))
  return `          <TileMatrixLimits>
            <TileMatrix>${zoom}</TileMatrix>
            <MinTileRow>${within((MAP_EDGE - top) / side)}</MinTileRow>
            <MaxTileRow>${within((MAP_EDGE - bottom) / side)}</MaxTileRow>
            <MinTileCol>${within((left + MAP_EDGE) / side)}</MinTileCol>
            <MaxTileCol>${within((right + MAP_EDGE) / side)}</MaxTileCol>
          </TileMatrixLimits>`
}

function matrixOf(zoom: number, { scale }: TileForm): string {
  const size = TILE_SIZE * scale
  const count = 2 ** zoom
  return `      <TileMatrix>
        <ows:Identifier>${zoom}</ows:Identifier>
        <ScaleDenominator>${pixelAt(zoom, size) / PIXEL}</ScaleDenominator>
        <TopLeftCorner>${-MAP_EDGE} ${MAP_EDGE}</TopLeftCorner>
        <TileWidth>${size}</TileWidth>
        <TileHeight>${size}</TileHeight>
        <MatrixWidth>${count}</MatrixWidth>
        <MatrixHeight>${count}</MatrixHeight>
      </TileMatrix>`
}

function escapeXml(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  // oxlint-disable-next-line no-control-regex -- XML 1.0 has none of these
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
  return clean.replace(/[&<>"']/g, (character) => names[character] ?? character)
}
