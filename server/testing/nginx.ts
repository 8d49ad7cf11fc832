// Debian's nginx in front of a server of ours, with the configuration that docs/ shows.
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
  close: () => Promise<void>
}

/**
 * Starts nginx with TLS on a free port of 127.0.0.1.
 * @param upstream where it forwards to, from the address 127.0.0.2.
 */
export async function startNginx(upstream: string, own: TestCertificate): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-nginx-'))
  const port = await freePort()
  const [cert, key] = [join(folder, 'own.pem'), join(folder, 'own.key')]
  writeFileSync(cert, own.pem)
  writeFileSync(key, own.keyPem)
  const site = readFileSync(new URL('../../docs/nginx-mutual-tls.conf', import.meta.url), 'utf8')
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('/etc/latchkey/mtls.pem', cert)
    .replace('/etc/latchkey/mtls.key', key)
    .replace('proxy_pass http://127.0.0.1:3000;', `proxy_pass ${upstream}; proxy_bind 127.0.0.2;`)
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
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @throws {Error} with what nginx said, when it ends instead. */
async function untilListening(child: ChildProcess, port: number, output: () => string): Promise<void> {
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
  throw new Error(`nginx ended: ${output()}`)
}
