import { test } from 'node:test'
import { proveAssertions } from '../../testing/assertion-property.ts'

test('no made-up assertion passes or breaks the server (300 runs)', () => proveAssertions(300))
