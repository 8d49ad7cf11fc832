import { Stack, Text } from '@mantine/core'
import { isRecord } from '../../api.ts'
import { pathsOf } from '../../paths.ts'
import { useMay } from '../../session.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { Facts } from '../../ui/facts.tsx'
import { LinkButton } from '../../ui/link.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import type { Client } from './queries.ts'

const text = words.clients.page

interface KeyRow {
  id: string
  type: string
  algorithm: string
  use: string
}

/** The public keys and the certificate of a client. */
export function KeysTab({ client }: { client: Client }) {
  const mayWrite = useMay('clients:write')
  const { jwks, jwksUri, tlsClientAuth } = client
  const edit = mayWrite && client.state !== 'deleted' && (
    <LinkButton variant="default" href={pathsOf(client.environment).editKeys(client.id)}>
      {text.setKeys}
    </LinkButton>
  )
  if (jwks === null && jwksUri === null && tlsClientAuth === null)
    return <EmptyState title={text.noKeys} body={text.noKeysBody} action={edit} />
  return (
    <Stack gap="xl">
      {jwks !== null && (
        <Section title={text.keySet} action={edit}>
          <DataTable
            label={text.keySet}
            rows={keyRows(jwks)}
            keyOf={({ id }) => id}
            columns={[
              { key: 'id', title: text.keyId, show: ({ id }) => <span className="id">{id}</span> },
              { key: 'type', title: text.keyType, show: ({ type }) => type },
              { key: 'algorithm', title: text.keyAlgorithm, show: ({ algorithm }) => algorithm },
              { key: 'use', title: text.keyUse, show: ({ use }) => use },
            ]}
          />
        </Section>
      )}
      {jwksUri !== null && (
        <Section title={text.keySet} action={edit}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {text.publishedAt} <span className="id">{jwksUri}</span>
          </Text>
        </Section>
      )}
      {tlsClientAuth !== null && (
        <Section title={text.certificate} action={jwks === null && jwksUri === null && edit}>
          <Facts
            facts={[
              {
                name: words.clientEdit.certificateKinds[tlsClientAuth.kind],
                value: <span className="id">{tlsClientAuth.value}</span>,
              },
            ]}
          />
        </Section>
      )}
    </Stack>
  )
}

function keyRows(jwks: Record<string, unknown>): KeyRow[] {
  const keys = Array.isArray(jwks.keys) ? jwks.keys.filter(isRecord) : []
  const said = (value: unknown) => (typeof value === 'string' && value !== '' ? value : words.ui.none)
  return keys.map((key, index) => ({
    id: typeof key.kid === 'string' ? key.kid : `${index + 1}`,
    type: [key.kty, key.crv].filter((value) => typeof value === 'string').join(' '),
    algorithm: said(key.alg),
    use: said(key.use),
  }))
}
