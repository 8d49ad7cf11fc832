// The process that makes the load: its own, so that it has a core of its own. Takes orders, answers results.
import autocannon from 'autocannon'
import type { LoadOrder, LoadRequest, LoadResult } from './order.ts'

process.on('message', (order: LoadOrder) => {
  // What autocannon itself throws ends this process; start-load.ts sees that.
  void measure(order).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit())

async function measure({ url, method, requests, connections, seconds }: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = []
  let next = 0
  const before = process.cpuUsage()
  const result = await autocannon({
    url,
    method,
    connections,
    duration: seconds,
    // The end of the round is looked for this often; the default would let it run up to a second longer.
    sampleInt: 100,
    setupClient: (client) => {
      client.setRequests(share(requests, connections, next++))
      // autocannon itself keeps whole milliseconds only.
      client.on('response', (_status, _bytes, ms) => latencies.push(ms))
    },
  })
  const used = process.cpuUsage(before)
  latencies.sort((a, b) => a - b)
  return {
    answered: result['2xx'],
    failed: result.non2xx + result.errors,
    seconds: result.duration,
    perSecond: result['2xx'] / result.duration,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    loadCore: (used.user + used.system) / 1e6 / result.duration,
  }
}

/** Every `connections`-th request, beginning with the connection's own number. */
function share(requests: LoadRequest[], connections: number, connection: number): LoadRequest[] {
  const own = requests.filter((_request, index) => index % connections === connection % connections)
  return own.length > 0 ? own : requests
}

function percentile(sorted: number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}
