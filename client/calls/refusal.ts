import { InsufficientScopeError, TokenRefusedError } from '../errors.ts'
import { cleanText, member, parseJson, textMember } from '../text/members.ts'
import { challengeParameter } from './challenge.ts'

/** The typed error of a refused call; undefined when the answer is none of the guard's refusals. */
export async function refusalOf(
  response: Response,
  clientId: string,
): Promise<InsufficientScopeError | TokenRefusedError | undefined> {
  const { status, headers } = response
  if (status !== 401 && status !== 403) return undefined
  const challenge = headers.get('www-authenticate')
  const problem = parseJson(await readCopy(response))
  const detail = textMember(problem, 'detail')
  const requestId = cleanText(headers.get('request-id') ?? '') || textMember(problem, 'requestId')
  if (status === 401) return new TokenRefusedError({ detail: detail ?? 'It does not say why.', requestId })
  if (challengeParameter(challenge, 'error') !== 'insufficient_scope') return undefined
  const required = textMember(problem, 'required') ?? challengeParameter(challenge, 'scope') ?? ''
  const fixUrl = textMember(problem, 'fixUrl')
  return new InsufficientScopeError({
    detail: detail ?? `This call needs ${required || 'another scope'}.`,
    required: required.split(' ').filter((scope) => scope !== ''),
    granted: readGranted(problem),
    clientId,
    environment: environmentOf(fixUrl, clientId),
    requestId,
    fixUrl,
  })
}

/** The body stays readable for the caller; one that was read already tells us nothing. */
async function readCopy(response: Response): Promise<string> {
  return response.bodyUsed || response.body?.locked ? '' : response.clone().text()
}

function readGranted(problem: unknown): string[] {
  const granted = member(problem, 'granted')
  return Array.isArray(granted)
    ? granted.filter((scope) => typeof scope === 'string').map((scope) => cleanText(scope))
    : []
}

/** The link to the dashboard begins with the environment; most client ids do too. */
function environmentOf(fixUrl: string | undefined, clientId: string): 'test' | 'production' | undefined {
  const inLink = fixUrl && URL.canParse(fixUrl) ? new URL(fixUrl).pathname.split('/')[1] : undefined
  if (inLink === 'test' || inLink === 'production') return inLink
  if (clientId.startsWith('test-')) return 'test'
  return clientId.startsWith('prod-') ? 'production' : undefined
}
