// How five clients get, keep and use a token: each goes through the client conformance kit.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sumOf } from '../../conformance/client/report.ts'
import { type ClientConformanceReport, runClientConformance } from '../../conformance/client/run.ts'
import { describeMachine } from '../measure/machine.ts'
import type { Measured } from '../report/keep-result.ts'
import { table } from '../report/table.ts'

/** Our own first; `package` is where the version of a peer is read. */
const clients = [
  { name: 'latchkey', driver: 'latchkey.ts', package: '@latchkey/client' },
  { name: 'simple-oauth2', driver: 'simple-oauth2.ts', package: 'simple-oauth2' },
  { name: 'openid-client', driver: 'openid-client.ts', package: 'openid-client' },
  { name: 'OAuth2Fetch', driver: 'badgateway-oauth2-client.ts', package: '@badgateway/oauth2-client' },
  { name: 'Google-style', driver: 'google-style.ts', package: undefined },
] as const

interface Judged {
  name: string
  version: string | undefined
  report: ClientConformanceReport
}

export async function benchClients(): Promise<Measured> {
  const judged: Judged[] = []
  // One after the other: the rows about time want the machine for themselves.
  for (const { name, driver, package: packageName } of clients) {
    process.stderr.write(`${name}\n`)
    const report = await runClientConformance({
      command: [process.execPath, fileURLToPath(new URL(driver, import.meta.url))],
      onProgress: ({ title, result }) => {
        if (result) process.stderr.write(`  ${title}: ${result.measured} (${result.verdict})\n`)
      },
    })
    judged.push({ name, version: packageName && versionOf(packageName), report })
  }
  const [ours, ...peers] = judged
  const missed = ours?.report.results.filter(({ verdict }) => verdict !== 'best') ?? []
  const goal =
    missed.length === 0 ? 'reached' : `MISSED in ${missed.map(({ title }) => `"${title}"`).join(', ')}`
  const { cpu, cores, kernel, node } = describeMachine()
  const lines = [
    ...table(['', ...judged.map(({ name }) => name)], rowsOf(judged)),
    '',
    `- latchkey has the best verdict in every row: ${goal}.`,
    ...judged.map(({ name, report }) => `- ${name}: ${sumOf(report)}`),
    `- Versions: ${peers.flatMap(({ name, version }) => (version ? [`${name} ${version}`] : [])).join(', ')}.`,
    `- ${cpu}, ${cores} cores, ${kernel}, Node ${node}; one client after the other.`,
  ]
  return { lines, result: { clients: judged.map(keepable) } }
}

/** A row for each scenario; what is not the best says so. */
function rowsOf(judged: readonly Judged[]): string[][] {
  const titles = judged[0]?.report.results.map(({ title }) => title) ?? []
  const cell = ({ report }: Judged, row: number) => {
    const result = report.results[row]
    if (!result) return ''
    const { measured, verdict } = result
    return verdict === 'best' || verdict === 'none' ? measured : `${measured} (${verdict})`
  }
  return [
    ...titles.map((title, row) => [title, ...judged.map((one) => cell(one, row))]),
    ['Points', ...judged.map(({ report }) => `${report.points} of ${report.possible}`)],
  ]
}

/** Without the path of this machine's Node and what the program wrote. */
function keepable({ name, version, report: { command: _, results, ...sums } }: Judged) {
  return { name, version, ...sums, results: results.map(({ wrote: __, ...result }) => result) }
}

/** From the manifest itself: not every package lets it be imported. */
function versionOf(name: string): string {
  const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
  const manifest: { version: string } = JSON.parse(readFileSync(file, 'utf8'))
  return manifest.version
}
