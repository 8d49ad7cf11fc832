const browsers: readonly [string, RegExp][] = [
  ['Edge', /Edg\/(\d+)/],
  ['Opera', /OPR\/(\d+)/],
  ['Firefox', /Firefox\/(\d+)/],
  ['Chrome', /Chrome\/(\d+)/],
  ['Safari', /Version\/(\d+).*Safari/],
]

const systems: readonly [string, RegExp][] = [
  ['iOS', /iPhone|iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
]

/** As Node names them. */
const platforms: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

/** What a person calls his browser, e.g. `Firefox 140, Linux`; undefined when it says nothing that is known. */
export function browserName(userAgent: string | null): string | undefined {
  if (userAgent === null) return undefined
  const [, platform, host] = /^latchkey-cli\/\S+ \((\w+); ([^)]+)\)$/.exec(userAgent) ?? []
  if (platform !== undefined) return `latchkey, ${platforms[platform] ?? platform}, ${host}`
  const browser = browsers
    .map(([name, pattern]) => ({ name, version: pattern.exec(userAgent)?.[1] }))
    .find(({ version }) => version !== undefined)
  if (!browser) return undefined
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  const named = `${browser.name} ${browser.version}`
  return system === undefined ? named : `${named}, ${system}`
}
