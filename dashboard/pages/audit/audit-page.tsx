import { Button } from '@mantine/core'
import { api, read } from '../../api.ts'
import { Page } from '../../ui/page.tsx'
import { words } from '../../words/index.ts'
import { type AuditFilter, AuditList } from './audit-list.tsx'

/** Account → Audit. */
export function AuditPage() {
  const { title, lead } = words.audit
  const save = (
    <Button component="a" variant="default" href="/account/audit/export" download="latchkey-audit.jsonl">
      {words.audit.export}
    </Button>
  )
  return (
    <Page title={title} lead={lead} action={save}>
      <AuditList queryKey="audit" fetchPage={fetchPage} />
    </Page>
  )
}

function fetchPage({ accountId: _accountId, ...filter }: AuditFilter, cursor: string | undefined) {
  return read(api.GET('/account/audit', { params: { query: { ...filter, ...(cursor && { cursor }) } } }))
}
