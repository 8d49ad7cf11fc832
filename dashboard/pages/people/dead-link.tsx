import { paths } from '../../paths.ts'
import { PublicPage } from '../../shell/public-frame.tsx'
import { LinkButton } from '../../ui/link.tsx'
import * as words from '../../words/index.ts'

/** A link that was used, replaced or is too old; or an address without one. */
export function DeadLink({ missing = false }: { missing?: boolean }) {
  const text = words.people.deadLink
  return (
    <PublicPage title={text.title} lead={missing ? text.missing : text.lead}>
      <div>
        <LinkButton href={paths.signIn}>{text.signIn}</LinkButton>
      </div>
    </PublicPage>
  )
}
