// The OpenAPI 3.1 document, from the table of operations: https://spec.openapis.org/oas/v3.1.1.html

import { once } from '../../async/once.ts'
import type { ErrorCode } from '../../errors.ts'
import { GreenprintError } from '../../errors.ts'
import { softwareLine } from '../../software.ts'
import { Conflict, type Problem, problemOf } from '../problem.ts'
import { Components } from './components.ts'
import type { Operation, Parameter, Reply } from './operation.ts'
import { operations } from './operations.ts'
import { advices, problemSchema } from './problems.ts'

type Json = Readonly<Record<string, unknown>>

/** On any route: a request that cannot be read at all; and of the local system another name, and another site's page. */
const anywhere = ['invalid_request', 'misdirected', 'cross_site'] as const
/** The local system takes JSON as JSON only. */
const ofBodies = ['unsupported_media_type'] as const

/** Without addresses of its own: the same for every deployment of a version, and made once, in 50 ms. */
export const openApiDocument = once(makeDocument)

function makeDocument(): Json {
  const components = new Components()
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    const methods = (paths[operation.path] ??= {})
    methods[operation.method] = describe(operation, components)
  }
  const [, version] = softwareLine.split(' ')
  return {
    openapi: '3.1.1',
    info: {
      title: 'Greenprint',
      version,
      description:
        'NDVI of scenes whose bands are named by content: every byte is checked against its hash.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'one of `API_TOKENS`' },
      },
    },
    // Asking needs none; publishing and jobs do.
    security: [{}, { token: [] }],
  }
}

function describe(operation: Operation, components: Components): Json {
  const { id, summary, description, parameters = [], body } = operation
  return {
    operationId: id,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0
      ? {}
      : { parameters: parameters.map((each) => describeParameter(each, components)) }),
    ...(body === undefined ? {} : { requestBody: describeBody(body, components) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.replies).map(([status, reply]) => [
          status,
          describeReply(reply, components),
        ]),
      ),
      ...describeProblems(
        [...new Set([...anywhere, ...(body === undefined ? [] : ofBodies), ...operation.problems])],
        operation.conflicts ?? [],
        components,
      ),
    },
  }
}

function describeParameter(parameter: Parameter, components: Components): Json {
  const { name, description, example, written } = parameter
  // Said of the parameter itself.
  const { description: _, ...schema } = components.refer(parameter.schema, 'input')
  const told = {
    name,
    in: parameter.in,
    description,
    ...(parameter.in === 'path' ? { required: true } : {}),
    ...(example === undefined || written === 'json' ? {} : { example }),
  }
  if (written === 'json') {
    const media = example === undefined ? { schema } : { schema, example }
    return { ...told, content: { 'application/json': media } }
  }
  return { ...told, ...(written === 'list' ? { style: 'form', explode: false } : {}), schema }
}

function describeBody(
  { schema, examples }: NonNullable<Operation['body']>,
  components: Components,
): Json {
  const named = Object.entries(examples).map(([name, value]) => [name, { value }])
  return {
    required: true,
    content: {
      'application/json': {
        schema: components.refer(schema, 'input'),
        examples: Object.fromEntries(named),
      },
    },
  }
}

function describeReply(reply: Reply, components: Components): Json {
  const { description, content, headers, example } = reply
  const media = Object.entries(content ?? {}).map(([type, schema]) => [
    type,
    schema === null
      ? {}
      : {
          schema: components.refer(schema, 'output'),
          ...(example === undefined ? {} : { example }),
        },
  ])
  const named = Object.entries(headers ?? {}).map(([name, meaning]) => [
    name,
    { description: meaning, schema: { type: 'string' } },
  ])
  return {
    description,
    ...(headers === undefined ? {} : { headers: Object.fromEntries(named) }),
    ...(content === undefined ? {} : { content: Object.fromEntries(media) }),
  }
}

/** One response a status, with the codes that it can have and an example of each. */
function describeProblems(
  codes: readonly ErrorCode[],
  conflicts: readonly ErrorCode[],
  components: Components,
): Json {
  const conflicting = conflicts.map((code) => problemOf(new Conflict(code, wordsOf(code), [], {})))
  const problems = [problemOf(null), ...codes.map(exampleOf), ...conflicting]
  const schema = components.refer(problemSchema, 'output')
  const byStatus = Map.groupBy(problems, ({ status }) => status)
  const responses = [...byStatus].map(([status, told]) => {
    const examples = told.map((problem) => [problem.code, { value: problem }])
    const code = { enum: told.map((problem) => problem.code) }
    return [
      status,
      {
        description: told[0]?.title ?? '',
        content: {
          'application/problem+json': {
            schema: { allOf: [schema, { properties: { code } }] },
            examples: Object.fromEntries(examples),
          },
        },
      },
    ]
  })
  return Object.fromEntries(responses)
}

function exampleOf(code: ErrorCode): Problem {
  return problemOf(new GreenprintError(code, wordsOf(code)))
}

function wordsOf(code: ErrorCode): string {
  const { wrong, advice } = advices[code]
  const sentence = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`
  return `${sentence(wrong)} ${sentence(advice)}`
}
