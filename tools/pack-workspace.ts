import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'

/**
 * `npm pack` of one workspace.
 * @param root the repository, or a copy of it.
 * @param folder where the archive goes.
 * @returns the path of the archive.
 */
export function packWorkspace(root: string, workspace: string, folder: string): string {
  const words = ['pack', '-w', workspace, '--json', '--pack-destination']
  const { stdout, stderr, status } = spawnSync('npm', [...words, resolve(folder)], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`${workspace} could not be packed: ${stdout}${stderr}`)
  const file = /"filename": "([^"]+)"/.exec(stdout)?.[1]
  if (file === undefined) throw new Error(`npm does not say what it packed: ${stdout}`)
  return join(folder, file)
}
