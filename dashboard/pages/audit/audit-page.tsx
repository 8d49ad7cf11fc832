import { Button } from '@mantine/core'
import { api, read } from '../../api.ts'
import { type Search, useSearch } from '../../routing.ts'
import { Page } from '../../ui/page.tsx'
import { periodOf, timeWishOf } from '../../ui/time-filter.tsx'
import * as words from '../../words/index.ts'
import { type AuditFilter, AuditList } from './audit-list.tsx'

const text = words.audit

/** Account → Audit: who changed what, in both environments. */
export function AuditPage() {
  const [search] = useSearch()
  return (
    <Page
      title={text.title}
      lead={text.lead}
      action={
        <Button component="a" variant="default" href={exportHref(search)} download>
          {text.export}
        </Button>
      }
    >
      <AuditList queryKey="audit" fetchPage={fetchPage} />
    </Page>
  )
}

function fetchPage({ accountId: _own, ...filter }: AuditFilter, cursor: string | undefined) {
  return read(
    api.GET('/account/audit', { params: { query: { ...filter, ...(cursor !== undefined && { cursor }) } } }),
  )
}

/** Of the time that is looked at; of all objects and people, so that nothing is missing in it. */
function exportHref(search: Search): string {
  const period = new URLSearchParams(periodOf(timeWishOf(search), Date.now()))
  return period.size === 0 ? '/account/audit/export' : `/account/audit/export?${period}`
}
