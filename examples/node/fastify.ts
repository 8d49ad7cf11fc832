import { createGuard } from '@latchkey/guard'
import { accessToken, requires } from '@latchkey/guard/fastify'
import Fastify from 'fastify'

const guard = createGuard({
  issuer: `${process.env.LATCHKEY_URL}/oauth`,
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
})
const ordersRead = requires(guard, 'orders_read')

const app = Fastify()
app.get('/orders', { onRequest: ordersRead }, async (request) => {
  const { clientId, environment } = accessToken(request)
  return { orders: [], clientId, environment }
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
