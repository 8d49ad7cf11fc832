import { Alert, Badge, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import { useMay, useSession } from '../../session.ts'
import { CheckList } from '../../ui/check-list.tsx'
import { Facts } from '../../ui/facts.tsx'
import { Page, Section } from '../../ui/page.tsx'
import { ErrorState, LoadingState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { CopySection } from './copy-section.tsx'
import { RequestForm } from './request-form.tsx'

const text = words.production
const colors = { open: 'yellow', approved: 'latch', declined: 'red' } as const

/** Account → Go to production: what is missing, the request, and the copies. */
export function ProductionPage() {
  const { account } = useSession()
  const mayAsk = useMay('account:write')
  const query = useQuery({
    queryKey: ['production'],
    queryFn: () => read(api.GET('/account/production-checklist')),
  })
  if (query.isLoadingError)
    return (
      <Page title={text.title} lead={text.lead}>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      </Page>
    )
  if (query.isPending)
    return (
      <Page title={text.title} lead={text.lead}>
        <LoadingState />
      </Page>
    )
  const { items, request } = query.data
  // The session may be a minute old; the request says it as it is.
  const isApproved = account.production === 'approved' || request?.state === 'approved'
  const mustAsk = !isApproved && request?.state !== 'open'
  return (
    <Page title={text.title} lead={text.lead}>
      {isApproved && (
        <Alert color="latch" variant="outline" p="sm">
          {text.approved}
        </Alert>
      )}
      <Section
        title={text.checklist}
        lead={text.progress(items.filter(({ done }) => done).length, items.length)}
      >
        <CheckList items={items} />
      </Section>
      {request && (
        <Section title={text.requestTitle}>
          <Stack gap="sm">
            <div>
              <Badge variant="dot" color={colors[request.state]}>
                {text.states[request.state]}
              </Badge>
            </div>
            <Facts
              facts={[
                { name: text.company, value: request.company },
                { name: text.purpose, value: request.purpose },
                { name: text.asked, value: <Time iso={request.requestedAt} how="exact" /> },
                ...(request.decidedAt === null
                  ? []
                  : [{ name: text.decided, value: <Time iso={request.decidedAt} how="exact" /> }]),
                ...(request.note === null ? [] : [{ name: text.note, value: request.note }]),
              ]}
            />
            {request.state === 'declined' && <Text size="sm">{text.askAgain}</Text>}
          </Stack>
        </Section>
      )}
      {mustAsk && (
        <Section title={text.requestTitle} lead={text.requestLead}>
          <RequestForm denied={mayAsk ? undefined : words.ui.notAllowed(text.mayNot)} />
        </Section>
      )}
      <CopySection isApproved={isApproved} />
    </Page>
  )
}
