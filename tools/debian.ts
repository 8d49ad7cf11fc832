// Real components for tests come from Debian's packages, where this may install them.
import { spawnSync } from 'node:child_process'

let updated = false

export const isRoot = process.getuid?.() === 0

/** True when the command is there, installed just now if need be. Says so in one line. */
export function ensureCommand(command: string, debianPackage: string): boolean {
  if (has(command)) return true
  return install(debianPackage) && has(command)
}

/** True when Debian's Python has these modules, installed just now if need be. */
export function ensurePython(modules: readonly string[], debianPackages: readonly string[]): boolean {
  const hasModules = () => spawnSync('/usr/bin/python3', ['-c', `import ${modules.join(', ')}`]).status === 0
  return hasModules() || (debianPackages.every(install) && hasModules())
}

/** @returns false where only a person could install it. */
export function install(debianPackage: string): boolean {
  if (!isRoot || !has('apt-get')) return false
  process.stdout.write(`Latchkey: installing ${debianPackage} for the tests with apt-get (once)\n`)
  const run = (args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  if (!updated) updated = run(['update', '-q'])
  return run(['install', '-qy', '--no-install-recommends', debianPackage])
}

function has(command: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}
