// Who is signed in, and what he may do.
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { ApiProblem, api, queryClient, read } from './api.ts'

export type Session = Awaited<ReturnType<typeof fetchSession>>
export type Permission = Session['permissions'][number]

function fetchSession() {
  return read(api.GET('/account/session'))
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: fetchSession,
  staleTime: 60_000,
  // In another tab he may have signed out, or chosen another account.
  refetchOnWindowFocus: 'always',
  retry: false,
})

/** The session of whoever looks at this page; pages under an environment have one always. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data
}

/** Whether he may do this. */
export function useMay(permission: Permission): boolean {
  return useSession().permissions.includes(permission)
}

/** The session, or undefined when he is signed out. @throws {ApiProblem} when nothing is known. */
export async function findSession(): Promise<Session | undefined> {
  try {
    return await queryClient.ensureQueryData(sessionQuery)
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return undefined
    throw error
  }
}

/** After a sign-in or a change of the account: nothing of the one before is shown to the other. */
export async function startOver(): Promise<void> {
  queryClient.clear()
  await findSession()
}
