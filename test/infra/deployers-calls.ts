// What AWS is asked by a deployment, by the types of its resources, as the provider's sources and AWS's documents have
// it; the parameters are for who imitates AWS.
// Long: one table, a line for each call.

export interface Call {
  /** As IAM names it. */
  readonly action: string
  /** ARN of what it is done to; `*` where IAM takes no other. */
  readonly on: string
  /** Of AWS's SDK, where it has another name. */
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
}

const account = '123456789012'
const region = 'eu-central-1'
/** Of whatever is made. */
export const thing = 'greenprint-test-Thing-abcdefgh'
const name = thing
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`
const role = `arn:aws:iam::${account}:role/${name}`
const queue = arn('sqs', name)
const queueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`
const topic = arn('sns', name)
const fn = arn('lambda', `function:${name}`)
const bucket = `arn:aws:s3:::${name}`
const group = arn('logs', `log-group:${name}`)
const tags = [{ Key: 'sst:app', Value: 'greenprint' }]
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })

function ask(
  action: string,
  on: string,
  parameters: Call['parameters'],
  operation = action.split(':')[1] ?? '',
): Call {
  return { action, on, parameters, operation }
}

const ofRole = { RoleName: name }
const ofQueue = { QueueUrl: queueUrl }
const ofTopic = { TopicArn: topic }
const ofFunction = { FunctionName: name }
const ofBucket = { Bucket: name }
const passRole = ask('iam:PassRole', role, {})

