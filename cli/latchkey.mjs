#!/usr/bin/env node
// `npx --no-install latchkey`: whatever Node runs this, the project's own runs the command.
process.argv.splice(2, 0, 'latchkey')
await import('../tools/setup.mjs')
