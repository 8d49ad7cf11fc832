// A second node of our own deployment: its own memory, the same database, and a proxy that it trusts.
import { createHash } from 'node:crypto'
import { createApp } from '../server/app.ts'
import { makeCertificate } from '../server/testing/make-certificate.ts'
import type { World } from '../server/testing/world.ts'
import { openVault } from '../server/vault.ts'
import type { Certificate, OtherNode } from './target.ts'

export async function openOtherNode(world: World): Promise<OtherNode> {
  const app = await createApp({
    config: { ...world.config, trustedProxies: ['127.0.0.1'] },
    database: world.database,
    vault: openVault(world.masterKey),
    now: world.clock.now,
    newId: world.newId,
    logStream: { write: () => undefined },
  })
  const origin = await app.server.listen({ host: '127.0.0.1', port: 0 })
  return { origin, certificates: [certificate(), certificate()], close: app.close }
}

function certificate(): Certificate {
  const { header, x509 } = makeCertificate()
  return { header, thumbprint: createHash('sha256').update(x509.raw).digest('base64url') }
}
