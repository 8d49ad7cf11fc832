// Reads who imports whom; `import-rules.test.ts` says who may.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

export interface Import {
  /** The file that imports, from the root of the repository. */
  from: string
  /** A file of ours, from the root; or the name of a package, or `node:…`. */
  to: string
}

/** Source files of the parts, without tests and what only tests use. */
export function sourceFiles(): string[] {
  return globSync(['server', 'guard', 'client', 'cli', 'dashboard'].map((part) => `${part}/**/*.{ts,tsx}`))
    .filter(
      (file) =>
        !file.includes('node_modules') &&
        !/\.test\.ts$|\/testing\/|\/e2e\/|\/dist\/|openapi-types|account-types/.test(file),
    )
    .sort()
}

export function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"\n]*(?:\{[^}]*\}[^'"\n]*)?from\s*'([^']+)'|(?:^|[^\w.])import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g,
  )
  return [...found].map((match) => {
    const target = match[1] ?? match[2] ?? match[3] ?? ''
    return {
      from: file,
      to: target.startsWith('.') ? normalize(join(dirname(file), target)) : packageName(target),
    }
  })
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}
