// A thread that takes the viewer's script out of its package, packs it and ends: the server itself never loads the five
// megabytes that hold it.
import { parentPort } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import scalar from '@scalar/fastify-api-reference'
import Fastify from 'fastify'

const server = Fastify()
await server.register(scalar, { routePrefix: '/viewer', configuration: { url: '/openapi.json' } })
const { body, statusCode } = await server.inject('/viewer/js/scalar.js')
if (statusCode !== 200) throw new Error(`The viewer has no script: ${statusCode}`)
parentPort?.postMessage(gzipSync(body))
