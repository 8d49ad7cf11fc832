type HeaderValue = string | string[]

/**
 * Headers in any of the forms that undici takes (a record, pairs, or a flat list), with ours in place of any of the
 * same names.
 */
export function mergeHeaders(
  given: unknown,
  ours: Readonly<Record<string, string>>,
): Record<string, HeaderValue> {
  const merged: Record<string, HeaderValue> = {}
  for (const [name, value] of pairsOf(given)) {
    if (Object.hasOwn(ours, name.toLowerCase())) continue
    const before = merged[name]
    merged[name] = before === undefined ? value : [before, value].flat()
  }
  return { ...merged, ...ours }
}

function* pairsOf(given: unknown): Generator<[string, HeaderValue]> {
  if (typeof given !== 'object' || given === null) return
  const list: unknown[] = Symbol.iterator in given ? Array.from(iterate(given)) : Object.entries(given)
  if (typeof list[0] === 'string') {
    for (let place = 0; place + 1 < list.length; place += 2)
      yield [String(list[place]), asHeader(list[place + 1])]
    return
  }
  for (const pair of list)
    if (Array.isArray(pair) && pair[1] !== undefined) yield [String(pair[0]), asHeader(pair[1])]
}

function iterate(given: object): Iterable<unknown> {
  const list: unknown = Reflect.get(given, Symbol.iterator)
  return typeof list === 'function' ? { [Symbol.iterator]: () => list.call(given) } : []
}

function asHeader(value: unknown): HeaderValue {
  return Array.isArray(value) ? value.map(String) : String(value)
}
