// Statement 54 by generated requests: five hundred here, ten thousand as a long proof.
import { assertDecentAnswers } from './decent-answers.ts'
import { requirement } from './requirement.ts'

requirement(54, '500 generated requests: no 5xx, legal JSON errors, nothing echoed', (target) =>
  assertDecentAnswers(target, 500),
)
