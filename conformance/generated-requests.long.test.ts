// Statement 54 by generated requests, the long proof.
import { assertDecentAnswers } from './decent-answers.ts'
import { requirement } from './requirement.ts'

requirement(54, '10,000 generated requests: no 5xx, legal JSON errors, nothing echoed', (target) =>
  assertDecentAnswers(target, 10_000),
)
