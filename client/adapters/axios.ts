// Access tokens for axios 1. Its parts are taken by their shape: there is no dependency.
import type { Authorization } from '../calls/authorization.ts'
import { isReplayableBody } from '../calls/fetch.ts'
import type { Latchkey } from '../create-client.ts'

/** What is used of the configuration of a call. */
interface ConfigLike {
  method?: string | undefined
  data?: unknown
  signal?: unknown
  headers: { set: (name: string, value: string) => unknown }
  beforeRedirect?: ((options: Record<string, unknown>, ...rest: never[]) => void) | undefined
}

interface AnswerLike {
  status: number
  headers: object
}

type AdapterLike<Config, Answer> = (config: Config) => Promise<Answer>

/** What is used of the `axios` object. */
export interface AxiosLike<Config, Answer, Named> {
  defaults: { adapter?: Named }
  getAdapter: (adapters: Named) => AdapterLike<Config, Answer>
  getUri: (config: Config) => string
}

/**
 * Makes the adapter for axios instances whose calls carry the access token: only to the origins of the client,
 * dropped on a redirect to another one, sent once more after a 401 that a new token may end.
 *
 * @param api the client.
 * @param axios the `axios` object, whose own adapter really sends.
 * @throws at each call what `fetch` of the client throws before it sends; answers are axios's own.
 *
 * @example
 * const http = axios.create({ baseURL: 'https://latchkey.example', adapter: latchkeyAdapter(api, axios) })
 * const { data } = await http.get('/signature/documents')
 */
export function latchkeyAdapter<Config extends ConfigLike, Answer extends AnswerLike, Named>(
  api: Pick<Latchkey, 'authorize'>,
  axios: AxiosLike<Config, Answer, Named>,
): AdapterLike<Config, Answer> {
  return async (config) => {
    const { adapter } = axios.defaults
    if (adapter === undefined) throw new TypeError('This axios has no adapter to send with.')
    const send = axios.getAdapter(adapter)
    const signal = config.signal instanceof AbortSignal ? config.signal : undefined
    const method = (config.method ?? 'get').toUpperCase()
    let authorization = await api.authorize({ url: axios.getUri(config), method, signal })
    for (;;) {
      const outcome = await sendOnce(send, config, authorization)
      const { answer } = outcome
      const next = answer && (await authorization.next(readAnswer(answer), isReplayable(config.data)))
      if (!next) return outcome.settle()
      authorization = next
    }
  }
}

/** A refused call is thrown or not, as `validateStatus` says; either way it has an answer. */
async function sendOnce<Config extends ConfigLike, Answer extends AnswerLike>(
  send: AdapterLike<Config, Answer>,
  config: Config,
  { headers, url }: Authorization,
): Promise<{ answer: AnswerLike | undefined; settle: () => Answer }> {
  for (const [name, value] of Object.entries(headers)) config.headers.set(name, value)
  try {
    const answer = await send({ ...config, beforeRedirect: dropOnRedirect(url, config.beforeRedirect) })
    return { answer, settle: () => answer }
  } catch (error) {
    const settle = () => {
      throw error
    }
    return { answer: answerOf(error), settle }
  }
}

/** What follows redirects keeps the token within a domain; ours is for its origin alone. */
function dropOnRedirect({ origin }: URL, before: ConfigLike['beforeRedirect']): ConfigLike['beforeRedirect'] {
  return (options, ...rest) => {
    const { headers, href } = options
    if (typeof headers === 'object' && headers !== null && new URL(String(href)).origin !== origin)
      for (const name of Object.keys(headers))
        if (/^(?:authorization|dpop)$/i.test(name)) Reflect.deleteProperty(headers, name)
    before?.(options, ...rest)
  }
}

function answerOf(error: unknown): AnswerLike | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined
  const { response } = error
  if (typeof response !== 'object' || response === null) return undefined
  const status = 'status' in response ? response.status : undefined
  const headers = 'headers' in response ? response.headers : undefined
  return typeof status === 'number' && typeof headers === 'object' && headers !== null
    ? { status, headers }
    : undefined
}

function readAnswer({ status, headers }: AnswerLike) {
  return {
    status,
    header: (name: string) => {
      const value: unknown = Reflect.get(headers, name)
      return typeof value === 'string' ? value : null
    },
  }
}

function isReplayable(data: unknown): boolean {
  return isReplayableBody(data)
}
