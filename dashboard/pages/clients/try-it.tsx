import { Alert, Button, NativeSelect, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiProblem, isRecord } from '../../api.ts'
import { type Environment, pathsOf } from '../../paths.ts'
import { announce } from '../../ui/announce.tsx'
import { Link } from '../../ui/link.tsx'
import { ErrorState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { builtInApisQuery, scopesQuery } from './queries.ts'
import { TryResult } from './try-result.tsx'
import { runTry, type TryRun } from './try-run.ts'
import { type TryableCall, tryableCalls } from './tryable-calls.ts'

const text = words.tryIt

export interface TryItProps {
  environment: Environment
  clientId: string
  /** Those of the client. */
  scopes: readonly string[]
  /** While it is known: the browser uses it itself. Undefined: the server makes a token of 60 seconds (test alone). */
  secret?: string | undefined
  /** The call that is tried first, by its scope. */
  preferredScope?: string | undefined
  /** Told of each call that was answered 200. */
  onSuccess?: () => void
}

/** A token and a call with it, made in the browser and shown as they went over the wire. */
export function TryIt({ environment, clientId, scopes, secret, preferredScope, onSuccess }: TryItProps) {
  const catalogue = useQuery(scopesQuery(environment))
  const builtIn = useQuery(builtInApisQuery)
  const [chosen, setChosen] = useState<string>()
  const calls = tryableCalls(scopes, catalogue.data ?? [], builtIn.data ?? new Set())
  const call =
    calls.find((candidate) => keyOf(candidate) === chosen) ??
    calls.find(({ scope }) => scope === preferredScope) ??
    calls[0]
  const run = useMutation({
    // What was granted is not kept longer than it is shown.
    gcTime: 0,
    mutationFn: () => runTry({ clientId, secret, scopes, call }),
    onSuccess: (result) => {
      announce(outcomeOf(result).text)
      if (outcomeOf(result).isGood) onSuccess?.()
    },
  })
  if (scopes.length === 0)
    return (
      <Text size="sm">
        {text.noScopes} <Link href={pathsOf(environment).chooseScopes(clientId)}>{text.chooseScopes}</Link>
      </Text>
    )
  const isKnown = catalogue.isSuccess && builtIn.isSuccess
  const hasNoCall = isKnown && call === undefined
  return (
    <Stack gap="sm" align="stretch">
      <Text size="sm" c="dimmed">
        {secret === undefined ? text.mintedLead : text.secretLead}
      </Text>
      {hasNoCall && <Text size="sm">{secret === undefined ? text.noCallMinted : text.noCall}</Text>}
      {calls.length > 1 && (
        <NativeSelect
          label={text.call}
          maw={420}
          value={call ? keyOf(call) : ''}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={calls.map((candidate) => ({
            value: keyOf(candidate),
            label: `GET ${candidate.path} (${candidate.scope})`,
          }))}
        />
      )}
      {!(hasNoCall && secret === undefined) && (
        <div>
          <Button
            variant="default"
            loading={run.isPending || catalogue.isPending || builtIn.isPending}
            onClick={() => run.mutate()}
          >
            {run.data ? text.again : secret === undefined ? text.send : text.run}
          </Button>
        </div>
      )}
      {run.isError && <Failure error={run.error} />}
      {run.data && (
        <>
          <Outcome run={run.data} environment={environment} clientId={clientId} />
          <TryResult run={run.data} clientId={clientId} />
        </>
      )}
    </Stack>
  )
}

function keyOf({ scope, path }: TryableCall): string {
  return `${scope} ${path}`
}

function Failure({ error }: { error: unknown }) {
  if (error instanceof ApiProblem) return <ErrorState error={error} />
  return (
    <Alert color="red" variant="outline" role="alert">
      {text.unreachable}
    </Alert>
  )
}

/** The last thing that was answered, in a sentence. */
function outcomeOf({ token, call, path, scope }: TryRun): { isGood: boolean; text: string } {
  if (call) {
    const operation = `GET ${path}`
    const isGood = call.status === 200
    return {
      isGood,
      text: isGood ? text.succeeded(operation, call.durationMs) : text.refused(operation, call.status),
    }
  }
  if (!token) return { isGood: true, text: text.minted(scope) }
  const isGood = token.status === 200
  return {
    isGood: false,
    text: isGood ? text.gotToken(token.durationMs) : text.refused(text.tokenRequest, token.status),
  }
}

function Outcome({
  run,
  environment,
  clientId,
}: {
  run: TryRun
  environment: Environment
  clientId: string
}) {
  const last = run.call ?? run.token
  const isRefused = last !== undefined && last.status >= 400
  const body = isRecord(last?.body) ? last.body : {}
  const why = [body.detail, body.error_description].find((value) => typeof value === 'string')
  const { logEntry, editClient } = pathsOf(environment)
  return (
    <Alert color={isRefused ? 'red' : 'latch'} variant="outline" p="sm" title={outcomeOf(run).text}>
      {typeof why === 'string' && <Text size="sm">{why}</Text>}
      {isRefused && typeof body.fixUrl === 'string' && (
        <Text size="sm">
          <Link href={editClient(clientId, run.scope)}>{text.mend}</Link>
        </Text>
      )}
      {last?.requestId && (
        <Text size="sm">
          <Link href={logEntry(last.requestId)}>{text.inLogs}</Link>
        </Text>
      )}
    </Alert>
  )
}
