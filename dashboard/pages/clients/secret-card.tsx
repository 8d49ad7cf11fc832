import { Badge, Button, Group, Paper, Text } from '@mantine/core'
import { Facts } from '../../ui/facts.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import type { Secret } from './queries.ts'

const text = words.secrets
const colors = { alive: 'latch', expires_soon: 'yellow', expired: 'gray', revoked: 'gray' } as const

/** A secret: what tells it apart, when it ends, and whether anything still uses it. */
export function SecretCard({
  secret,
  onChange,
  onRevoke,
}: {
  secret: Secret
  onChange?: () => void
  onRevoke?: () => void
}) {
  const isAlive = secret.state === 'alive' || secret.state === 'expires_soon'
  return (
    <Paper withBorder p="md" component="section" aria-label={secret.name}>
      <Group justify="space-between" gap="sm" mb="xs">
        <Group gap="sm">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {secret.name}
          </Text>
          <span className="id">{secret.hint}</span>
          <Badge variant="dot" color={colors[secret.state]}>
            {text.states[secret.state]}
          </Badge>
        </Group>
        <Group gap="xs">
          {onChange && (
            <Button size="xs" variant="default" onClick={onChange} aria-label={text.changeOf(secret.name)}>
              {text.change}
            </Button>
          )}
          {onRevoke && (
            <Button
              size="xs"
              variant="outline"
              color="red"
              onClick={onRevoke}
              aria-label={text.revokeOf(secret.name)}
            >
              {text.revoke}
            </Button>
          )}
        </Group>
      </Group>
      <Verdict secret={secret} isAlive={isAlive} />
      <Facts
        facts={[
          { name: text.created, value: <Time iso={secret.createdAt} how="exact" /> },
          {
            name: text.expires,
            value:
              secret.expiresAt === null ? text.neverExpires : <Time iso={secret.expiresAt} how="exact" />,
          },
          { name: text.lastUsed, value: <LastUse secret={secret} /> },
          ...(secret.usesLastHour === null || secret.usesLastDay === null
            ? []
            : [{ name: text.uses, value: text.usesOf(secret.usesLastHour, secret.usesLastDay) }]),
        ]}
      />
    </Paper>
  )
}

/** Whether a caller would notice its end. */
function Verdict({ secret, isAlive }: { secret: Secret; isAlive: boolean }) {
  const { verdict, whyNotSafe, safeToRevoke } = secret
  if (!isAlive || safeToRevoke)
    return (
      <Text size="sm" mb="xs" {...(isAlive && { fw: 600 })}>
        {verdict}
      </Text>
    )
  return (
    <Text size="sm" mb="xs">
      <Text span fw={600}>
        {text.notSafe}
      </Text>{' '}
      {verdict} {whyNotSafe !== null && !verdict.includes(whyNotSafe) && whyNotSafe}
    </Text>
  )
}

function LastUse({ secret }: { secret: Secret }) {
  if (secret.lastUsedAt === null) return text.neverUsed
  return (
    <>
      <Time iso={secret.lastUsedAt} /> {secret.lastUsedFrom !== null && text.from(secret.lastUsedFrom)}{' '}
      {secret.lastUsedBy !== null && text.by(secret.lastUsedBy)}
    </>
  )
}
