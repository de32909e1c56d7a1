// What AWS would make of each resource, as far as other resources ask for it: arns, addresses, names.

import { kept } from './settings.ts'

export interface AskedResource {
  readonly type: string
  readonly name: string
  readonly inputs: Readonly<Record<string, unknown>>
  /** Set for what exists already. */
  readonly id?: string | undefined
}

interface AskedCall {
  readonly token: string
  readonly inputs: Readonly<Record<string, unknown>>
}

const account = '123456789012'

/** Pulumi's mocks: every resource that is asked for is added to `resources`. */
export function createMocks(region: string, resources: AskedResource[]) {
  return {
    newResource(asked: AskedResource) {
      resources.push({ type: asked.type, name: asked.name, inputs: asked.inputs })
      const { name, bucket } = asked.inputs
      const physical = [name, bucket].find((one) => typeof one === 'string') ?? asked.name
      const state = { name: physical, ...asked.inputs, ...facts(asked.type, physical, region) }
      // Without an id Pulumi takes the resource for one that is not known yet, and drops what depends on it.
      return { id: asked.id || physical, state }
    },
    call({ token, inputs }: AskedCall) {
      switch (token) {
        case 'aws:index/getRegion:getRegion':
          return { id: region, name: region, region }
        case 'aws:index/getPartition:getPartition':
          return { id: 'aws', partition: 'aws', dnsSuffix: 'amazonaws.com' }
        case 'aws:index/getCallerIdentity:getCallerIdentity':
          return { id: account, accountId: account }
        case 'aws:iam/getPolicyDocument:getPolicyDocument': {
          const json = JSON.stringify({ Version: '2012-10-17', Statement: inputs['statements'] })
          return { id: 'policy', json, ...inputs }
        }
        case 'aws:ssm/getParameter:getParameter': {
          const { name } = inputs
          return { ...inputs, id: name, value: kept[String(name)] ?? '' }
        }
        default:
          throw new Error(`The stand-in for AWS does not know ${token}.`)
      }
    },
  }
}

function facts(type: string, name: string, region: string): Record<string, unknown> {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`
  switch (type) {
    case 'aws:sqs/queue:Queue':
      return {
        arn: arn('sqs', name),
        url: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
      }
    case 'aws:sns/topic:Topic':
      return { arn: arn('sns', name) }
    case 'aws:s3/bucket:Bucket':
      return {
        arn: `arn:aws:s3:::${name}`,
        bucket: name,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      }
    case 'aws:lambda/function:Function':
      return {
        arn: arn('lambda', `function:${name}`),
        invokeArn: arn('apigateway', `path/${name}`),
      }
    case 'aws:scheduler/scheduleGroup:ScheduleGroup':
      return { arn: arn('scheduler', `schedule-group/${name}`) }
    case 'aws:iam/role:Role':
      return { arn: `arn:aws:iam::${account}:role/${name}` }
    case 'aws:cloudwatch/eventBus:EventBus':
      return { arn: arn('events', `event-bus/${name}`) }
    case 'aws:cloudwatch/eventRule:EventRule':
      return { arn: arn('events', `rule/${name}`) }
    case 'aws:apigatewayv2/api:Api':
      return {
        apiEndpoint: `https://api.execute-api.${region}.amazonaws.com`,
        executionArn: arn('execute-api', 'api'),
      }
    case 'aws:apigatewayv2/domainName:DomainName':
      return {
        domainNameConfiguration: { targetDomainName: `d-1.execute-api.${region}.amazonaws.com` },
      }
    case 'aws:cloudfront/distribution:Distribution':
      return {
        arn: `arn:aws:cloudfront::${account}:distribution/${name}`,
        domainName: `${name.toLowerCase()}.cloudfront.net`,
      }
    case 'aws:wafv2/webAcl:WebAcl':
      return { arn: `arn:aws:wafv2:us-east-1:${account}:global/webacl/${name}/id` }
    case 'random:index/randomBytes:RandomBytes':
      return { base64: Buffer.alloc(32, 7).toString('base64') }
    default:
      return {}
  }
}
