// /docs/api/try: calls from the browser, by Scalar, at an address of its own because it needs script and styles of its
// own. Its files come from here; its vendor's proxy, telemetry and fonts are off.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { createGunzip } from 'node:zlib'
import type { HttpServer } from '../../../http/server.ts'
import { html } from '../../html.ts'

export function mountTry(server: HttpServer): void {
  const schema = { hide: true }
  let script: Promise<Buffer> | undefined

  server.get('/docs/api/try', { schema }, async (_request, reply) => {
    return reply
      .type('text/html; charset=utf-8')
      .headers({ 'cache-control': 'no-cache', 'content-security-policy': policy })
      .send(page)
  })
  server.get('/docs/api/try/start.js', { schema }, async (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(readFileSync(join(import.meta.dirname, 'start-viewer.js'), 'utf8')),
  )
  server.get('/docs/api/try/scalar.js', { schema }, async (request, reply) => {
    script ??= readScript().catch((error: unknown) => {
      script = undefined
      throw error
    })
    const packed = await script
    reply
      .type('text/javascript; charset=utf-8')
      .headers({ 'cache-control': 'public, max-age=3600', vary: 'Accept-Encoding' })
    if (/\bgzip\b/.test(String(request.headers['accept-encoding'])))
      return reply.header('content-encoding', 'gzip').send(packed)
    const unpack = createGunzip()
    unpack.end(packed)
    return reply.send(unpack)
  })
}

/** Asked for once, by the first reader; kept packed, a megabyte and a half. */
async function readScript(): Promise<Buffer> {
  const worker = new Worker(new URL('scalar-script.ts', import.meta.url))
  const [bytes] = await once(worker, 'message')
  await worker.terminate()
  if (!(bytes instanceof Uint8Array)) throw new Error('The script of the viewer is no bytes.')
  return Buffer.from(bytes)
}

/** Scripts of ours alone. The viewer writes style sheets as it goes, so styles are free here, and on no other page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Try the API · Latchkey</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
</head>
<body>
<noscript><p>Calls are tried by script, which is off here. <a href="/docs/api">The API reference</a> reads without.</p></noscript>
<div id="app"></div>
<script src="/docs/api/try/scalar.js"></script>
<script src="/docs/api/try/start.js"></script>
</body>
</html>
`.text
