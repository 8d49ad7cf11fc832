import { declaredSetupSchema } from '../server/setup/declared-setup.ts'
import { createWorld } from '../server/testing/world.ts'

/** Every file that is made from the code: its path and what it must hold. */
export async function generatedFiles(): Promise<Map<string, string>> {
  // The public URL of the committed document is an example, not a port of the day.
  const world = await createWorld({ settings: { LATCHKEY_PUBLIC_URL: 'https://api.example' } })
  const openapi = world.app.openapi()
  await world.close()
  return new Map([
    ['openapi.json', `${JSON.stringify(openapi, null, 2)}\n`],
    [
      'docs/declared-setup.schema.json',
      `${JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...declaredSetupSchema }, null, 2)}\n`,
    ],
  ])
}
