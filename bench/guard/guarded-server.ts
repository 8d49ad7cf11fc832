// One Fastify server with the same route twice, with our guard and without: what a user of the guard builds.
import { accessToken, requires } from '@latchkey/guard/fastify'
import Fastify from 'fastify'
import { makeGuard, requiredScope } from './issuer.ts'

const [port, publicKey = ''] = process.argv.slice(2)
const guard = makeGuard(publicKey)
const text = { type: 'string' }
const order = { type: 'object', properties: { id: text, state: text, total: { type: 'integer' }, of: text } }
const schema = { response: { 200: order } }
const answer = (of: string) => ({ id: 'ord_1842', state: 'paid', total: 12_950, of })

const server = Fastify({ keepAliveTimeout: 65_000 })
server.get('/open', { schema }, async () => answer('anybody'))
server.get('/guarded', { schema, onRequest: requires(guard, requiredScope) }, async (request) =>
  answer(accessToken(request).clientId),
)
await server.listen({ host: '127.0.0.1', port: Number(port) })
process.on('SIGTERM', () => process.exit())
