// The command line as people run it: a process of its own, with a configuration folder of its own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const mainFile = join(import.meta.dirname, '../main.ts')

export interface Outcome {
  code: unknown
  output: string
  errors: string
}

export interface Cli {
  /** The home of its files. */
  folder: string
  /** Runs a command to its end. @param input what it finds on standard input. */
  run: (words: readonly string[], options?: RunOptions) => Promise<Outcome>
  /** Runs it, and hands each piece of its output on; ends it at the end. */
  start: (words: readonly string[], options?: RunOptions) => RunningCli
  remove: () => void
}

export interface RunOptions {
  env?: Record<string, string>
  input?: string
  cwd?: string
}

export interface RunningCli {
  /** Resolves with all that was written so far once it matches. */
  until: (pattern: RegExp) => Promise<string>
  /** Ends it; by default as Ctrl-C does. */
  interrupt: (signal?: 'SIGINT' | 'SIGTERM') => Promise<Outcome>
  ended: Promise<Outcome>
}

/** @param settings environment variables of every run. */
export function makeCli(settings: Record<string, string> = {}): Cli {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'))

  function launch(words: readonly string[], { env, input, cwd }: RunOptions) {
    const child = spawn(process.execPath, [mainFile, ...words], {
      env: {
        PATH: process.env.PATH,
        ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
        XDG_CONFIG_HOME: join(folder, 'config'),
        XDG_CACHE_HOME: join(folder, 'cache'),
        HOME: folder,
        ...settings,
        ...env,
      },
      cwd: cwd ?? folder,
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
    return child
  }

  return {
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    async run(words, options = {}) {
      const child = launch(words, options)
      const [output, errors, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ])
      return { code, output, errors }
    },
    start(words, options = {}) {
      const child = launch(words, options)
      let output = ''
      let errors = ''
      const waiting = new Set<() => void>()
      const heard = () => {
        for (const look of waiting) look()
      }
      child.stdout.setEncoding('utf8').on('data', (piece: string) => {
        output += piece
        heard()
      })
      child.stderr.setEncoding('utf8').on('data', (piece: string) => {
        errors += piece
        heard()
      })
      const ended = once(child, 'close').then(([code]) => ({ code, output, errors }))
      return {
        ended,
        until: (pattern) =>
          new Promise((resolve, reject) => {
            const look = () => {
              const all = errors + output
              if (!pattern.test(all)) return
              waiting.delete(look)
              resolve(all)
            }
            waiting.add(look)
            void ended.then((end) => reject(new Error(`It ended before: ${JSON.stringify(end)}`)))
            look()
          }),
        interrupt(signal = 'SIGINT') {
          child.kill(signal)
          return ended
        },
      }
    },
  }
}
