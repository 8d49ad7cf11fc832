// The codes of a sign-in on a device without a browser (RFC 8628). better-auth stores what it is told to: digests.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHmac, randomBytes } from 'node:crypto'
import { makeToken } from './one-time-link.ts'

/** How long a code works, and how often a device may ask (RFC 8628 §3.2). */
export const deviceRules = { lifetimeSeconds: 600, intervalSeconds: 5 } as const

/** The only program that asks. It is not what it says of itself: nobody else's name is ever shown. */
export const deviceProgram = { id: 'latchkey-cli', name: 'latchkey command line' } as const

/** What better-auth asks for when it needs a new code. */
export interface DeviceCodes {
  generateDeviceCode: () => string
  generateUserCode: () => string
}

/** What the asker is told, once. */
export interface NewCodes {
  deviceCode: string
  /** As it is read and typed: `WDJB-MJHT`. */
  userCode: string
}

export interface CodeMaker extends DeviceCodes {
  /** Runs a request for codes. @returns what was made of them, which nobody else knows from now on. */
  collect: (request: () => Promise<unknown>) => Promise<NewCodes>
  /** What a device's code is stored as. */
  deviceDigest: (deviceCode: string) => string
  /** What a typed code is stored as, however it was typed. */
  userDigest: (userCode: string) => string
}

// RFC 8628 §6.1: no vowels, so that no words come out, and nothing that looks like a digit. 20^8 codes.
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
const length = 8

/** @param secret without it a stored digest cannot be turned back by trying all codes. */
export function createCodeMaker(secret: string): CodeMaker {
  const making = new AsyncLocalStorage<Partial<NewCodes>>()
  const digest = (text: string) =>
    createHmac('sha256', secret).update(`device sign-in ${text}`).digest('base64url')
  const note = (codes: Partial<NewCodes>) => {
    const store = making.getStore()
    if (!store) throw new Error('Codes are made for a request alone.')
    Object.assign(store, codes)
  }
  const userDigest = (userCode: string) => digest(userCode.toUpperCase().replace(/[^A-Z]/g, ''))
  return {
    deviceDigest: digest,
    userDigest,
    generateDeviceCode() {
      const deviceCode = makeToken()
      note({ deviceCode })
      return digest(deviceCode)
    },
    generateUserCode() {
      const text = randomLetters()
      const userCode = `${text.slice(0, 4)}-${text.slice(4)}`
      note({ userCode })
      return userDigest(userCode)
    },
    async collect(request) {
      const codes: Partial<NewCodes> = {}
      await making.run(codes, request)
      const { deviceCode, userCode } = codes
      if (!deviceCode || !userCode) throw new Error('No codes were made.')
      return { deviceCode, userCode }
    },
  }
}

function randomLetters(): string {
  let text = ''
  // 20 does not divide 256: values from 240 on would make some letters likelier, so they are drawn again.
  while (text.length < length)
    for (const byte of randomBytes(length))
      if (byte < 240 && text.length < length) text += letters[byte % letters.length]
  return text
}
