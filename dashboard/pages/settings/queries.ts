import { api, read } from '../../api.ts'

export const sessionsQuery = {
  queryKey: ['sessions'],
  queryFn: () => read(api.GET('/account/sessions')),
}
