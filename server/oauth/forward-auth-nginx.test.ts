// examples/forward-auth/nginx.conf in Debian's nginx.
import { testForwardAuthProxy } from '../testing/forward-auth-proxy.ts'
import { hasNginx, runNginx } from '../testing/nginx.ts'

testForwardAuthProxy({
  skip: hasNginx ? false : 'nginx is not here',
  asksFrom: '127.0.0.2',
  twoTokens: 400,
  away: 503,
  start: ({ latchkey, api, site }) =>
    runNginx('examples/forward-auth/nginx.conf', site, (text) =>
      text
        .replace('/etc/nginx/orders.pem', 'own.pem')
        .replace('/etc/nginx/orders.key', 'own.key')
        .replace('server 127.0.0.1:3000', `server ${latchkey}`)
        .replace('server 127.0.0.1:8080', `server ${api}`)
        .replace('internal;', 'internal; proxy_bind 127.0.0.2;'),
    ),
})
