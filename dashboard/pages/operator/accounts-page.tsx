import { Badge, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { api, read } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { IdText } from '../../ui/copy.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { MoreButton, QueryState } from '../../ui/query-state.tsx'
import { TextFilter } from '../../ui/text-filter.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { CreateAccount } from './create-account.tsx'
import { OperatorPage } from './operator-page.tsx'

const text = words.operator.accounts

/** Operator → Accounts. */
export function AccountsPage() {
  const [isCreating, creating] = useDisclosure()
  const mayWrite = useMay('accounts:write')
  return (
    <OperatorPage
      title={text.title}
      lead={text.lead}
      action={
        <Action onClick={creating.open} reason={mayWrite ? undefined : words.ui.notAllowed(text.create)}>
          {text.create}
        </Action>
      }
    >
      <AccountTable />
      <CreateAccount opened={isCreating} onClose={creating.close} />
    </OperatorPage>
  )
}

/** Asked for only by those who may see it: others have a page without it. */
function AccountTable() {
  const [{ search = '' }] = useSearch()
  const query = usePagedQuery(['operator-accounts', search], (cursor) =>
    read(
      api.GET('/account/accounts', {
        params: { query: { ...(search && { search }), ...(cursor && { cursor }) } },
      }),
    ),
  )
  return (
    <>
      <div>
        <TextFilter name="search" label={text.search} />
      </div>
      <QueryState query={query} />
      {query.isSuccess && query.items.length === 0 && <Text>{text.nothing}</Text>}
      {query.items.length > 0 && (
        <DataTable
          label={text.title}
          rows={query.items}
          keyOf={({ id }) => id}
          minWidth={760}
          columns={[
            {
              key: 'name',
              title: text.columns.name,
              show: ({ id, name, operator }) => (
                <>
                  <Link href={paths.operator.account(id)}>{name}</Link>{' '}
                  {operator && <Badge>{text.operators}</Badge>}
                </>
              ),
            },
            {
              key: 'id',
              title: text.columns.id,
              show: ({ id }) => <IdText id={id} what={text.columns.id} />,
            },
            {
              key: 'production',
              title: text.columns.production,
              show: ({ production }) => text.production[production],
            },
            {
              key: 'clients',
              title: text.columns.clients,
              show: ({ clients }) => text.counts(clients.test, clients.production),
            },
            { key: 'at', title: text.columns.created, show: ({ createdAt }) => <Time iso={createdAt} /> },
          ]}
        />
      )}
      <MoreButton query={query} />
    </>
  )
}
