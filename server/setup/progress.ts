/** From when on work is long, and how often it says how far it is. */
const firstMs = 2000
const everyMs = 3000

/**
 * Says on standard error how far long work is; of short work nothing.
 * @param nowMs a clock that goes on.
 */
export function createProgress(
  what: string,
  write: (text: string) => void = (text) => process.stderr.write(text),
  nowMs: () => number = () => performance.now(),
): (done: number, total?: number) => void {
  let nextMs = nowMs() + firstMs
  return (done, total) => {
    if (nowMs() < nextMs) return
    nextMs = nowMs() + everyMs
    write(total === undefined ? `${done} ${what} so far\n` : `${done} of ${total} ${what}\n`)
  }
}
