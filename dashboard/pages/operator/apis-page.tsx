import { Badge } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { Link } from '../../ui/link.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'
import { OperatorPage, useOperates } from './operator-page.tsx'
import { RegisterApi } from './register-api.tsx'

const text = words.operator.apis

/** Operator → APIs and scopes. */
export function ApisPage() {
  const [isOpen, { open, close }] = useDisclosure()
  const mayWrite = useMay('catalogue:write')
  const query = useQuery({
    queryKey: ['apis'],
    enabled: useOperates(),
    queryFn: () => read(api.GET('/account/apis', { params: { query: { limit: 100 } } })),
  })
  return (
    <OperatorPage
      title={text.title}
      lead={text.lead}
      action={
        <Action onClick={open} reason={mayWrite ? undefined : words.ui.notAllowed(text.register)}>
          {text.register}
        </Action>
      }
    >
      <QueryState query={query} />
      {query.data && (
        <DataTable
          label={text.title}
          rows={query.data.items}
          keyOf={({ id }) => id}
          minWidth={720}
          columns={[
            {
              key: 'name',
              title: text.columns.name,
              show: ({ id, name }) => <Link href={paths.operator.api(id)}>{name}</Link>,
            },
            { key: 'id', title: text.columns.id, show: ({ id }) => <span className="id">{id}</span> },
            {
              key: 'scopes',
              title: text.columns.scopes,
              numeric: true,
              show: ({ scopeCount }) => scopeCount,
            },
            {
              key: 'audience',
              title: text.columns.audience,
              show: ({ audiences }) => <span className="id">{audiences.production}</span>,
            },
            {
              key: 'kind',
              title: text.columns.kind,
              show: ({ builtIn }) => <Badge>{builtIn ? text.builtIn : text.registered}</Badge>,
            },
          ]}
        />
      )}
      <RegisterApi opened={isOpen} onClose={close} />
    </OperatorPage>
  )
}
