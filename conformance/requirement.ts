import { after, test } from 'node:test'
import { openOwnTarget } from './own-target.ts'
import { openRemoteTarget, remoteUrl } from './remote-target.ts'
import { Lacking, type OpenTarget, type Target } from './target.ts'

let opened: Promise<OpenTarget> | undefined

/** One target for each test file: our own server, or the one that `npm run conformance -- URL` names. */
function openTarget(): Promise<OpenTarget> {
  const url = remoteUrl()
  opened ??= url === undefined ? openOwnTarget() : openRemoteTarget(url)
  return opened
}

after(async () => {
  // One that could not be opened has failed every check already.
  const target = await opened?.catch(() => undefined)
  await target?.close()
})

/**
 * A black-box check of one numbered statement.
 * @param statement its number in README.md.
 * @param guarantee what holds, in words.
 */
export function requirement(
  statement: number,
  guarantee: string,
  check: (target: Target) => Promise<void>,
): void {
  test(`${statement} ${guarantee}`, async (context) => {
    const { target } = await openTarget()
    try {
      await check(target)
    } catch (error) {
      if (!(error instanceof Lacking)) throw error
      context.skip(error.message)
    }
  })
}
