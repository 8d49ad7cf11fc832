/**
 * A map of this process: the same for every client object, and for every copy of this package that a bundler
 * or a reload makes. Releases that differ in what it holds name it differently.
 */
export function processMap<Value>(name: string): Map<string, Value> {
  const place = Symbol.for(`@latchkey/client ${name}`)
  const existing: unknown = Reflect.get(globalThis, place)
  if (existing instanceof Map) return existing
  const map = new Map<string, Value>()
  Reflect.defineProperty(globalThis, place, { value: map })
  return map
}
