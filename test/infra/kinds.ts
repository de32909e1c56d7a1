// The resources that the tests look at, with those of their inputs that matter to them.

export interface Kinds {
  'aws:lambda/function:Function': {
    readonly runtime: string
    readonly architectures: readonly string[]
    readonly memorySize: number
    readonly timeout: number
    readonly reservedConcurrentExecutions?: number
    readonly ephemeralStorage: { readonly size: number }
    readonly handler: string
    readonly kmsKeyArn?: string
    readonly vpcConfig?: {
      readonly subnetIds: readonly string[]
      readonly securityGroupIds: readonly string[]
    }
    readonly loggingConfig: { readonly logFormat: string }
    readonly environment: { readonly variables: Readonly<Record<string, string>> }
  }
  'aws:iam/role:Role': {
    readonly name: string
    readonly managedPolicyArns: readonly string[]
    readonly assumeRolePolicy: unknown
    readonly inlinePolicies: readonly { readonly policy: string }[]
  }
  'aws:lambda/eventSourceMapping:EventSourceMapping': {
    readonly eventSourceArn: string
    readonly functionName: string
    readonly batchSize: number
    readonly functionResponseTypes: readonly string[]
    readonly scalingConfig: { readonly maximumConcurrency: number }
  }
  'aws:lambda/permission:Permission': {
    readonly principal: string
    readonly sourceArn: string
  }
  'aws:sqs/queue:Queue': {
    readonly name: string
    readonly visibilityTimeoutSeconds: number
    readonly messageRetentionSeconds?: number
    readonly redrivePolicy?: string
  }
  'aws:sqs/queuePolicy:QueuePolicy': { readonly policy: string }
  'aws:sns/topicSubscription:TopicSubscription': {
    readonly topic: string
    readonly region?: string
    readonly protocol: string
    readonly endpoint: string
    readonly filterPolicyScope: string
    readonly filterPolicy: string
    readonly redrivePolicy?: string
  }
  'aws:cloudwatch/eventRule:EventRule': { readonly eventPattern: string }
  'aws:cloudwatch/eventTarget:EventTarget': {
    readonly arn: string
    readonly rule: string
    readonly deadLetterConfig: { readonly arn: string }
  }
  'aws:cloudwatch/metricAlarm:MetricAlarm': {
    readonly namespace: string
    readonly metricName: string
    readonly statistic: string
    readonly threshold: number
    readonly comparisonOperator: string
    readonly dimensions?: Readonly<Record<string, string>>
    readonly alarmActions: readonly string[]
  }
  'aws:cloudwatch/logMetricFilter:LogMetricFilter': {
    readonly logGroupName: string
    readonly pattern: string
    readonly metricTransformation: {
      readonly namespace: string
      readonly name: string
      readonly value: string
    }
  }
  'aws:cloudwatch/dashboard:Dashboard': {
    readonly dashboardName: string
    readonly dashboardBody: string
  }
  'aws:budgets/budget:Budget': {
    readonly limitAmount: string
    readonly notifications: readonly { readonly subscriberSnsTopicArns: readonly string[] }[]
  }
  'aws:sns/topicPolicy:TopicPolicy': { readonly policy: string }
  'aws:scheduler/scheduleGroup:ScheduleGroup': Readonly<Record<string, unknown>>
  'aws:scheduler/schedule:Schedule': {
    readonly scheduleExpression: string
    readonly state: string
    readonly target: {
      readonly arn: string
      readonly input: string
      readonly retryPolicy: { readonly maximumRetryAttempts: number }
      readonly deadLetterConfig: { readonly arn: string }
    }
  }
  'aws:s3/bucketPolicy:BucketPolicy': { readonly policy: string }
  'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration': {
    readonly corsRules: readonly object[]
  }
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': Readonly<Record<string, unknown>>
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': {
    readonly rules: readonly {
      readonly filter: { readonly prefix: string }
      readonly status: string
      readonly expiration?: { readonly days: number }
      readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number }
    }[]
  }
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': {
    readonly rules: readonly object[]
  }
  'aws:s3/bucketNotification:BucketNotification': { readonly queues: readonly object[] }
  'aws:apigatewayv2/api:Api': { readonly corsConfiguration: object }
  'aws:apigatewayv2/domainName:DomainName': {
    readonly domainName: string
    readonly domainNameConfiguration: { readonly certificateArn: string }
  }
  'aws:apigatewayv2/apiMapping:ApiMapping': {
    readonly apiId: string
    readonly apiMappingKey?: string
  }
  'aws:apigatewayv2/stage:Stage': { readonly defaultRouteSettings: object }
  'aws:apigatewayv2/route:Route': { readonly apiId: string; readonly routeKey: string }
  'aws:cloudfront/distribution:Distribution': {
    readonly webAclId?: string
    readonly aliases?: readonly string[]
    readonly viewerCertificate: Readonly<Record<string, unknown>>
    readonly enabled: boolean
    readonly origins: readonly {
      readonly domainName: string
      readonly originPath?: string
      readonly originAccessControlId?: string
      readonly customHeaders?: readonly { readonly name: string; readonly value: string }[]
      readonly customOriginConfig?: Readonly<Record<string, unknown>>
    }[]
    readonly defaultCacheBehavior: Readonly<Record<string, unknown>>
  }
  'aws:wafv2/webAcl:WebAcl': {
    readonly region: string
    readonly scope: string
    readonly customResponseBodies: readonly { readonly content: string }[]
    readonly rules: readonly {
      readonly action: { readonly block: { readonly customResponse: object } }
      readonly statement: { readonly rateBasedStatement: object }
    }[]
  }
  'aws:apigatewayv2/integration:Integration': {
    readonly integrationUri: string
    readonly payloadFormatVersion: string
  }
}
