// Every page of the documentation: whole, without script, with links that lead somewhere, and its twin.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { GuardError } from '@latchkey/guard'
import { createRefusals } from '../../../guard/refusals.ts'
import { createWorld, type World } from '../../testing/world.ts'
import { oauthErrors } from '../../vocabulary/oauth-error.ts'
import { problems } from '../../vocabulary/problem.ts'
import { mendSteps } from './error-source.ts'

let world: World
const pages = new Map<string, string>()

before(async () => {
  world = await createWorld()
  const index = (await world.inject({ url: '/llms.txt' })).body
  const paths = [...index.matchAll(/\]\((\S+)\.md\)/g)].map(([, url = '']) => new URL(url).pathname)
  for (const path of paths) pages.set(path, await read(path))
})
after(() => world.close())

async function read(url: string): Promise<string> {
  const answer = await world.inject({ url, headers: { accept: 'text/html' } })
  assert.equal(answer.statusCode, 200, url)
  assert.match(String(answer.headers['content-type']), /^text\/html/, url)
  return answer.body
}

test('every page has one title, loads a style sheet and the mark, and runs nothing', () => {
  assert.ok(pages.size > 70, `${pages.size} pages`)
  for (const [path, page] of pages) {
    assert.equal(page.match(/<h1[ >]/g)?.length, 1, path)
    assert.doesNotMatch(page, /<script|<style|<iframe|\sstyle=|\son[a-z]+=/, path)
    const loaded = [...page.matchAll(/<(?:link|img)[^>]* (?:href|src)="([^"]*)"/g)].map(([, url]) => url)
    assert.deepEqual([...new Set(loaded)], ['/assets/mark.svg', '/assets/page.css'], path)
  }
})

test('every link leads to a page of ours, and to a place that is there', async () => {
  const known = new Set(pages.keys())
  const others = new Set<string>()
  for (const [path, page] of pages)
    for (const [, target = ''] of page.matchAll(/<a [^>]*?href="([^"]*)"/g)) {
      const url = new URL(target.replaceAll('&amp;', '&'), `${world.url}${path}`)
      if (url.origin !== world.url) continue
      if (known.has(url.pathname)) {
        const id = decodeURIComponent(url.hash.slice(1))
        assert.ok(id === '' || pages.get(url.pathname)?.includes(`id="${id}"`), `${path}: ${target}`)
      } else others.add(url.pathname)
    }
  for (const url of others) assert.equal((await world.inject({ url })).statusCode, 200, url)
})

const twinLinks = new Set<string>()

test('every page has a twin, asked for by its name or by Accept: values filled in, links whole', async () => {
  for (const path of pages.keys()) {
    const twin = await world.inject({ url: `${path}.md` })
    assert.equal(twin.statusCode, 200, path)
    assert.equal(twin.headers['content-type'], 'text/markdown; charset=utf-8')
    assert.match(twin.body, /^# \S/, path)
    assert.doesNotMatch(twin.body, /<!--|https:\/\/api\.example/, path)
    const prose = twin.body.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '')
    for (const [, href = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      assert.match(href, /^https?:\/\/|^#/, path)
      if (href.startsWith(world.url)) twinLinks.add(href.split('#')[0] ?? '')
    }
    const negotiated = await world.inject({ url: path, headers: { accept: 'text/markdown, */*;q=0.1' } })
    assert.equal(negotiated.body, twin.body, path)
  }
  for (const url of twinLinks) assert.equal((await world.inject({ url })).statusCode, 200, url)
  const full = (await world.inject({ url: '/llms-full.txt' })).body
  for (const path of pages.keys()) assert.ok(full.includes(`<!-- ${world.url}${path} -->`), path)
})

test('an address that is no page is a 404: a page for people, a problem for programs', async () => {
  for (const url of [
    '/docs/nothing',
    '/docs/nothing.md',
    '/docs/',
    '/docs/errors/none',
    '/docs/../package.json',
    '/docs/..%2fpackage.json',
    '/docs/%2e%2e/%2e%2e/etc/passwd',
    '/docs/errors/..%2f..%2f..%2fpackage',
    '/docs/guides/connect.md',
    '/docs/account-api.md%00',
    '/docs/constructor',
    '/docs/__proto__',
    '/docs/examples.test.ts',
  ]) {
    const person = await world.inject({ url, headers: { accept: 'text/html' } })
    assert.equal(person.statusCode, 404, url)
    assert.match(person.body, /There is no such page|There is nothing/, url)
    const program = await world.inject({ url, headers: { accept: 'application/json' } })
    assert.equal(program.statusCode, 404, url)
    assert.equal(program.headers['content-type'], 'application/problem+json')
    assert.equal(program.json().type, `${world.url}/docs/errors/not_found`)
  }
})

test('every code that the program answers has its page and says how to mend it, and there is no page for another', () => {
  const refusals = createRefusals('test', world.url)
  const guards = [
    refusals.missing(),
    refusals.invalidRequest(''),
    refusals.invalidToken(''),
    refusals.unavailable('', 1),
    refusals.insufficientScope('', [], undefined),
    refusals.invalidProof(''),
    refusals.useNonce(''),
  ].map((error) => {
    assert.ok(error instanceof GuardError)
    return new URL(error.problem.type).pathname.slice('/docs/errors/'.length)
  })
  const codes = new Set([...Object.keys(oauthErrors), ...Object.keys(problems), ...guards])
  const documented = [...pages.keys()].flatMap((path) => path.match(/^\/docs\/errors\/(.+)$/)?.[1] ?? [])
  assert.deepEqual(documented.sort(), [...codes].sort())
  for (const code of codes) {
    const steps = mendSteps(code) ?? []
    assert.ok(steps.length > 0, code)
    for (const step of steps) assert.doesNotMatch(step, /\]\(|\.md\b/, code)
    const page = pages.get(`/docs/errors/${code}`) ?? ''
    for (const heading of ['Usual causes', 'How to mend it', 'Example'])
      assert.ok(page.includes(heading), code)
    const example = /<pre[^>]*>(.*?)<\/pre>/s
      .exec(page)?.[1]
      ?.replace(/<[^>]*>/g, '')
      .replaceAll('&quot;', '"')
    const { error, type } = JSON.parse(example ?? '')
    assert.ok(error === code || type === `${world.url}/docs/errors/${code}`, code)
  }
})
