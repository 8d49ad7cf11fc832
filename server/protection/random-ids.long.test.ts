import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { floodWithRandomIds } from '../testing/random-ids.ts'

for (const dialect of testDialects)
  test(`${dialect}: 10,000 random ids of one address cost some three hundred reads; who is right gets in`, () =>
    floodWithRandomIds(dialect, 10_000))
