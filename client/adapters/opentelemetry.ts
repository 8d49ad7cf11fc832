// Measurements as instruments of OpenTelemetry. The meter is taken by its shape: there is no dependency.
import type { Measurement, Observe } from '../observation/measurement.ts'

/** What is used of OpenTelemetry's `Meter`. */
export interface MeterLike {
  createCounter: (name: string, options?: InstrumentOptions) => CounterLike
  createHistogram: (name: string, options?: InstrumentOptions) => HistogramLike
}

interface InstrumentOptions {
  description?: string
  unit?: string
}

interface CounterLike {
  add: (value: number, attributes?: { error: string }) => void
}

interface HistogramLike {
  record: (value: number) => void
}

/**
 * The `observe` option for OpenTelemetry: counters `token.used`, `token.requested`, `token.failed` (with the
 * attribute `error`), `token.coalesced` and `api.retry_401`, histograms `token.wait_ms` and `token.age_s`.
 * The only attribute is that error code.
 *
 * @example
 * const api = createClient({ observe: observeWith(metrics.getMeter('@latchkey/client')) })
 */
export function observeWith(meter: MeterLike): Observe {
  const counter = (name: Measurement['name'], description: string) =>
    meter.createCounter(name, { description, unit: '1' })
  const counters = {
    'token.used': counter('token.used', 'Access tokens given to callers'),
    'token.requested': counter('token.requested', 'Requests sent to the token endpoint'),
    'token.failed': counter('token.failed', 'Token requests that brought no token'),
    'token.coalesced': counter('token.coalesced', 'Callers that waited for the request of another'),
    'api.retry_401': counter('api.retry_401', 'Calls sent again with a new token after a 401'),
  }
  const histograms = {
    'token.wait_ms': meter.createHistogram('token.wait_ms', {
      description: 'How long callers waited for a token',
      unit: 'ms',
    }),
    'token.age_s': meter.createHistogram('token.age_s', {
      description: 'Age of the token that a caller got',
      unit: 's',
    }),
  }
  return (measurement) => {
    const { name, value } = measurement
    if (name === 'token.wait_ms' || name === 'token.age_s') histograms[name].record(value)
    else if (name === 'token.failed') counters[name].add(value, { error: measurement.error })
    else counters[name].add(value)
  }
}
