import type { ReactNode } from 'react'
import { pathsOf } from '../../paths.ts'
import { useSession } from '../../session.ts'
import { LinkButton } from '../../ui/link.tsx'
import { Page, type PageProps } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'

const text = words.operator

/** A page for those who run this service; others are told so instead. */
export function OperatorPage({ children, ...props }: PageProps & { children: ReactNode }) {
  const { permissions, twoFactorRequired } = useSession()
  if (twoFactorRequired)
    return (
      <Page title={props.title}>
        <EmptyState
          title={text.needsFactor.title}
          body={text.needsFactor.body}
          action={
            <LinkButton href={`${pathsOf('test').settings}#two-factor`}>{text.needsFactor.action}</LinkButton>
          }
        />
      </Page>
    )
  if (!permissions.includes('accounts:read'))
    return (
      <Page title={props.title}>
        <EmptyState
          title={text.notOperator.title}
          body={text.notOperator.body}
          action={<LinkButton href="/test/home">{words.shell.toDashboard}</LinkButton>}
        />
      </Page>
    )
  return <Page {...props}>{children}</Page>
}

/** Whether the operator's questions may be asked at all. */
export function useOperates(): boolean {
  return useSession().permissions.includes('accounts:read')
}
