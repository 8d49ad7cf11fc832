import { Text } from '@mantine/core'
import { api, read } from '../../api.ts'
import { announce } from '../../ui/announce.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import * as words from '../../words/index.ts'
import { effectText } from './effect.ts'
import { type Client, clientChanged, type Secret } from './queries.ts'

const text = words.secrets

/** Ends a secret: says first who still uses it. */
export function RevokeSecret({
  client,
  secret,
  onClose,
  onRevoked,
}: {
  client: Client
  secret: Secret
  onClose: () => void
  /** Told what happened, and where it is in effect. */
  onRevoked: (notice: string) => void
}) {
  const { environment, id: clientId } = client
  const revoke = async () => {
    const ended = await read(
      api.POST('/account/{environment}/api-clients/{clientId}/secrets/{secretId}/revoke', {
        params: { path: { environment, clientId, secretId: secret.id } },
      }),
    )
    await clientChanged(environment, clientId)
    const notice = [text.revoked(secret.name), effectText(ended.effectiveOn), ...ended.warnings].join(' ')
    announce(notice)
    onRevoked(notice)
  }
  return (
    <Confirm
      opened
      onClose={onClose}
      title={text.revokeTitle(secret.name, secret.hint)}
      action={text.revokeAction}
      onConfirm={revoke}
    >
      <Text size="sm" fw={600}>
        {secret.safeToRevoke ? '' : `${text.notSafe} `}
        {secret.verdict}
      </Text>
      <Text size="sm" mt="xs">
        {text.revokeBody}
      </Text>
    </Confirm>
  )
}
