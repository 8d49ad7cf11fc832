import { Badge, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { api, queryClient, read } from '../../api.ts'
import { useMay } from '../../session.ts'
import { Action } from '../../ui/action.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { IdText } from '../../ui/copy.tsx'
import { DataTable } from '../../ui/data-table.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { OperatorPage, useOperates } from './operator-page.tsx'

const text = words.operator.keys

const keysQuery = {
  queryKey: ['signing-keys'],
  queryFn: () => read(api.GET('/account/signing-keys')),
}

/** Operator → Signing keys. */
export function KeysPage() {
  const [isOpen, { open, close }] = useDisclosure()
  const mayRotate = useMay('deployment:write')
  const query = useQuery({ ...keysQuery, enabled: useOperates() })
  const rotate = async () => {
    queryClient.setQueryData(keysQuery.queryKey, await read(api.POST('/account/signing-keys/rotate')))
    notifications.show({ message: text.done })
  }
  return (
    <OperatorPage
      title={text.title}
      lead={text.lead}
      action={
        <Action onClick={open} reason={mayRotate ? undefined : words.ui.notAllowed(text.rotate)}>
          {text.rotate}
        </Action>
      }
    >
      <QueryState query={query} />
      {query.data && (
        <DataTable
          label={text.title}
          rows={query.data.items}
          keyOf={({ id }) => id}
          minWidth={860}
          columns={[
            {
              key: 'id',
              title: text.columns.id,
              show: ({ id }) => <IdText id={id} what={text.columns.id} />,
            },
            { key: 'algorithm', title: text.columns.algorithm, show: ({ algorithm }) => algorithm },
            {
              key: 'state',
              title: text.columns.state,
              show: ({ state }) => <Badge>{text.states[state]}</Badge>,
            },
            { key: 'from', title: text.columns.active, show: ({ activeFrom }) => <Time iso={activeFrom} /> },
            {
              key: 'to',
              title: text.columns.removed,
              show: ({ removedFrom }) =>
                removedFrom === null ? text.notPlanned : <Time iso={removedFrom} />,
            },
            {
              key: 'signer',
              title: text.columns.signer,
              show: ({ signer }) => (signer === 'local' ? words.operator.system.signers.local : signer),
            },
          ]}
        />
      )}
      <Text size="sm" c="dimmed">
        {text.emergency} <span className="id">{text.emergencyCommand}</span>
      </Text>
      <Confirm
        opened={isOpen}
        onClose={close}
        title={text.rotateTitle}
        action={text.rotate}
        destructive={false}
        onConfirm={rotate}
      >
        {text.rotateBody}
      </Confirm>
    </OperatorPage>
  )
}
