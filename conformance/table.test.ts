// The table of README.md and the tests say the same, so that the table cannot rot.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readStatements, statementsIn, testFiles } from './statements.ts'

const statements = readStatements()
const checkedIn = new Map(testFiles(true).map((file) => [file, statementsIn(file)]))

test('the table lists every statement from 1 to 147 once', () => {
  assert.deepEqual(
    statements.map(({ number }) => number),
    Array.from({ length: 147 }, (_, index) => index + 1),
  )
})

test('every statement that is not for later names the files that check it, and no others', () => {
  for (const { number, files, state } of statements) {
    const checking = [...checkedIn].flatMap(([file, numbers]) => (numbers.has(number) ? file : []))
    assert.deepEqual(files.toSorted(), checking.sort(), `statement ${number}`)
    assert.equal(state.startsWith('later: '), checking.length === 0, `statement ${number} is ${state}`)
  }
})

test('every statement has a text, a section or our choice, and a state that is known', () => {
  for (const { number, text, section, state } of statements) {
    assert.ok(text.length > 10 && section !== '', `statement ${number}`)
    assert.match(state, /^(pass|pass; .{10,}|open: .{10,}|later: .{5,})$/, `statement ${number}`)
  }
})

test('no test checks a number that the table does not have', () => {
  const known = new Set(statements.map(({ number }) => number))
  for (const [file, numbers] of checkedIn)
    assert.deepEqual(
      [...numbers].filter((number) => !known.has(number)),
      [],
      file,
    )
})
