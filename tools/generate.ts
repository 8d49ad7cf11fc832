// `npm run generate`: writes the files that are made from the code. A test fails when one is stale.
import { writeFileSync } from 'node:fs'
import { generatedFiles } from './generated-files.ts'

for (const [file, text] of await generatedFiles()) {
  writeFileSync(file, text)
  process.stdout.write(`wrote ${file}\n`)
}
