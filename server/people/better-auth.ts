// better-auth, set up on our tables: passwords, sessions, second factors. It takes 69 MB and a second to load, so only
// sign-in.ts imports this file, when the first person comes.
import { betterAuth } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { deviceAuthorization } from 'better-auth/plugins/device-authorization'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { DialectName } from '../database/migration.ts'
import type { Database } from '../database/tables.ts'
import { type DeviceCodes, deviceProgram, deviceRules } from './device-codes.ts'

export interface BetterAuthOptions {
  db: Database
  dialect: DialectName
  /** Signs session cookies and encrypts second factors: shared by all nodes. */
  secret: string
  publicUrl: string
  /** The addresses from which the dashboard may be used. */
  origins: readonly string[]
  /** Makes the codes of sign-ins without a browser. */
  deviceCodes: DeviceCodes
}

/** How long a session lives. Its use makes it no longer: who works here signs in once a week. */
const sessionSeconds = 7 * 86_400

export function createBetterAuth(options: BetterAuthOptions) {
  return betterAuth({
    appName: 'Latchkey',
    baseURL: options.publicUrl,
    // No address of ours reaches its own handler: people/ calls it as functions.
    basePath: '/account/better-auth',
    secret: options.secret,
    trustedOrigins: [...options.origins],
    database: { db: options.db, type: options.dialect },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Counting is protection's.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'latchkey',
      useSecureCookies: options.publicUrl.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      // The address that the proxy settings found: sign-in.ts hands it in by this header alone.
      ipAddress: { ipAddressHeaders: ['latchkey-address'] },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 12,
      maxPasswordLength: 256,
      // Sign-up, reset and confirmation are ours, so that no answer tells whether an address exists.
      disableSignUp: true,
    },
    user: {
      modelName: 'person',
      fields: {
        emailVerified: 'email_verified',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      additionalFields: {
        claimedEmail: { type: 'string', required: false, fieldName: 'claimed_email', input: false },
      },
    },
    session: {
      modelName: 'person_session',
      expiresIn: sessionSeconds,
      disableSessionRefresh: true,
      // A password is asked for where it matters, however young the session is.
      freshAge: 0,
      fields: {
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'person_id',
      },
      additionalFields: {
        accountId: { type: 'string', required: false, fieldName: 'account_id', input: false },
      },
    },
    account: {
      modelName: 'person_credential',
      fields: {
        accountId: 'subject',
        providerId: 'provider',
        userId: 'person_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'person_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
      // A copy of the database opens no link.
      storeIdentifier: 'hashed',
    },
    hooks: {
      // The session that a device brings home is carried by a cookie, as every other.
      after: createAuthMiddleware(async (ctx) => {
        const { newSession } = ctx.context
        if (ctx.path === '/device/token' && newSession) await setSessionCookie(ctx, newSession)
      }),
    },
    plugins: [
      deviceAuthorization({
        expiresIn: `${deviceRules.lifetimeSeconds}s`,
        interval: `${deviceRules.intervalSeconds}s`,
        generateDeviceCode: options.deviceCodes.generateDeviceCode,
        generateUserCode: options.deviceCodes.generateUserCode,
        validateClient: (id) => id === deviceProgram.id,
        schema: {
          deviceCode: {
            modelName: 'person_device_code',
            fields: {
              deviceCode: 'device_code',
              userCode: 'user_code',
              userId: 'person_id',
              expiresAt: 'expires_at',
              lastPolledAt: 'last_polled_at',
              pollingInterval: 'polling_interval',
              clientId: 'client_id',
            },
          },
        },
      }),
      twoFactor({
        issuer: 'Latchkey',
        twoFactorTable: 'person_two_factor',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            fields: {
              backupCodes: 'backup_codes',
              userId: 'person_id',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
    ],
  })
}

export type BetterAuth = ReturnType<typeof createBetterAuth>
