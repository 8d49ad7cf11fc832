import { api, queryClient, read } from '../../api.ts'

export const membersQuery = {
  queryKey: ['members'],
  queryFn: () => read(api.GET('/account/members')),
}

export const invitationsQuery = {
  queryKey: ['invitations'],
  queryFn: () => read(api.GET('/account/invitations')),
}

export type Member = Awaited<ReturnType<typeof membersQuery.queryFn>>['items'][number]
export type Invitation = Awaited<ReturnType<typeof invitationsQuery.queryFn>>['items'][number]

export const roles = ['owner', 'developer', 'viewer'] as const
export type Role = (typeof roles)[number]

export function isRole(text: string | null): text is Role {
  return roles.some((role) => role === text)
}

export async function refresh(): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries(membersQuery),
    queryClient.invalidateQueries(invitationsQuery),
  ])
}
