// One page of what the functions do: requests, jobs, sources, and what is waiting.

import { METRICS_NAMESPACE, stepMetric } from '../lib/metrics.ts'
import { steps } from '../lib/model/progress.ts'
import type { Functions } from './functions.ts'
import type { Places } from './places.ts'

type Graph = readonly (readonly unknown[])[]

export function createDashboard(functions: Functions, places: Places): void {
  const names = $util.all([
    functions.Api.name,
    functions.Worker.name,
    places.gateway.nodes.api.id,
    places.jobs.nodes.queue.name,
    places.notices.nodes.queue.name,
    aws.getRegionOutput().region,
  ])
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: `${$app.name}-${$app.stage}`,
    dashboardBody: names.apply(([api, worker, gateway, jobs, notices, region]) =>
      JSON.stringify(bodyOf({ api, worker, gateway, jobs, notices, region })),
    ),
  })
}

interface Names {
  readonly api: string
  readonly worker: string
  readonly gateway: string
  readonly jobs: string
  readonly notices: string
  readonly region: string
}

function bodyOf({ api, worker, gateway, jobs, notices, region }: Names) {
  const own = (metric: string, name: string, stat = 'Sum') => [
    METRICS_NAMESPACE,
    metric,
    'FunctionName',
    name,
    { stat },
  ]
  const both = (metric: string, stat?: string) =>
    [api, worker].map((name) => own(metric, name, stat))
  const byOperator = (metric: string, stat: string): Graph => [
    [
      {
        expression: `SEARCH('{${METRICS_NAMESPACE},FunctionName,Operator} MetricName="${metric}" FunctionName=("${api}" OR "${worker}")', '${stat}', 300)`,
      },
    ],
  ]
  const waiting = (name: string) => [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'QueueName',
    name,
    { stat: 'Maximum' },
  ]
  const asked = (metric: string) => ['AWS/ApiGateway', metric, 'ApiId', gateway, { stat: 'Sum' }]
  const graphs: Readonly<Record<string, Graph>> = {
    'Requests and faults': [asked('Count'), asked('4xx'), asked('5xx')],
    'Duration, median and 95 %': [...both('Duration', 'p50'), ...both('Duration', 'p95')],
    'Steps of the API, 95 %': steps.map((step) => own(stepMetric(step), api, 'p95')),
    'Steps of the worker, 95 %': steps.map((step) => own(stepMetric(step), worker, 'p95')),
    'Blocks by operator': byOperator('Blocks', 'Sum'),
    'Bytes by operator': byOperator('SourceBytes', 'Sum'),
    'Latency by operator, 95 %': byOperator('Latency', 'p95'),
    'Hash mismatches': both('HashMismatches'),
    'Known results': both('CacheHits'),
    'Cold starts': both('ColdStarts'),
    'Peak memory, MB': both('PeakMemory', 'Maximum'),
    'Messages waiting': [jobs, notices].map(waiting),
  }
  return {
    widgets: Object.entries(graphs).map(([title, metrics], at) => ({
      type: 'metric',
      x: (at % 2) * 12,
      y: Math.floor(at / 2) * 6,
      width: 12,
      height: 6,
      properties: { title, metrics, region, period: 300, view: 'timeSeries' },
    })),
  }
}
