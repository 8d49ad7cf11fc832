// What is installed is data until we import it: no package runs a program of its own while npm installs it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

interface LockFile {
  packages: Record<
    string,
    { hasInstallScript?: boolean; link?: boolean; resolved?: string; integrity?: string }
  >
}

const { packages }: LockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const namesOf = (entries: [string, unknown][]) => entries.map(([name]) => name)

test('no installed package has an install script', () => {
  const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
  assert.deepEqual(namesOf(scripted), [])
})

test('each has its checksum, and is named by no other address than its own', () => {
  const installed = Object.entries(packages).filter(
    ([name, { link }]) => name.includes('node_modules/') && !link,
  )
  assert.ok(installed.length > 300, `${installed.length} packages`)
  const odd = installed.filter(
    ([, { resolved, integrity }]) => resolved !== undefined || !integrity?.startsWith('sha512-'),
  )
  assert.deepEqual(namesOf(odd), [])
})
