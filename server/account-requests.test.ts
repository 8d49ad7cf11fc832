import { test } from 'node:test'
import { checkGeneratedRequests } from './testing/account-api/check-generated.ts'

test('300 generated requests to the account API: no fault, no answer outside its schema', (context) =>
  checkGeneratedRequests('sqlite', 300, 20_261_124, (text) => context.diagnostic(text)))