/** By the type of a resource: what makes it, looks at it, changes it, and removes it. Empty = AWS hears nothing. */
export const callsFor: Readonly<Record<string, readonly Call[]>> = {
  'aws:iam/role:Role': [
    ask('iam:CreateRole', role, { ...ofRole, AssumeRolePolicyDocument: policy }),
    ask('iam:PutRolePolicy', role, { ...ofRole, PolicyName: 'inline', PolicyDocument: policy }),
    ask('iam:AttachRolePolicy', role, {
      ...ofRole,
      PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
    }),
    ask('iam:TagRole', role, { ...ofRole, Tags: tags }),
    ask('iam:GetRole', role, ofRole),
    ask('iam:ListRolePolicies', role, ofRole),
    ask('iam:GetRolePolicy', role, { ...ofRole, PolicyName: 'inline' }),
    ask('iam:ListAttachedRolePolicies', role, ofRole),
    ask('iam:UpdateAssumeRolePolicy', role, { ...ofRole, PolicyDocument: policy }),
    ask('iam:ListInstanceProfilesForRole', role, ofRole),
    ask('iam:DetachRolePolicy', role, {
      ...ofRole,
      PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole',
    }),
    ask('iam:DeleteRolePolicy', role, { ...ofRole, PolicyName: 'inline' }),
    ask('iam:DeleteRole', role, ofRole),
  ],
  'aws:lambda/function:Function': [
    ask('lambda:CreateFunction', fn, {
      ...ofFunction,
      Role: role,
      Runtime: 'nodejs24.x',
      Handler: 'bundle.handler',
      Code: { S3Bucket: name, S3Key: 'code.zip' },
    }),
    passRole,
    // With VPC_SUBNETS Lambda looks at the network as the caller:
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    ask('ec2:DescribeSecurityGroups', '*', {}),
    ask('ec2:DescribeSubnets', '*', {}),
    ask('ec2:DescribeVpcs', '*', {}),
    // With KMS_KEY_ARN it lets the function use the key, as the caller:
    // https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    ask('kms:CreateGrant', arn('kms', 'key/0a1b2c3d'), {
      KeyId: '0a1b2c3d',
      GranteePrincipal: role,
      Operations: ['Decrypt'],
    }),
    ask('kms:Encrypt', arn('kms', 'key/0a1b2c3d'), { KeyId: '0a1b2c3d', Plaintext: 'x' }),
    ask('lambda:GetFunction', fn, ofFunction),
    ask('lambda:GetFunctionCodeSigningConfig', fn, ofFunction),
    ask('lambda:UpdateFunctionCode', fn, { ...ofFunction, S3Bucket: name, S3Key: 'code.zip' }),
    ask('lambda:UpdateFunctionConfiguration', fn, { ...ofFunction, MemorySize: 3008 }),
    ask('lambda:PutFunctionConcurrency', fn, { ...ofFunction, ReservedConcurrentExecutions: 20 }),
    ask('lambda:ListVersionsByFunction', fn, ofFunction),
    ask('lambda:TagResource', fn, { Resource: fn, Tags: { 'sst:app': 'greenprint' } }),
    ask('lambda:DeleteFunction', fn, ofFunction),
  ],
  'aws:lambda/eventSourceMapping:EventSourceMapping': [
    ask('lambda:CreateEventSourceMapping', '*', { ...ofFunction, EventSourceArn: queue }),
    ask('lambda:ListEventSourceMappings', '*', {}),
  ],
  'aws:lambda/permission:Permission': [
    ask('lambda:AddPermission', fn, {
      ...ofFunction,
      StatementId: 'gateway',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
    }),
    ask('lambda:GetPolicy', fn, ofFunction),
    ask('lambda:RemovePermission', fn, { ...ofFunction, StatementId: 'gateway' }),
  ],
  'aws:sqs/queue:Queue': [
    ask('sqs:CreateQueue', queue, { QueueName: name }),
    ask('sqs:GetQueueAttributes', queue, { ...ofQueue, AttributeNames: ['All'] }),
    ask('sqs:SetQueueAttributes', queue, { ...ofQueue, Attributes: { VisibilityTimeout: '5400' } }),
    ask('sqs:TagQueue', queue, { ...ofQueue, Tags: { 'sst:app': 'greenprint' } }),
    ask('sqs:ListQueueTags', queue, ofQueue),
    ask('sqs:DeleteQueue', queue, ofQueue),
  ],
  'aws:sqs/queuePolicy:QueuePolicy': [
    ask('sqs:SetQueueAttributes', queue, { ...ofQueue, Attributes: { Policy: '' } }),
  ],
  'aws:sns/topic:Topic': [
    ask('sns:CreateTopic', topic, { Name: name }),
    ask('sns:GetTopicAttributes', topic, ofTopic),
    ask('sns:ListTagsForResource', topic, { ResourceArn: topic }),
    ask('sns:DeleteTopic', topic, ofTopic),
  ],
  'aws:sns/topicPolicy:TopicPolicy': [
    ask('sns:SetTopicAttributes', topic, {
      ...ofTopic,
      AttributeName: 'Policy',
      AttributeValue: policy,
    }),
  ],
  'aws:sns/topicSubscription:TopicSubscription': [
    ask('sns:Subscribe', topic, { ...ofTopic, Protocol: 'sqs', Endpoint: queue }),
    ask('sns:GetSubscriptionAttributes', topic, { SubscriptionArn: `${topic}:1` }),
    ask('sns:Unsubscribe', '*', { SubscriptionArn: `${topic}:1` }),
  ],
  'aws:s3/bucket:Bucket': [
    ask('s3:CreateBucket', bucket, {
      ...ofBucket,
      CreateBucketConfiguration: { LocationConstraint: region },
    }),
    ask('s3:ListBucket', bucket, ofBucket, 'ListObjectsV2'),
    ask('s3:GetBucketTagging', bucket, ofBucket),
    ask('s3:DeleteBucket', bucket, ofBucket),
  ],
  'aws:s3/bucketPolicy:BucketPolicy': [
    ask('s3:PutBucketPolicy', bucket, { ...ofBucket, Policy: policy }),
    ask('s3:GetBucketPolicy', bucket, ofBucket),
    ask('s3:DeleteBucketPolicy', bucket, ofBucket),
  ],
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': [
    ask(
      's3:PutBucketPublicAccessBlock',
      bucket,
      { ...ofBucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
      'PutPublicAccessBlock',
    ),
  ],
  'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration': [
    ask(
      's3:PutBucketCORS',
      bucket,
      {
        ...ofBucket,
        CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
      },
      'PutBucketCors',
    ),
  ],
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': [
    ask(
      's3:PutLifecycleConfiguration',
      bucket,
      {
        ...ofBucket,
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', Prefix: 'jobs/', Expiration: { Days: 30 } }],
        },
      },
      'PutBucketLifecycleConfiguration',
    ),
  ],
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': [
    ask(
      's3:PutEncryptionConfiguration',
      bucket,
      {
        ...ofBucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
      },
      'PutBucketEncryption',
    ),
  ],
  'aws:s3/bucketNotification:BucketNotification': [
    ask(
      's3:PutBucketNotification',
      bucket,
      { ...ofBucket, NotificationConfiguration: {} },
      'PutBucketNotificationConfiguration',
    ),
  ],
  'aws:s3/bucketObjectv2:BucketObjectv2': [
    ask('s3:PutObject', `${bucket}/code.zip`, { ...ofBucket, Key: 'code.zip', Body: 'zip' }),
    ask('s3:GetObject', `${bucket}/code.zip`, { ...ofBucket, Key: 'code.zip' }),
    ask('s3:DeleteObject', `${bucket}/code.zip`, { ...ofBucket, Key: 'code.zip' }),
  ],
  'aws:cloudwatch/eventBus:EventBus': [
    ask('events:CreateEventBus', arn('events', `event-bus/${name}`), { Name: name }),
    ask('events:DescribeEventBus', arn('events', `event-bus/${name}`), { Name: name }),
    ask('events:DeleteEventBus', arn('events', `event-bus/${name}`), { Name: name }),
  ],
  'aws:cloudwatch/eventRule:EventRule': [
    ask('events:PutRule', arn('events', `rule/${name}`), { Name: name, EventPattern: '{}' }),
    ask('events:DescribeRule', arn('events', `rule/${name}`), { Name: name }),
  ],
  'aws:cloudwatch/eventTarget:EventTarget': [
    ask('events:PutTargets', arn('events', `rule/${name}`), {
      Rule: name,
      Targets: [{ Id: '1', Arn: queue }],
    }),
    ask('events:ListTargetsByRule', arn('events', `rule/${name}`), { Rule: name }),
    ask('events:RemoveTargets', arn('events', `rule/${name}`), { Rule: name, Ids: ['1'] }),
  ],
  'aws:cloudwatch/logGroup:LogGroup': [
    ask('logs:CreateLogGroup', group, { logGroupName: name }),
    ask('logs:PutRetentionPolicy', group, { logGroupName: name, retentionInDays: 30 }),
    ask('logs:DescribeLogGroups', '*', {}),
    ask('logs:DeleteLogGroup', group, { logGroupName: name }),
  ],
  'aws:cloudwatch/logMetricFilter:LogMetricFilter': [
    ask('logs:PutMetricFilter', group, {
      logGroupName: name,
      filterName: 'JobsFailed',
      filterPattern: '{ $.event = "job" }',
      metricTransformations: [{ metricName: 'm', metricNamespace: 'Greenprint', metricValue: '1' }],
    }),
    ask('logs:DescribeMetricFilters', group, {}),
  ],
  'aws:cloudwatch/metricAlarm:MetricAlarm': [
    ask('cloudwatch:PutMetricAlarm', arn('cloudwatch', `alarm:${name}`), {
      AlarmName: name,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Namespace: 'AWS/SQS',
      MetricName: 'NumberOfMessagesSent',
      Period: 300,
      Statistic: 'Sum',
      Threshold: 0,
    }),
    ask('cloudwatch:DescribeAlarms', '*', {}),
    ask('cloudwatch:DeleteAlarms', arn('cloudwatch', `alarm:${name}`), { AlarmNames: [name] }),
  ],
  'aws:cloudwatch/dashboard:Dashboard': [
    ask('cloudwatch:PutDashboard', `arn:aws:cloudwatch::${account}:dashboard/${name}`, {
      DashboardName: name,
      DashboardBody: '{}',
    }),
    ask('cloudwatch:GetDashboard', `arn:aws:cloudwatch::${account}:dashboard/${name}`, {
      DashboardName: name,
    }),
  ],
  'aws:apigatewayv2/api:Api': [
    gateway('POST', '/apis', { Name: name, ProtocolType: 'HTTP' }, 'CreateApi'),
    gateway('GET', '/apis/a', { ApiId: 'a' }, 'GetApi'),
    gateway('PATCH', '/apis/a', { ApiId: 'a', Name: name }, 'UpdateApi'),
    gateway('DELETE', '/apis/a', { ApiId: 'a' }, 'DeleteApi'),
  ],
  'aws:apigatewayv2/stage:Stage': [
    gateway('POST', '/apis/a/stages', { ApiId: 'a', StageName: '$default' }, 'CreateStage'),
    // Its access log is delivered by CloudWatch Logs, as the caller orders it.
    ask('logs:CreateLogDelivery', '*', {}),
    ask('logs:PutResourcePolicy', '*', { policyName: 'delivery', policyDocument: policy }),
  ],
  'aws:apigatewayv2/integration:Integration': [
    gateway(
      'POST',
      '/apis/a/integrations',
      { ApiId: 'a', IntegrationType: 'AWS_PROXY' },
      'CreateIntegration',
    ),
  ],
  'aws:apigatewayv2/route:Route': [
    gateway('POST', '/apis/a/routes', { ApiId: 'a', RouteKey: '$default' }, 'CreateRoute'),
  ],
  'aws:budgets/budget:Budget': [
    ask(
      'budgets:ModifyBudget',
      `arn:aws:budgets::${account}:budget/${name}`,
      {
        AccountId: account,
        Budget: {
          BudgetName: name,
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
          BudgetLimit: { Amount: '50', Unit: 'USD' },
        },
      },
      'CreateBudget',
    ),
    ask(
      'budgets:ViewBudget',
      `arn:aws:budgets::${account}:budget/${name}`,
      { AccountId: account, BudgetName: name },
      'DescribeBudget',
    ),
  ],
  'aws:scheduler/scheduleGroup:ScheduleGroup': [
    ask('scheduler:CreateScheduleGroup', arn('scheduler', `schedule-group/${name}`), {
      Name: name,
    }),
    ask('scheduler:GetScheduleGroup', arn('scheduler', `schedule-group/${name}`), { Name: name }),
    ask('scheduler:DeleteScheduleGroup', arn('scheduler', `schedule-group/${name}`), {
      Name: name,
    }),
  ],
  'aws:scheduler/schedule:Schedule': [
    ask('scheduler:CreateSchedule', arn('scheduler', `schedule/default/${name}`), {
      Name: name,
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: fn, RoleArn: role },
    }),
    passRole,
    ask('scheduler:GetSchedule', arn('scheduler', `schedule/default/${name}`), { Name: name }),
    ask('scheduler:DeleteSchedule', arn('scheduler', `schedule/default/${name}`), { Name: name }),
  ],
  'aws:cloudfront/distribution:Distribution': [
    front('CreateDistribution', 'distribution/*', {
      DistributionConfig: {
        CallerReference: name,
        Comment: '',
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            { Id: 'api', DomainName: 'example.org', S3OriginConfig: { OriginAccessIdentity: '' } },
          ],
        },
        DefaultCacheBehavior: { TargetOriginId: 'api', ViewerProtocolPolicy: 'https-only' },
      },
    }),
    front('GetDistribution', 'distribution/A', { Id: 'A' }),
    front('DeleteDistribution', 'distribution/A', { Id: 'A' }),
    // Which names its firewall.
    ask('wafv2:GetWebACL', firewall(), { Name: name, Scope: 'CLOUDFRONT', Id: 'i' }),
  ],
  'aws:cloudfront/originAccessControl:OriginAccessControl': [
    front('CreateOriginAccessControl', 'origin-access-control/*', {
      OriginAccessControlConfig: {
        Name: name,
        SigningProtocol: 'sigv4',
        SigningBehavior: 'always',
        OriginAccessControlOriginType: 's3',
      },
    }),
  ],
  'aws:cloudfront/function:Function': [
    front('CreateFunction', 'function/*', {
      Name: name,
      FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-2.0' },
      FunctionCode: 'x',
    }),
    front('PublishFunction', `function/${name}`, { Name: name, IfMatch: 'e' }),
  ],
  'aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy': [
    front('CreateResponseHeadersPolicy', 'response-headers-policy/*', {
      ResponseHeadersPolicyConfig: { Name: name },
    }),
  ],
  'aws:wafv2/webAcl:WebAcl': [
    ask('wafv2:CreateWebACL', firewall(), {
      Name: name,
      Scope: 'CLOUDFRONT',
      DefaultAction: { Allow: {} },
      VisibilityConfig: {
        SampledRequestsEnabled: true,
        CloudWatchMetricsEnabled: true,
        MetricName: 'm',
      },
    }),
    ask('wafv2:GetWebACL', firewall(), { Name: name, Scope: 'CLOUDFRONT', Id: 'i' }),
  ],
  'random:index/randomBytes:RandomBytes': [],
}

