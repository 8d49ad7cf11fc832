import { Group } from '@mantine/core'
import { paths } from '../../paths.ts'
import { useEnvironment } from '../../routing.ts'
import { useSession } from '../../session.ts'
import { DocsLink } from '../../ui/link.tsx'
import { Page, Section } from '../../ui/page.tsx'
import * as words from '../../words/index.ts'
import { ActivitySection } from '../logs/activity-section.tsx'
import { DeprecatedHost } from '../logs/deprecated-host.tsx'
import { FirstCall } from './first-call.tsx'
import { ProductionState } from './production-state.tsx'
import { Usage } from './usage.tsx'

const text = words.home

/** Home: the first call, then what happens. */
export function HomePage() {
  const environment = useEnvironment()
  const { account } = useSession()
  const isTest = environment === 'test'
  const isOpen = isTest || account.production === 'approved'
  return (
    <Page title={text.title} lead={isTest ? text.leadTest : text.leadProduction}>
      {isTest && <FirstCall />}
      {!isOpen && <ProductionState />}
      {isOpen && (
        <>
          <DeprecatedHost environment={environment} />
          <Usage environment={environment} />
          <ActivitySection environment={environment} isQuietSaid={false} />
        </>
      )}
      <Section title={text.next.title}>
        <Group gap="lg">
          <DocsLink href={paths.docs}>{text.next.docs}</DocsLink>
          <DocsLink href={paths.reference}>{text.next.reference}</DocsLink>
          <DocsLink href={paths.scopes}>{text.next.scopes}</DocsLink>
          <DocsLink href={paths.reuse}>{text.next.reuse}</DocsLink>
        </Group>
      </Section>
    </Page>
  )
}
