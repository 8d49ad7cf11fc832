import type { ActivityStore } from '../activity/activity-store.ts'
import type { SecretActivity } from '../clients/secret-routes.ts'

/** What the activity knows of the uses of secrets. */
export function secretActivity(store: Pick<ActivityStore, 'secretUse' | 'page'>): SecretActivity {
  return {
    countUses: store.secretUse,
    async findLatestUse(of, clientId, secretId) {
      const filter = { of, kind: 'token_request', clientId, secretId } as const
      const [latest] = await store.page(filter, { limit: 1, belowId: undefined })
      return latest
    },
  }
}
