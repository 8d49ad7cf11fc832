// The server that examples are run against: one for all pages, or one of its own for a page that needs it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSecret } from '../../server/clients/secret.ts'
import { type Folder, makeFolder, type ServerProcess, startReady } from '../../server/testing/process.ts'

/** What a reader of the guides has: an address, a test client, its scopes. */
export interface ExampleClient {
  url: string
  clientId: string
  clientSecret: string
  /** The data folder of the server, for the commands of its operator. */
  dataDir: string
  stop: () => Promise<void>
}

const scopes = ['document_file', 'document_read', 'document_write', 'event', 'identify']

/** The scopes that the SDK takes from the environment. */
export const exampleScopes = scopes.join(' ')

/** Several clients on one server: what one page does to its client is nothing to the others. */
export async function startExampleServer(
  names: readonly string[],
): Promise<ReadonlyMap<string, ExampleClient>> {
  const clients = names.map((name, index) => ({
    name,
    clientId: `test-example-page-${index + 1}`,
    secret: makeSecret('test').secret.replace(/^lk_/, 'ex_'),
  }))
  const setup = {
    accounts: [
      {
        id: 'examples',
        name: 'Examples',
        clients: clients.map(({ name, clientId, secret }) => ({
          ...{ clientId, environment: 'test', name: name.slice(0, 100) },
          scopes: [...scopes, 'account_read', 'account_write'],
          secrets: [{ name: 'first', secret }],
        })),
      },
    ],
  }
  const { folder, server, stop } = await start(JSON.stringify(setup))
  return new Map(
    clients.map(({ name, clientId, secret }) => [
      name,
      { url: server.url, clientId, clientSecret: secret, dataDir: folder.path, stop },
    ]),
  )
}

/** A server for one page. @param setup the declared set-up that the page shows; undefined: a demo client. */
export async function startOwnServer(setup: string | undefined): Promise<ExampleClient> {
  const { folder, server, stop } = await start(setup)
  const demo = setup === undefined ? folder.demo() : { clientId: '', clientSecret: '' }
  return { url: server.url, ...demo, dataDir: folder.path, stop }
}

async function start(
  setup: string | undefined,
): Promise<{ folder: Folder; server: ServerProcess; stop: () => Promise<void> }> {
  const folder = makeFolder()
  const file = join(folder.path, 'setup.json')
  if (setup !== undefined) writeFileSync(file, setup, { mode: 0o600 })
  const server = await startReady(folder.path, setup === undefined ? {} : { LATCHKEY_APPLY: file })
  return {
    folder,
    server,
    async stop() {
      server.child.kill('SIGTERM')
      await server.exited
      folder.remove()
    },
  }
}
