import { serve } from '@hono/node-server'
import { createGuard } from '@latchkey/guard'
import { accessToken, requires } from '@latchkey/guard/hono'
import { Hono } from 'hono'

const guard = createGuard({
  issuer: `${process.env.LATCHKEY_URL}/oauth`,
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
})
const ordersRead = requires(guard, 'orders_read')

const app = new Hono()
app.get('/orders', ordersRead, (context) => {
  const { clientId, environment } = accessToken(context)
  return context.json({ orders: [], clientId, environment })
})
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) })
