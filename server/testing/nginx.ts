// Debian's nginx in front of a server of ours, with a configuration that we show.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestCertificate } from './make-certificate.ts'
import { freePort } from './process.ts'

export const hasNginx = spawnSync('nginx', ['-v']).status === 0

export interface Nginx {
  port: number
  /** What it wrote to its error log. */
  output: () => string
  close: () => Promise<void>
}

/**
 * Starts nginx with TLS on a free port of 127.0.0.1, in front of Latchkey for client certificates.
 * @param upstream where it forwards to, from the address 127.0.0.2.
 */
export function startNginx(upstream: string, own: TestCertificate): Promise<Nginx> {
  return runNginx('docs/nginx-mutual-tls.conf', own, (site) =>
    site
      .replace('/etc/latchkey/mtls.pem', 'own.pem')
      .replace('/etc/latchkey/mtls.key', 'own.key')
      .replace('proxy_pass http://127.0.0.1:3000;', `proxy_pass ${upstream}; proxy_bind 127.0.0.2;`),
  )
}

/**
 * Starts nginx with a configuration of ours on a free port of 127.0.0.1.
 * @param file from the root of the repository.
 * @param adapt puts in what differs here; `own.pem` and `own.key` are there.
 */
export async function runNginx(
  file: string,
  own: TestCertificate,
  adapt: (site: string) => string,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-nginx-'))
  const port = await freePort()
  writeFileSync(join(folder, 'own.pem'), own.pem)
  writeFileSync(join(folder, 'own.key'), own.keyPem)
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const site = adapt(text.replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`))
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const temporary = paths.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ')
  const config = `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr;
events { worker_connections 64; }
http { access_log off; ${temporary}\n${site} }`
  writeFileSync(join(folder, 'nginx.conf'), config)
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await untilListening(child, port, () => output)
  return {
    port,
    output: () => output,
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @throws {Error} with what the program said, when it ends instead. */
export async function untilListening(child: ChildProcess, port: number, output: () => string): Promise<void> {
  while (child.exitCode === null) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      }).once('error', () => resolve(false))
    })
    if (open) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The proxy ended: ${output()}`)
}
