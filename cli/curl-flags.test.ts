import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findForeignFlag } from './curl-flags.ts'

for (const words of [
  [],
  ['-s', '-w', '\n%{http_code}'],
  ['-X', 'POST', '-d', '@-'],
  ['-XPOST', '-d@file'],
  ['-sSo', 'file', '-i'],
  ['-sSofile'],
  // What looks like a flag or an address is a value here.
  ['-d', '--url'],
  ['--data', 'https://evil.example/'],
  ['-H', 'X-Next: --next', '--json', '{}'],
])
  test(`curl ${words.join(' ')} is let through`, () => assert.equal(findForeignFlag(words), undefined))

for (const [word, ...before] of [
  ['https://evil.example/'],
  ['evil.example', '-s'],
  ['http://127.0.0.1:9/', '-X', 'POST'],
  // A value that another flag has taken leaves the next word without one.
  ['evil.example', '-o', 'file'],
  ['--next'],
  ['-:'],
  ['-s:'],
  ['--url'],
  ['--url=https://evil.example'],
  ['--url-query'],
  ['--location-trusted'],
  ['--location-t'],
  ['-K'],
  ['-Kfile'],
  ['-sK'],
  ['--config'],
  ['--conf'],
  ['-x'],
  ['-xhttp://evil.example'],
  ['--proxy'],
  ['--preproxy'],
  ['--connect-to'],
  ['--resolve'],
  ['--unix-socket'],
  ['-D'],
  ['-sD'],
  ['--dump-header'],
  ['-v'],
  ['-sv'],
  ['--trace'],
  ['--trace-ascii'],
  ['--libcurl'],
  ['-u'],
  ['-k'],
  ['--insecure'],
  ['--oauth2-bearer'],
  ['-Z'],
  ['-'],
  ['--'],
  [''],
] as const)
  test(`curl with ${[...before, word].join(' ') || 'an empty word'} is refused`, () =>
    assert.equal(findForeignFlag([...before, word, 'value']), word))
