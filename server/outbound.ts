// The only door to addresses that others name: the public internet alone, small answers, in little time.
import { lookup } from 'node:dns/promises'
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import { isLoopbackAddress, isPublicAddress } from './outbound/public-address.ts'

export interface OutboundOptions {
  /** For tests and development: addresses of this machine too, also by plain http. Default: false. */
  allowLoopback?: boolean
  /** Certificates (PEM) that are trusted beside those of the system. */
  authorities?: string
  /** Finds the addresses of a host name. Default: the system's resolver. */
  resolve?: (host: string) => Promise<readonly string[]>
  /** From the look-up of the name to the last byte. Default: 5000. */
  timeoutMs?: number
}

/** Gets the text at an address; the signal gives up early. @throws {OutboundError} */
export type OutboundGet = (address: string, signal?: AbortSignal) => Promise<string>

/** The address may not or could not be fetched. The message says nothing about our network. */
export class OutboundError extends Error {
  /** For the operator's log alone. */
  readonly reason: string

  constructor(message: string, reason: string) {
    super(message)
    this.name = 'OutboundError'
    this.reason = reason
  }
}

const answerLimitBytes = 64 * 1024
const addressLimit = 2000

/**
 * Opens the door. A name is resolved once, every address it has must be public, and one of these very
 * addresses is dialled: a name that means something else a moment later changes nothing.
 */
export function openOutbound(options: OutboundOptions = {}): OutboundGet {
  const { allowLoopback = false, resolve = systemResolve, timeoutMs = 5000 } = options
  const isAllowed = (address: string) =>
    isPublicAddress(address) || (allowLoopback && isLoopbackAddress(address))
  return async (text, giveUp) => {
    const url = readAddress(text, isAllowed)
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(giveUp ? [giveUp] : [])])
    try {
      const addresses = await Promise.race([resolve(bareHost(url)), aborted(signal)])
      const refused = addresses.find((address) => !isAllowed(address))
      if (addresses.length === 0 || refused !== undefined)
        throw new Error(`not a public address: ${refused ?? 'none'}`)
      // RFC 8414 §2 and common sense: in the clear only inside this machine.
      if (url.protocol === 'http:' && !(allowLoopback && addresses.every(isLoopbackAddress)))
        throw new Error('plain http')
      return await fetchText(url, addresses, signal, options.authorities)
    } catch (error) {
      throw new OutboundError(
        'The address could not be fetched.',
        error instanceof Error ? error.message : String(error),
      )
    }
  }
}

/** @throws {OutboundError} for what is no address of the public internet by its look alone. */
function readAddress(text: string, isAllowed: (address: string) => boolean): URL {
  const url = text.length <= addressLimit ? URL.parse(text) : null
  const host = url && bareHost(url)
  const fits =
    url &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    host &&
    (isIP(host) === 0 || isAllowed(host))
  if (fits) return url
  throw new OutboundError('This is no https address of the public internet.', 'refused by its look')
}

function bareHost({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

async function systemResolve(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host]
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('it took too long')), { once: true })
  })
}

function fetchText(
  url: URL,
  addresses: readonly string[],
  signal: AbortSignal,
  authorities: string | undefined,
): Promise<string> {
  const request: RequestOptions = {
    // A connection of its own: none that was opened to another address is used again.
    agent: false,
    lookup: pinned(addresses),
    signal,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'Latchkey' },
  }
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage) => readText(answer).then(resolve, reject)
    const sent =
      url.protocol === 'https:'
        ? requestHttps(url, { ...request, ...(authorities && { ca: trusted(authorities) }) }, onAnswer)
        : requestHttp(url, request, onAnswer)
    sent.once('error', reject).end()
  })
}

function trusted(authorities: string): string[] {
  return [...getCACertificates('default'), authorities]
}

/** Instead of a look-up: the addresses that were checked. */
function pinned(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_host, options, callback) => {
    const [first] = all
    if (options.all) callback(null, all)
    else if (first) callback(null, first.address, first.family)
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  try {
    // A redirect would lead elsewhere, past the checks.
    if (answer.statusCode !== 200) throw new Error(`it answered ${answer.statusCode}`)
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of answer) {
      length += chunk.length
      if (length > answerLimitBytes) throw new Error('the answer is too long')
      chunks.push(chunk)
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } finally {
    answer.destroy()
  }
}
