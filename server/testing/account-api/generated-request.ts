// One request that somebody might send to an operation: right, almost right, or wild.
import fc from 'fast-check'
import { nastyTexts, nearMiss } from './near-misses.ts'
import type { Operation, Parameter } from './operations.ts'
import { hints } from './requests.ts'
import { fitting } from './schema-arbitrary.ts'

export interface GeneratedRequest {
  operation: Operation
  /** Which of the callers sends it. */
  caller: number
  /** Whether the path names the environment of the caller. */
  sameEnvironment: boolean
  /** Whose objects the path names, and which of them. */
  objects: 'own' | 'foreign' | 'nobody' | 'nasty'
  at: number
  nastyId: string
  query: string
  headers: Record<string, string>
  ifMatch: 'seen' | 'any' | 'none' | 'old' | 'nasty'
  /** Undefined: none is sent. */
  body: unknown
  /** How long after the one before it is sent. */
  pauseMs: number
}

/** Nine in ten usual, so that a request fails where it differs and not before. */
function mostly<Value>(usual: fc.Arbitrary<Value>, other: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  return fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: other })
}

/** ETags that are none of ours. */
export const nastyEtags = ['"999"', 'W/"1"', '1', '""', '"1", "2"', 'x'.repeat(300), '"-1"', '"1e3"'] as const

export function generatedRequest(
  operations: readonly Operation[],
  callers: number,
): fc.Arbitrary<GeneratedRequest> {
  return fc.oneof(...operations.map((operation) => requestOf(operation, callers)))
}

function requestOf(operation: Operation, callers: number): fc.Arbitrary<GeneratedRequest> {
  return fc.record({
    operation: fc.constant(operation),
    caller: fc.nat(callers - 1),
    sameEnvironment: mostly(fc.constant(true), fc.constant(false)),
    objects: fc.oneof(
      { weight: 12, arbitrary: fc.constant('own' as const) },
      { weight: 2, arbitrary: fc.constant('foreign' as const) },
      { weight: 1, arbitrary: fc.constant('nobody' as const) },
      { weight: 1, arbitrary: fc.constant('nasty' as const) },
    ),
    at: fc.nat(1000),
    nastyId: fc.constantFrom(...nastyTexts),
    query: queryOf(operation.accepts),
    headers: mostly(
      fc.constant({}),
      fc.record(
        { 'idempotency-key': fc.constantFrom('k1', 'k2', 'k3', '', ' ', 'é', 'x'.repeat(256)) },
        { requiredKeys: [] },
      ),
    ),
    ifMatch: fc.constantFrom('seen', 'seen', 'seen', 'any', 'any', 'none', 'old', 'nasty'),
    body: bodyOf(operation),
    pauseMs: fc.constantFrom(0, 0, 0, 1, 900),
  })
}

function bodyOf({ body, method }: Operation): fc.Arbitrary<unknown> {
  if (!body)
    return mostly(fc.constant(undefined), method === 'GET' ? fc.constant(undefined) : fc.constant({ a: 1 }))
  const right = fitting(body.schema, hints)
  return fc.oneof(
    { weight: 10, arbitrary: right },
    { weight: 9, arbitrary: fc.tuple(right, nearMiss).map(([value, change]) => change(value)) },
    {
      weight: 2,
      arbitrary: fc.tuple(right, nearMiss, nearMiss).map(([value, one, two]) => two(one(value))),
    },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

function queryOf(accepts: readonly Parameter[]): fc.Arbitrary<string> {
  const parameters = accepts.filter(({ place }) => place === 'query')
  if (parameters.length === 0)
    return mostly(fc.constant(''), fc.constantFrom('?x=1', '?limit=5', '?accountId=blue-whale'))
  const pairs = parameters.map(({ name, required, schema }) => {
    const value = fc.oneof(
      { weight: 4, arbitrary: fitting(schema, hints, name).map(String) },
      { weight: 1, arbitrary: fc.constantFrom(...nastyTexts) },
    )
    return fc.tuple(fc.constant(name), fc.option(value, { nil: undefined, freq: required ? 12 : 1 }))
  })
  const strange = fc.constantFrom<[string, string][]>(
    [],
    [],
    [],
    [],
    [],
    [],
    [['x', '1']],
    [
      ['limit', '1'],
      ['limit', '2'],
    ],
  )
  return fc.tuple(fc.tuple(...pairs), strange).map(([usual, more]) => {
    const sent = [...usual, ...more].flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value.toWellFormed()]],
    )
    return sent.length === 0 ? '' : `?${new URLSearchParams(sent)}`
  })
}
