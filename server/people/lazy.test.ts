// A server that nobody signs in to does not carry what people need, some 90 MB, nor what pages are made with.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const program = `
  const { registerHooks } = await import('node:module')
  const loaded = []
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
  await import(${JSON.stringify(new URL('../app.ts', import.meta.url).href)})
  const heavy = loaded.filter((url) => /node_modules\\/(better-auth|nodemailer|marked|@scalar)/.test(url))
  console.log(JSON.stringify([loaded.some((url) => url.endsWith('server/app.ts')), heavy]))
`

test('neither better-auth nor nodemailer, marked nor Scalar is loaded with the program', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  })
  assert.equal(stdout.trim(), '[true,[]]', stderr)
})
