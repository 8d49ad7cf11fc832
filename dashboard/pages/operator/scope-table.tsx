import { Badge, Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queryClient } from '../../api.ts'
import { DataTable } from '../../ui/data-table.tsx'
import * as words from '../../words/index.ts'
import { DeprecateScope } from './deprecate-scope.tsx'
import { RetireScope } from './retire-scope.tsx'

const text = words.operator.api

interface Scope {
  name: string
  description: string
  access: 'everyone' | 'granted' | 'reserved'
  deprecatedAt: string | null
  retiredAt: string | null
}

/** The scopes of an API, and what may become of each. */
export function ScopeTable({
  apiId,
  scopes,
  etag,
  mayChange,
}: {
  apiId: string
  scopes: readonly Scope[]
  etag: string
  mayChange: boolean
}) {
  const [asking, setAsking] = useState<{ what: 'deprecate' | 'retire'; scope: string }>()
  const close = () => setAsking(undefined)
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['api', apiId] })
  const paramsOf = (scope: string) => ({ path: { apiId, scope }, header: { 'if-match': etag } })
  const restore = useMutation({
    mutationFn: (scope: string) =>
      api.POST('/account/apis/{apiId}/scopes/{scope}/restore', { params: paramsOf(scope) }),
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: refresh,
  })
  return (
    <>
      <DataTable
        label={text.scopes}
        rows={scopes}
        keyOf={({ name }) => name}
        minWidth={760}
        columns={[
          { key: 'scope', title: text.columns.scope, show: ({ name }) => <span className="id">{name}</span> },
          { key: 'description', title: text.columns.description, show: ({ description }) => description },
          { key: 'access', title: text.columns.access, show: ({ access }) => text.accesses[access] },
          {
            key: 'state',
            title: text.columns.state,
            show: (scope) => <Badge>{text.states[stateOf(scope)]}</Badge>,
          },
          ...(mayChange
            ? [
                {
                  key: 'actions',
                  title: text.columns.actions,
                  show: (scope: Scope) => (
                    <Group gap="xs" wrap="nowrap">
                      {stateOf(scope) === 'active' && (
                        <Button
                          variant="default"
                          size="compact-sm"
                          aria-label={text.deprecateTitle(scope.name)}
                          onClick={() => setAsking({ what: 'deprecate', scope: scope.name })}
                        >
                          {text.deprecate}
                        </Button>
                      )}
                      {stateOf(scope) !== 'retired' && (
                        <Button
                          variant="default"
                          size="compact-sm"
                          aria-label={text.retireTitle(scope.name)}
                          onClick={() => setAsking({ what: 'retire', scope: scope.name })}
                        >
                          {text.retire}
                        </Button>
                      )}
                      {stateOf(scope) !== 'active' && (
                        <Button
                          variant="default"
                          size="compact-sm"
                          aria-label={`${text.restore}: ${scope.name}`}
                          loading={restore.isPending && restore.variables === scope.name}
                          onClick={() => restore.mutate(scope.name)}
                        >
                          {text.restore}
                        </Button>
                      )}
                    </Group>
                  ),
                },
              ]
            : []),
        ]}
      />
      <DeprecateScope
        apiId={apiId}
        etag={etag}
        scope={asking?.what === 'deprecate' ? asking.scope : undefined}
        onClose={close}
      />
      <RetireScope
        apiId={apiId}
        etag={etag}
        scope={asking?.what === 'retire' ? asking.scope : undefined}
        onClose={close}
        onRetired={refresh}
      />
    </>
  )
}

function stateOf({ deprecatedAt, retiredAt }: Scope): 'active' | 'deprecated' | 'retired' {
  if (retiredAt !== null) return 'retired'
  return deprecatedAt === null ? 'active' : 'deprecated'
}
