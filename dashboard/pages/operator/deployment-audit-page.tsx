import { Alert, Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { ErrorState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { type AuditFilter, AuditList } from '../audit/audit-list.tsx'
import { OperatorPage, useOperates } from './operator-page.tsx'

const text = words.operator.audit

/** Operator → Audit: the trail of all accounts, and whether it is as it was written. */
export function DeploymentAuditPage() {
  const operates = useOperates()
  const verify = useMutation({
    mutationFn: () => read(api.GET('/account/deployment/audit/verification')),
  })
  const result = verify.data
  const isBroken = result !== undefined && result.brokenAt !== null
  return (
    <OperatorPage
      title={text.title}
      lead={text.lead}
      action={
        <Group gap="sm">
          <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
            {text.verify}
          </Button>
          <Button
            component="a"
            variant="default"
            href="/account/deployment/audit/export"
            download="latchkey-audit.jsonl"
          >
            {words.audit.export}
          </Button>
        </Group>
      }
    >
      {verify.isPending && (
        <Text size="sm" role="status">
          {text.verifying}
        </Text>
      )}
      {verify.isError && <ErrorState error={verify.error} />}
      {result && (
        <Alert
          color={isBroken ? 'red' : 'latch'}
          variant="outline"
          role="status"
          style={{ overflowWrap: 'anywhere' }}
        >
          {result.brokenAt === null
            ? text.holds(result.entries, result.headHash)
            : text.broken(result.brokenAt, result.problem ?? '')}
        </Alert>
      )}
      {operates && <AuditList queryKey="deployment-audit" fetchPage={fetchPage} ofDeployment />}
    </OperatorPage>
  )
}

function fetchPage(filter: AuditFilter, cursor: string | undefined) {
  return read(
    api.GET('/account/deployment/audit', { params: { query: { ...filter, ...(cursor && { cursor }) } } }),
  )
}
