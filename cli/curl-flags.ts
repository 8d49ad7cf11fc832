// Which flags of curl may stand beside an access token. A list of what is allowed, not of what is not: curl has some 270
// flags, many of which name a further address, another file of flags, or a place where the headers are written to.

/** Flags that take a value: the next word, or after a short one the rest of its own. */
const withValue: readonly string[] = [
  ...['-X', '--request', '-d', '--data', '--data-ascii', '--data-raw', '--data-binary', '--data-urlencode'],
  ...[
    '--json',
    '-H',
    '--header',
    '-A',
    '--user-agent',
    '-F',
    '--form',
    '--form-string',
    '-T',
    '--upload-file',
  ],
  ...['-o', '--output', '--output-dir', '-w', '--write-out', '-r', '--range', '--max-filesize'],
  ...['-m', '--max-time', '--connect-timeout', '--limit-rate', '--max-redirs'],
  ...['--retry', '--retry-delay', '--retry-max-time', '--cacert', '--capath', '-E', '--cert', '--key'],
]

const alone: readonly string[] = [
  ...['-s', '--silent', '-S', '--show-error', '-f', '--fail', '--fail-with-body', '-#', '--progress-bar'],
  ...[
    '-i',
    '--include',
    '-I',
    '--head',
    '-G',
    '--get',
    '-L',
    '--location',
    '--compressed',
    '-N',
    '--no-buffer',
  ],
  ...['-g', '--globoff', '-4', '--ipv4', '-6', '--ipv6', '-O', '--remote-name'],
  ...[
    '-0',
    '--http1.0',
    '--http1.1',
    '--http2',
    '--create-dirs',
    '--path-as-is',
    '--raw',
    '--no-progress-meter',
  ],
  ...['--retry-connrefused', '--retry-all-errors'],
]

/**
 * Reads the words as curl does.
 * @returns the first that may not be there, whole; undefined: all may.
 */
export function findForeignFlag(words: readonly string[]): string | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const wants = word.startsWith('--') ? wantsValue(word) : shortWantsValue(word)
    if (wants === undefined) return word
    // A value may look like a flag or an address: it is neither.
    if (wants) index += 1
  }
  return undefined
}

/** @returns undefined for what is not allowed: abbreviations of a flag, too. */
function wantsValue(flag: string): boolean | undefined {
  if (withValue.includes(flag)) return true
  return alone.includes(flag) ? false : undefined
}

/** `-sSo file`: several in one word, of which the last may have its value in it or behind it. */
function shortWantsValue(word: string): boolean | undefined {
  if (!word.startsWith('-') || word.length < 2) return undefined
  for (let at = 1; at < word.length; at += 1) {
    const wants = wantsValue(`-${word[at]}`)
    if (wants === undefined) return undefined
    if (wants) return at === word.length - 1
  }
  return false
}
