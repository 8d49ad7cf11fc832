import { Badge, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, readVersioned } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useParam } from '../../routing.ts'
import { IdText } from '../../ui/copy.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Link } from '../../ui/link.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { AccountScopes } from './account-scopes.tsx'
import { Approval } from './approval.tsx'
import { OperatorPage, useOperates } from './operator-page.tsx'
import { RenameAccount } from './rename-account.tsx'

const text = words.operator.account

export function accountQuery(accountId: string) {
  return {
    queryKey: ['operator-account', accountId],
    queryFn: () =>
      readVersioned(api.GET('/account/accounts/{accountId}', { params: { path: { accountId } } })),
  }
}

/** Operator → Accounts → one: approve it for production, give it scopes. */
export function AccountPage() {
  const accountId = useParam('accountId')
  const query = useQuery({ ...accountQuery(accountId), enabled: useOperates() })
  const account = query.data?.data
  return (
    <OperatorPage
      title={account?.name ?? text.title}
      lead={<Link href={paths.operator.accounts}>{text.back}</Link>}
      beside={account?.operator && <Badge>{words.operator.accounts.operators}</Badge>}
      action={
        account && (
          <>
            <RenameAccount account={account} etag={query.data?.etag ?? ''} />
            <Approval account={account} etag={query.data?.etag ?? ''} />
          </>
        )
      }
    >
      <QueryState query={query} />
      {account && (
        <>
          <Facts
            facts={[
              { name: text.facts.id, value: <IdText id={account.id} what={text.facts.id} /> },
              {
                name: text.facts.production,
                value: <Text size="sm">{words.operator.accounts.production[account.production]}</Text>,
              },
              {
                name: text.facts.clients,
                value: words.operator.accounts.counts(account.clients.test, account.clients.production),
              },
              { name: text.facts.created, value: <Time iso={account.createdAt} how="exact" /> },
            ]}
          />
          <AccountScopes accountId={account.id} granted={account.grantedScopes} />
        </>
      )}
    </OperatorPage>
  )
}
