// examples/forward-auth/Caddyfile in Debian's Caddy.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testForwardAuthProxy } from '../testing/forward-auth-proxy.ts'
import type { TestCertificate } from '../testing/make-certificate.ts'
import { untilListening } from '../testing/nginx.ts'
import { freePort } from '../testing/process.ts'

testForwardAuthProxy({
  skip: spawnSync('caddy', ['version']).status === 0 ? false : 'caddy is not here',
  asksFrom: '127.0.0.1',
  twoTokens: 401,
  away: 502,
  start: startCaddy,
})

async function startCaddy({ latchkey, api, site }: { latchkey: string; api: string; site: TestCertificate }) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-caddy-'))
  const port = await freePort()
  const [cert, key] = [join(folder, 'own.pem'), join(folder, 'own.key')]
  writeFileSync(cert, site.pem)
  writeFileSync(key, site.keyPem)
  const text = readFileSync(new URL('../../examples/forward-auth/Caddyfile', import.meta.url), 'utf8')
    .replace('orders.example {', `https://orders.example:${port} {\n\tbind 127.0.0.1\n\ttls ${cert} ${key}`)
    .replace('127.0.0.1:3000', latchkey)
    .replace('127.0.0.1:8080', api)
  writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${text}`)
  const child = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
    env: { PATH: process.env.PATH, HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (line: string) => {
    output += line
  })
  await untilListening(child, port, () => output)
  return {
    port,
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
