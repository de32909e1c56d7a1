// Whether what was published can be retrieved: one-time schedules in a group of their own call the function that
// sweeps. They delete themselves, and whatever is left of them goes with the group.

import type { CheckName } from './environments.ts'

export type Checks = ReturnType<typeof createChecks>

export function createChecks(target: sst.aws.Function) {
  const group = new aws.scheduler.ScheduleGroup('Checks', {})
  const role = createRole(group, target)
  const environment: Record<CheckName, $util.Input<string>> = {
    CHECKS_TARGET_ARN: target.arn,
    CHECKS_ROLE_ARN: role.arn,
    CHECKS_GROUP: group.name,
  }
  const schedules = group.arn.apply((arn) => `${arn.replace(':schedule-group/', ':schedule/')}/*`)
  const toScheduler = {
    test: 'StringEquals',
    variable: 'iam:PassedToService',
    values: ['scheduler.amazonaws.com'],
  }
  return {
    environment,
    /** What whoever publishes needs to plan them. */
    permissions: [
      { actions: ['scheduler:CreateSchedule'], resources: [schedules] },
      { actions: ['iam:PassRole'], resources: [role.arn], conditions: [toScheduler] },
    ],
  }
}

/** May call the one function, and only schedules of this group may take it. */
function createRole(group: aws.scheduler.ScheduleGroup, target: sst.aws.Function) {
  const ofGroup = { test: 'ArnEquals', variable: 'aws:SourceArn', values: [group.arn] }
  const trusted = aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ['sts:AssumeRole'],
        principals: [{ type: 'Service', identifiers: ['scheduler.amazonaws.com'] }],
        conditions: [ofGroup],
      },
    ],
  })
  const allowed = aws.iam.getPolicyDocumentOutput({
    statements: [{ actions: ['lambda:InvokeFunction'], resources: [target.arn] }],
  })
  // Named as SST names the roles of functions, which a deployer may make; roles are of no region.
  const { region } = aws.getRegionOutput()
  return new aws.iam.Role('ChecksRole', {
    name: $interpolate`${$app.name}-${$app.stage}-Checks-${region}`,
    assumeRolePolicy: trusted.json,
    inlinePolicies: [{ name: 'inline', policy: allowed.json }],
  })
}
