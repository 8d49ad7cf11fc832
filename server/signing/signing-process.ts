// A process that holds private keys and signs for a server on the same machine, over a Unix socket.
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { readFrames, writeFrame } from './frames.ts'
import { type KeyFolder, openKeyFolder, SigningProcessError } from './key-folder.ts'
import { compileRequestCheck, type SigningAnswer, type SigningRequest } from './messages.ts'

/**
 * Answers on a socket that only the same user can reach (mode 0600).
 * @throws {SigningProcessError} when another process answers there.
 */
export async function serveKeys(socketPath: string, folder: string): Promise<Server> {
  const keys = openKeyFolder(folder)
  const isRequest = compileRequestCheck()
  const server = createServer((socket) => {
    // Whoever hangs up in the middle ends his connection, not the process.
    socket.on('error', () => socket.destroy())
    readFrames(socket, (message) => {
      if (!isRequest(message)) throw new Error('no request of ours')
      perform(message, keys)
        .catch((error: unknown) => ({ error: error instanceof Error ? error.message : 'a fault' }))
        .then((answer) => socket.writable && writeFrame(socket, { ...answer, number: message.number }))
        .catch(() => socket.destroy())
    })
  })
  await removeStale(socketPath)
  await listen(server, socketPath)
  return server
}

async function perform(request: SigningRequest, keys: KeyFolder): Promise<Omit<SigningAnswer, 'number'>> {
  if (request.do === 'list') return { keys: keys.list() }
  if (request.do === 'generate') return { publicJwk: await keys.generate(request.keyId, request.algorithm) }
  return { signature: (await keys.sign(request.keyId, request.input)).toString('base64url') }
}

/** A socket that a process left behind when it was killed: nobody answers, so its name is free. */
async function removeStale(socketPath: string): Promise<void> {
  const code = await new Promise<string>((resolve) => {
    const probe = connect(socketPath, () => {
      probe.destroy()
      resolve('')
    })
    probe.on('error', (error) => resolve('code' in error ? String(error.code) : 'unknown'))
  })
  if (code === '') throw new SigningProcessError(`Another process answers at ${socketPath}. Stop it first.`)
  if (code === 'ECONNREFUSED') rmSync(socketPath)
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = 'code' in error ? String(error.code) : error.message
      reject(new SigningProcessError(`Nothing can listen at ${socketPath} (${code}).`))
    })
    // From the first moment: a mode that is set afterwards leaves a gap.
    const mask = process.umask(0o177)
    server.listen(socketPath, () => resolve())
    process.umask(mask)
  })
}
