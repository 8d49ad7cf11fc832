import { SettingsError } from '../errors.ts'
import type { Runtime, Variables } from '../runtime.ts'

/**
 * The runtime whose variables are joined by those of the profile, a file. A variable that both have must be
 * the same in both: neither wins in silence.
 * @throws {SettingsError} when there is no such file, or it disagrees.
 */
export function withProfile(
  runtime: Runtime,
  name = runtime.variables().LATCHKEY_PROFILE || undefined,
): Runtime {
  if (name === undefined) return runtime
  const variables = () => join(runtime.variables(), readProfile(name, runtime), name)
  return Object.assign(Object.create(runtime), { variables })
}

function readProfile(name: string, runtime: Runtime): Variables {
  if (!/^[\w-]+$/.test(name))
    throw new SettingsError([`The profile ${JSON.stringify(name)} is not a name: letters, digits, - and _.`])
  const { APPDATA, HOME, XDG_CONFIG_HOME } = runtime.variables()
  const folder = runtime.windows ? APPDATA : XDG_CONFIG_HOME || `${HOME}/.config`
  const file = `${folder}/latchkey/${name}.env`
  try {
    return parse(runtime.readFileNow(file))
  } catch {
    throw new SettingsError([`The profile ${name} (LATCHKEY_PROFILE) cannot be read: ${file}.`])
  }
}

/** Lines like `NAME=value`, with or without quotes; what `npm start` writes for the demo client. */
function parse(text: string): Variables {
  const lines = text.matchAll(/^(?:export )?(LATCHKEY_\w+)=(["']?)(.*?)\2\s*$/gm)
  return Object.fromEntries(Array.from(lines, ([, name, , value]) => [name, value]))
}

function join(own: Variables, profile: Variables, name: string): Variables {
  const problems = Object.keys(profile)
    .filter((key) => own[key] && own[key] !== profile[key])
    .map((key) => `${key} is set, and the profile ${name} has another one: keep one of them.`)
  if (problems.length > 0) throw new SettingsError(problems)
  return { ...own, ...profile }
}
