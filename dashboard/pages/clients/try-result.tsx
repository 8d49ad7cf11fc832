import { SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { CodeBlock } from '../../ui/copy.tsx'
import * as words from '../../words/index.ts'
import { scriptCurl, sdkCode } from './secret-texts.ts'
import type { TryRun } from './try-run.ts'
import type { Exchange } from './wire.ts'

const text = words.tryIt
const views = ['wire', 'curl', 'sdk'] as const
type View = (typeof views)[number]

/** What was sent and answered, and the same for a program. */
export function TryResult({ run, clientId }: { run: TryRun; clientId: string }) {
  const [view, setView] = useState<View>('wire')
  return (
    <Stack gap="sm">
      <SegmentedControl<View>
        aria-label={text.views}
        size="xs"
        style={{ alignSelf: 'flex-start' }}
        value={view}
        onChange={setView}
        data={views.map((value) => ({ value, label: text[value] }))}
      />
      {view === 'wire' && (
        <>
          {run.token && <Wire title={text.tokenRequest} exchange={run.token} />}
          {run.call && <Wire title={text.apiCall} exchange={run.call} />}
        </>
      )}
      {view === 'curl' && <CodeBlock code={scriptCurl(clientId, run.scope, run.path)} what={text.curl} />}
      {view === 'sdk' && <CodeBlock code={sdkCode(clientId, run.scope, run.path)} what={text.sdk} />}
    </Stack>
  )
}

function Wire({ title, exchange }: { title: string; exchange: Exchange }) {
  return (
    <Stack gap={4} component="section" aria-label={title}>
      <Title order={3} size="h6">
        {title}
      </Title>
      <CodeBlock code={exchange.request} what={`${title}: ${text.request}`} />
      <Text size="sm" c="dimmed">
        {text.answer}
        {' · '}
        {exchange.status}
        {' · '}
        {text.took(exchange.durationMs)}
      </Text>
      <CodeBlock code={exchange.answer} what={`${title}: ${text.answer}`} />
    </Stack>
  )
}
