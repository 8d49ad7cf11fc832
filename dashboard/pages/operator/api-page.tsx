import { Badge, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { api, queryClient, readVersioned } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useGo, useParam } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Link } from '../../ui/link.tsx'
import { Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import * as words from '../../words/index.ts'
import { AddScope } from './add-scope.tsx'
import { OperatorPage, useOperates } from './operator-page.tsx'
import { ScopeTable } from './scope-table.tsx'

const text = words.operator.api

export function apiQuery(apiId: string) {
  return {
    queryKey: ['api', apiId],
    queryFn: () => readVersioned(api.GET('/account/apis/{apiId}', { params: { path: { apiId } } })),
  }
}

/** Operator → APIs → one: its scopes, from adding to retiring. */
export function ApiPage() {
  const apiId = useParam('apiId')
  const go = useGo()
  const [isDeleting, deleting] = useDisclosure()
  const [isAdding, adding] = useDisclosure()
  const mayWrite = useMay('catalogue:write')
  const query = useQuery({ ...apiQuery(apiId), enabled: useOperates() })
  const shown = query.data?.data
  const etag = query.data?.etag ?? ''
  const { apis } = words.operator
  const reason = mayWrite ? undefined : words.ui.notAllowed(text.addScope)
  return (
    <OperatorPage
      title={shown?.name ?? apis.title}
      lead={<Link href={paths.operator.apis}>{text.back}</Link>}
      beside={shown && <Badge>{shown.builtIn ? apis.builtIn : apis.registered}</Badge>}
      action={
        shown &&
        !shown.builtIn && (
          <Action onClick={adding.open} reason={reason}>
            {text.addScope}
          </Action>
        )
      }
    >
      <QueryState query={query} />
      {shown && (
        <>
          {shown.builtIn && <Text size="sm">{text.builtInNote}</Text>}
          <Facts
            facts={[
              { name: apis.id, value: <span className="id">{shown.id}</span> },
              {
                name: apis.audienceProduction,
                value: <span className="id">{shown.audiences.production}</span>,
              },
              { name: apis.audienceTest, value: <span className="id">{shown.audiences.test}</span> },
            ]}
          />
          <Section title={text.scopes}>
            <ScopeTable
              apiId={apiId}
              scopes={shown.scopes}
              etag={etag}
              mayChange={mayWrite && !shown.builtIn}
            />
          </Section>
          {!shown.builtIn && (
            <div>
              <Action variant="default" onClick={deleting.open} reason={reason}>
                {text.delete}
              </Action>
            </div>
          )}
          <AddScope apiId={apiId} opened={isAdding} onClose={adding.close} />
          <Confirm
            opened={isDeleting}
            onClose={deleting.close}
            title={text.deleteTitle(shown.name)}
            action={text.deleteSubmit}
            typed={shown.id}
            onConfirm={async () => {
              const params = { path: { apiId }, header: { 'if-match': etag } }
              await api.DELETE('/account/apis/{apiId}', { params })
              await queryClient.invalidateQueries({ queryKey: ['apis'] })
              go(paths.operator.apis)
            }}
          >
            {text.deleteBody}
          </Confirm>
        </>
      )}
    </OperatorPage>
  )
}
