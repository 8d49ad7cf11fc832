// P5: the lines of the README, and what 1,000 parallel calls by them cost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { createStand } from '../../client/testing/stand.ts'
import { atMost, type Path } from './measure.ts'

/** The address is not among the variables: it is public, and the same for everybody who uses that server. */
const goals = { lines: 3, variables: 2, tokenRequests: 1 }
const calls = 1000

export const sdk: Path = {
  id: 'P5',
  name: `SDK: the lines of the README, and ${calls.toLocaleString('en')} parallel calls`,
  goal: `${goals.lines} lines, ${goals.variables} variables beside the address, ${goals.tokenRequests} token request`,
  async measure() {
    const lines = readmeLines()
    const stand = await createStand()
    try {
      const { url, clientId, clientSecret } = await stand.settings({ scopes: ['document_read'] })
      const variables = [
        ['LATCHKEY_URL', url],
        ['LATCHKEY_CLIENT_ID', clientId],
        ['LATCHKEY_CLIENT_SECRET', clientSecret],
      ] as const
      await execute(lines, Object.fromEntries(variables))
      // Needed is what it fails without.
      const needed = []
      for (const [name] of variables) {
        const rest = variables.filter(([other]) => other !== name)
        const works = await execute(lines, Object.fromEntries(rest)).then(
          () => true,
          () => false,
        )
        if (!works && name !== 'LATCHKEY_URL') needed.push(name)
      }
      stand.proxy.reset()
      const output = await execute([...lines.slice(0, -1), parallelCalls], Object.fromEntries(variables))
      const statuses: number[] = JSON.parse(output)
      const good = statuses.filter((status) => status === 200).length
      const requests = stand.proxy.tokenRequests()
      return {
        measured: `${lines.length} lines, ${needed.length} variables beside the address, ${requests} token request${requests === 1 ? '' : 's'}; ${good.toLocaleString('en')} calls answered 200`,
        missed: [
          ...atMost('Lines', lines.length, goals.lines),
          ...atMost('Variables', needed.length, goals.variables),
          ...atMost('Token requests', requests, goals.tokenRequests),
          ...(good === calls ? [] : [`Only ${good} of ${calls} calls were answered 200.`]),
        ],
      }
    } finally {
      await stand.close()
    }
  },
}

/** In place of the last line, the one call. */
const parallelCalls = `
const answers = Array.from({ length: ${calls} }, () => latchkey.fetch('/signature/documents'))
const statuses = (await Promise.all(answers)).map(({ status }) => status)
process.stdout.write(JSON.stringify(statuses))`

/** The statements of the README that make a client and a call, a line each. */
function readmeLines(): string[] {
  const readme = readFileSync('README.md', 'utf8')
  const block = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].find(([, code]) =>
    code?.includes('createClient'),
  )
  const lines = block?.[1]?.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('//')) ?? []
  if (lines.length === 0) throw new Error('README.md shows no lines with createClient.')
  return lines
}

/** Runs the lines as a program of this repository. @throws {Error} with what it wrote when it fails. */
async function execute(lines: readonly string[], variables: Record<string, string>): Promise<string> {
  const words = ['--input-type=module-typescript', '--eval', lines.join('\n')]
  const child = spawn(process.execPath, words, {
    env: { PATH: process.env.PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (code !== 0) throw new Error(`The lines of the README failed:\n${errors}`)
  return output
}
