import { createGuard } from '@latchkey/guard'
import { accessToken, requires } from '@latchkey/guard/express'
import express from 'express'

const guard = createGuard({
  issuer: `${process.env.LATCHKEY_URL}/oauth`,
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
})
const ordersRead = requires(guard, 'orders_read')

const app = express()
app.get('/orders', ordersRead, (request, response) => {
  const { clientId, environment } = accessToken(request)
  response.json({ orders: [], clientId, environment })
})
app.listen(Number(process.env.PORT), '127.0.0.1')
