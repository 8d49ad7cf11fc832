import { identificationApi } from '../identification/api.ts'
import { notificationApi } from '../notification/api.ts'
import { signatureApi } from '../signature/api.ts'
import type { ApiDefinition } from '../vocabulary/api-definition.ts'

/** The APIs that come with this program; those of others are registered. */
export const builtInApis: readonly ApiDefinition[] = [signatureApi, notificationApi, identificationApi]
