// What generated requests made and may name again, by whom it belongs to.
import type { Owner } from '../../vocabulary/owner.ts'
import { asObject, isText, parseJson } from './json.ts'
import { pathParameter, pathParameters } from './objects.ts'
import type { Operation } from './operations.ts'
import type { SentAnswer } from './send.ts'

export interface Pool {
  /** An id that the name of a path parameter may stand for. */
  pick: (owner: Owner, parameter: string, at: number) => string | undefined
  add: (owner: Owner, parameter: string, id: string) => void
  /** The last ETag that was seen at an address. */
  etag: (url: string) => string | undefined
  secret: (at: number) => string | undefined
  /** Learns ids, ETags and secrets from an answer. */
  learn: (owner: Owner, operation: Operation, url: string, answer: SentAnswer) => void
}

/** What is kept of each kind: old things are as often named as new ones. */
const keptIds = 40

/** @param operations all of them: a path tells what the one above it creates. */
export function createPool(operations: readonly Operation[]): Pool {
  const ids = new Map<string, string[]>()
  const etags = new Map<string, string>()
  const secrets: string[] = []

  const add = (owner: Owner, parameter: string, id: string) => {
    const key = keyOf(owner, parameter)
    ids.set(key, [...(ids.get(key) ?? []).filter((known) => known !== id).slice(1 - keptIds), id])
  }

  // `{"client": {"id": …}}` tells a clientId.
  function learnNamed(owner: Owner, body: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(body)) {
      const { id } = asObject(value)
      if (isText(id) && `${name}Id` in pathParameters) add(owner, `${name}Id`, id)
    }
  }

  function learnCreated(owner: Owner, { method, path }: Operation, body: Record<string, unknown>): void {
    if (method !== 'POST') return
    const child = operations.find(
      (candidate) =>
        candidate.path.startsWith(`${path}/{`) && /^\/\{\w+\}$/.test(candidate.path.slice(path.length)),
    )
    const parameter = child?.parameters.at(-1)
    const id = body.id ?? (parameter === undefined ? undefined : (body[parameter] ?? body.name))
    if (parameter !== undefined && isText(id)) add(owner, parameter, id)
  }

  return {
    pick(owner, parameter, at) {
      const known = ids.get(keyOf(owner, parameter)) ?? []
      return known[at % known.length]
    },
    add,
    etag: (url) => etags.get(url),
    secret: (at) => secrets[at % secrets.length],
    learn(owner, operation, url, answer) {
      const { etag } = answer.headers
      if (isText(etag)) etags.set(url, etag)
      const body = asObject(parseJson(answer.body))
      if (answer.statusCode === 201) {
        learnCreated(owner, operation, body)
        learnNamed(owner, body)
      }
      for (const secret of answer.body.match(/lk_(?:test|production|prod|live)_[A-Za-z0-9_-]{20,}/g) ?? []) {
        secrets.push(secret)
        if (secrets.length > keptIds) secrets.shift()
      }
    },
  }
}

// What belongs to the deployment is everyone's.
function keyOf({ accountId, environment }: Owner, parameter: string): string {
  const { belongsTo } = pathParameter(parameter)
  return belongsTo === 'deployment' ? parameter : `${accountId}/${environment} ${parameter}`
}
