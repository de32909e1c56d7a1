// What CloudWatch's specification asks of a line that is metrics too, and the metrics in it.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

import assert from 'node:assert/strict'

export interface EmfMetric {
  readonly namespace: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly unit: string
  readonly values: readonly number[]
}

type Line = Readonly<Record<string, unknown>>

interface Directive {
  readonly Namespace: string
  readonly Dimensions: readonly (readonly string[])[]
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[]
}

/** Metrics of a line by their names; empty for a line that has none. Fails where it breaks the specification. */
export function metricsOf(line: Line): Readonly<Record<string, EmfMetric>> {
  if (line['_aws'] === undefined) return {}
  assert.ok(JSON.stringify(line).length < 256 * 1024, 'CloudWatch takes lines of up to 256 KB')
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- looked at below
  const { Timestamp, CloudWatchMetrics } = line['_aws'] as {
    Timestamp: number
    CloudWatchMetrics: readonly Directive[]
  }
  assert.ok(Number.isInteger(Timestamp) && Timestamp > 0)
  const entries = CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    assert.match(Namespace, /^[\w./#:-]{1,255}$/)
    assert.ok(Metrics.length <= 100)
    return Dimensions.flatMap((names) => {
      assert.ok(names.length <= 30)
      const dimensions = Object.fromEntries(names.map((name) => [name, textOf(line, name)]))
      return Metrics.map(({ Name, Unit }): [string, EmfMetric] => {
        const values = valuesOf(line, Name)
        return [Name, { namespace: Namespace, dimensions, unit: Unit, values }]
      })
    })
  })
  return Object.fromEntries(entries)
}

function textOf(line: Line, name: string): string {
  const value = line[name]
  assert.ok(typeof value === 'string' && value.length > 0 && value.length <= 1024, name)
  return value
}

function valuesOf(line: Line, name: string): readonly number[] {
  const value = line[name]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  assert.ok(values.length > 0 && values.length <= 100, name)
  return values.map((each) => {
    assert.ok(typeof each === 'number' && Number.isFinite(each), `${name}: ${String(each)}`)
    return each
  })
}
