// P7 and P8: what people meet when something is wrong, and what they copy.
import { checkMistakes } from '../../conformance/mistakes.ts'
import { runExamples } from '../../docs/testing/run-examples.ts'
import type { Path } from './measure.ts'

const mistakeCount = 15

export const mistakes: Path = {
  id: 'P7',
  name: 'the fifteen mistakes E1 to E15',
  goal: `${mistakeCount} of ${mistakeCount} answers name cause and fix, with a link that is alive`,
  async measure() {
    const results = await checkMistakes()
    const good = results.filter(({ missed }) => missed.length === 0).length
    const missed = results.flatMap(({ id, name, missed: own }) =>
      own.map((sentence) => `${id}, ${name}: ${sentence}`),
    )
    if (results.length !== mistakeCount) missed.push(`${results.length} mistakes were made.`)
    return { measured: `${good} of ${results.length}`, missed }
  },
}

export const examples: Path = {
  id: 'P8',
  name: 'the examples of the documentation and the READMEs',
  goal: '100 % of those that can run',
  async measure() {
    const { pages, executed, failed, notRun, leftOut } = await runExamples()
    const percent = (100 * executed) / (executed + failed)
    const missed = pages.flatMap(({ outcomes }) =>
      outcomes.flatMap(({ block, failure }) =>
        failure === undefined ? [] : [`${block.file}:${block.line}: ${failure.trim().split('\n')[0]}`],
      ),
    )
    const missing = leftOut === 0 ? '' : `, ${leftOut} lack a program on this machine`
    return {
      measured: `${percent.toFixed(0)} %: ${executed} of ${executed + failed} executed; ${notRun} say why they cannot run${missing}`,
      missed,
    }
  },
}