/**
 * With API_DOMAIN and no CloudFront. API Gateway makes a role of its own, as the caller, in an account that has none:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
 */
export const callsForDomain: readonly Call[] = [
  gateway('POST', '/domainnames', { DomainName: 'ndvi.example.org' }, 'CreateDomainName'),
  gateway(
    'POST',
    '/domainnames/ndvi.example.org/apimappings',
    { DomainName: 'ndvi.example.org', ApiId: 'a', Stage: '$default' },
    'CreateApiMapping',
  ),
  ask(
    'iam:CreateServiceLinkedRole',
    `arn:aws:iam::${account}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
    { AWSServiceName: 'ops.apigateway.amazonaws.com' },
  ),
]

/** Before any resource: SST's own buckets, its repository of images, and what it keeps in Parameter Store. */
export const callsOfSst: readonly Call[] = [
  ask('ssm:GetParameter', arn('ssm', 'parameter/sst/bootstrap'), { Name: '/sst/bootstrap' }),
  ask('ssm:PutParameter', arn('ssm', 'parameter/sst/passphrase/greenprint/test'), {
    Name: '/sst/passphrase/greenprint/test',
    Value: 'x',
    Type: 'SecureString',
  }),
  ask('kms:Decrypt', arn('kms', 'key/0a1b2c3d'), { CiphertextBlob: 'x' }),
  ask('s3:PutBucketVersioning', bucket, {
    ...ofBucket,
    VersioningConfiguration: { Status: 'Enabled' },
  }),
  ask('ecr:CreateRepository', arn('ecr', 'repository/sst-asset'), { repositoryName: 'sst-asset' }),
  ask('ecr:DescribeRepositories', arn('ecr', 'repository/sst-asset'), {
    repositoryNames: ['sst-asset'],
  }),
]

/** What CloudFront shows to the API is read where it is kept. */
export const callsForSecrets: readonly Call[] = [
  ask(
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:greenprint/test/origin-??????'),
    {
      SecretId: 'greenprint/test/origin',
    },
  ),
]

function gateway(
  verb: string,
  path: string,
  parameters: Call['parameters'],
  operation: string,
): Call {
  return ask(`apigateway:${verb}`, `arn:aws:apigateway:${region}::${path}`, parameters, operation)
}

function front(operation: string, path: string, parameters: Call['parameters']): Call {
  return ask(`cloudfront:${operation}`, `arn:aws:cloudfront::${account}:${path}`, parameters)
}

function firewall(): string {
  return `arn:aws:wafv2:us-east-1:${account}:global/webacl/${name}/i`
}
