// POST /series and GET /series/{id}: from the HTTP request to the NDVI of zones over time.

import type { Context } from 'hono'
import type { Config } from '../config/config.ts'
import { GreenprintError } from '../errors.ts'
import { chartSvg, drawChart } from '../figure/chart.ts'
import type { Series } from '../model/series.ts'
import { readSeriesBody } from '../request/read-series.ts'
import { recallSeries, startSeries } from '../series.ts'
import type { AppServices } from '../services.ts'
import { seriesChart } from '../steps/series-chart.ts'
import { seriesCsv } from '../steps/series-csv.ts'
import { negotiate } from './accept.ts'
import { requireToken } from './auth.ts'
import { callerOf } from './caller.ts'
import { LightResponse } from './light/response.ts'
import type { AppEnv } from './observe.ts'
import { parseBody } from './parse-body.ts'
import { type RowWish, rowsOf, seriesReply } from './series-reply.ts'
import { withRequestLimit } from './time-limit.ts'

/** Seconds until it is worth asking again. */
const RETRY_AFTER = '2'

const types = {
  json: 'application/json',
  csv: 'text/csv',
  png: 'image/png',
  svg: 'image/svg+xml',
} as const
type Format = keyof typeof types

/** Starts what is not counted yet, and answers with what is. */
export async function answerNewSeries(
  c: Context<AppEnv>,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { authorization, token, base, refusal } = callerOf(c, config)
  if (refusal !== null) throw refusal
  requireToken('jobs', authorization, config)
  const body = parseBody(await c.req.text())
  return withRequestLimit(c.env, services, async (signal) => {
    const asked = await readSeriesBody(body, signal)
    if (asked.pin) requireToken('publishing', authorization, config)
    const order = { ...asked, ...(token === null ? {} : { by: token }) }
    const series = await startSeries(order, services, signal)
    const response = await write(c, series, base)
    response.headers.set('location', `/series/${series.id}`)
    if (series.status === 'successful') return response
    return new LightResponse(response.body, { status: 202, headers: response.headers })
  })
}

/** What is known of a series by now: nothing is computed, so it takes no token. */
export function answerSeries(
  c: Context<AppEnv>,
  id: string,
  services: AppServices,
  config: Config,
): Promise<Response> {
  const { base } = callerOf(c, config)
  return withRequestLimit(c.env, services, async (signal) => {
    const series = await recallSeries(id, services, signal)
    if (series === null) {
      throw new GreenprintError(
        'not_found',
        'There is no series with this id. They are kept for 30 days; send the request again.',
      )
    }
    return write(c, series, base)
  })
}

async function write(c: Context<AppEnv>, series: Series, base: string): Promise<Response> {
  const format = formatOf(c)
  const wish = wishOf(c, series)
  const headers = {
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : types[format],
    'cache-control': 'no-store',
    ...(series.status === 'running' ? { 'retry-after': RETRY_AFTER } : {}),
  }
  if (format === 'json') return LightResponse.json(seriesReply(series, wish, base), { headers })
  if (format === 'csv') return new LightResponse(seriesCsv(rowsOf(series, wish)), { headers })
  const chart = seriesChart(series.record, series.rows, wish.zone)
  if (format === 'svg') return new LightResponse(chartSvg(chart), { headers })
  return new LightResponse(await drawChart(chart), { headers })
}

function wishOf(c: Context<AppEnv>, { record }: Series): RowWish {
  const zone = c.req.query('zone') ?? null
  if (zone !== null && !record.zones.includes(zone)) {
    throw new GreenprintError(
      'invalid_request',
      `The series has no zone "${zone.slice(0, 60)}"; its zones are ${record.zones.slice(0, 20).join(', ')}.`,
    )
  }
  const offset = Number(c.req.query('offset') ?? 0)
  if (Number.isSafeInteger(offset) && offset >= 0) return { zone, offset }
  throw new GreenprintError('invalid_request', 'offset must be a whole number, 0 or more.')
}

function formatOf(c: Context<AppEnv>): Format {
  const asked = c.req.query('f')
  const names = Object.keys(types)
  if (asked !== undefined) {
    const format = names.find((name): name is Format => name === asked)
    if (format !== undefined) return format
    throw new GreenprintError('invalid_request', `f must be one of ${names.join(', ')}.`)
  }
  const type = negotiate(c.req.header('accept'), Object.values(types), 'header')
  return names.find((name): name is Format => isFormat(name) && types[name] === type) ?? 'json'
}

function isFormat(name: string): name is Format {
  return name in types
}
