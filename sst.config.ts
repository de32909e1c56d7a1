/// <reference path="./.sst/platform/config.d.ts" />
// The deployment: a URL, a schedule, notices and a queue of jobs. infra/ has one file for each part.

export default $config({
  app: ({ stage }) => ({
    name: 'greenprint',
    home: 'aws',
    removal: stage === 'production' ? 'retain' : 'remove',
    protect: stage === 'production',
    // Landsat scenes lie in us-west-2, and so does the topic that announces them.
    providers: { aws: { version: '7.20.0', region: process.env.AWS_REGION || 'us-west-2' } },
  }),

  async run() {
    const { checkSettings } = await import('./infra/check-settings.ts')
    checkSettings()

    const { createPlaces } = await import('./infra/places.ts')
    const { encryptBucket } = await import('./infra/encryption.ts')
    const { createFunctions } = await import('./infra/functions.ts')
    const { connectTriggers } = await import('./infra/triggers.ts')
    const { collectNotices } = await import('./infra/notices.ts')
    const { createAlarms } = await import('./infra/alarms.ts')
    const { createBudget } = await import('./infra/budget.ts')
    const { createDashboard } = await import('./infra/dashboard.ts')

    const places = createPlaces()
    encryptBucket(places)
    const functions = createFunctions(places)
    connectTriggers(functions, places)
    collectNotices(places)
    createAlarms(functions, places)
    createDashboard(functions, places)
    createBudget(places)

    return {
      url: places.front.url,
      ...(places.front.target === undefined ? {} : { target: places.front.target }),
      bucket: places.bucket.name,
      results: places.results.arn,
      inbox: places.inbox.arn,
      events: places.bus.arn,
      alarms: places.alarms.arn,
    }
  },
})
