/**
 * A text that repeats what was typed, without what looks like a secret or a token. Nothing of the kind belongs on a
 * command line, and who types it there all the same should not find it in the log of a build as well.
 */
export function maskSecrets(text: string): string {
  return text.replace(
    /lk_(?:test|prod)_[\w-]+|eyJ[\w.-]+|(?<=--[\w-]*(?:secret|token|password)[\w-]*=)[^\s']+/g,
    '****',
  )
}
