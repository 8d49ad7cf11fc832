// `config check` and `config explain NAME`: the settings as a start would read them.
import { ConfigError, describeSettings, readConfig } from '../config.ts'
import type { Outcome } from './operator-commands.ts'
import { UsageError } from './usage-error.ts'

export async function configCommand([action, name, ...more]: string[]): Promise<Outcome> {
  if (action === 'check' && name === undefined) return check()
  if (action === 'explain' && name !== undefined && more.length === 0) return explain(name)
  throw new UsageError('config needs check, or explain NAME.')
}

function check(): Outcome {
  try {
    const { publicUrl, production } = readConfig()
    const given = describeSettings().given()
    const lines = given.map(({ name, value, from }) => `${name}  ${value ?? '(secret)'}  from ${from}\n`)
    const where = `${production ? 'Production' : 'Not production'}, at ${publicUrl}.`
    return {
      text: `The settings can be used. ${where}\n${lines.join('')}`,
      json: { good: true, publicUrl, production, settings: given },
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const text = `Mend these settings:\n${error.errors.map((line) => `  - ${line}\n`).join('')}`
    return { text, json: { good: false, errors: error.errors }, exitCode: 2 }
  }
}

function explain(name: string): Outcome {
  const found = describeSettings().find(name)
  if ('nearest' in found)
    throw new UsageError(`There is no setting of that name. Did you mean ${found.nearest}?`)
  const { sets, allowed, from, value } = found
  const shown = value === undefined ? '' : `, ${JSON.stringify(value)}`
  const text = [
    found.name,
    `  sets      ${sets}`,
    `  allowed   ${allowed}`,
    `  default   ${found.default}`,
    `  value     from ${from}${shown}${found.secret ? ' (a secret: never shown)' : ''}`,
    `  or        ${found.name}_FILE names a file that holds it`,
  ]
  return { text: `${text.join('\n')}\n`, json: found }
}
