// The checks of what was published: who may plan them, and what they may do.

import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { functionNames } from '../../lib/config/variable.ts'
import { deployed, itProves, rightsOf, statements } from './deployed.ts'

describe('the rights of checks', () => {
  itProves('of whoever publishes reach to those of this stage, where others are asked', () => {
    const stage = deployed('full')
    const group = 'arn:aws:scheduler:eu-central-1:123456789012:schedule-group/Checks'
    const role = 'arn:aws:iam::123456789012:role/greenprint-test-Checks-eu-central-1'
    for (const name of functionNames) {
      const found = rightsOf(stage, name).filter(({ actions }) =>
        actions.some((action) => /^(scheduler|iam):/.test(action)),
      )
      const wanted = [
        {
          effect: 'Allow',
          actions: ['scheduler:CreateSchedule'],
          resources: [`${group.replace('schedule-group', 'schedule')}/*`],
        },
        {
          effect: 'Allow',
          actions: ['iam:PassRole'],
          resources: [role],
          conditions: [
            {
              test: 'StringEquals',
              variable: 'iam:PassedToService',
              values: ['scheduler.amazonaws.com'],
            },
          ],
        },
      ]
      assert.deepEqual(found, ['Api', 'Worker'].includes(name) ? wanted : [], name)
    }
    const { variables } = stage.lambda('Worker').environment
    const { arn } = stage.one('aws:scheduler/schedule:Schedule').target
    assert.deepEqual(
      [variables['CHECKS_GROUP'], variables['CHECKS_ROLE_ARN'], variables['CHECKS_TARGET_ARN']],
      ['Checks', role, arn],
      'what sweeps is what checks',
    )
    const plain = deployed('plain').all('aws:scheduler/scheduleGroup:ScheduleGroup')
    assert.deepEqual(Object.keys(plain), [], 'nobody is asked, nothing is planned')
  })

  itProves('are to call the one function, and only schedules of the group have them', () => {
    const stage = deployed('full')
    const { assumeRolePolicy, inlinePolicies } = stage.one('aws:iam/role:Role', 'ChecksRole')
    const [trust] = statements(String(assumeRolePolicy))
    assert.deepEqual(trust?.principals, [
      { type: 'Service', identifiers: ['scheduler.amazonaws.com'] },
    ])
    assert.deepEqual(trust.conditions, [
      {
        test: 'ArnEquals',
        variable: 'aws:SourceArn',
        values: ['arn:aws:scheduler:eu-central-1:123456789012:schedule-group/Checks'],
      },
    ])
    const [may, ...others] = inlinePolicies.flatMap(({ policy }) => statements(policy))
    assert.deepEqual(others, [])
    const { arn } = stage.one('aws:scheduler/schedule:Schedule').target
    assert.deepEqual([may?.actions, may?.resources], [['lambda:InvokeFunction'], [arn]])
  })
})
