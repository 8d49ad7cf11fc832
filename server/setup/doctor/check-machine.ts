import { statfsSync, statSync } from 'node:fs'
import { type Check, failure, ok, warning } from './finding.ts'

const megabyte = 1024 * 1024
const least = 256 * megabyte
const little = 1024 * megabyte

/** Documents lie in the data folder whatever the database is. */
export const checkDisk: Check = async ({ config: { dataDir } }) => {
  const folder = statSync(dataDir, { throwIfNoEntry: false })
  if (!folder?.isDirectory())
    return [warning('disk', `There is no folder ${dataDir} yet.`, 'The first start makes it.')]
  const { bavail, bsize, blocks } = statfsSync(dataDir)
  const free = bavail * bsize
  const text = `${Math.round(free / megabyte)} MB are free for ${dataDir}, ${Math.round((100 * bavail) / blocks)} % of the disk.`
  const room =
    'Make room, or move LATCHKEY_DATA_DIR. When the disk is full nothing is taken any more, and nothing is lost.'
  const disk =
    free < least
      ? failure('disk', text, room)
      : free < little
        ? warning('disk', text, room)
        : ok('disk', text)
  const isOpen = (folder.mode & 0o077) !== 0
  const opened = warning(
    'data folder',
    `Others on this machine can look into ${dataDir}.`,
    `chmod 700 ${dataDir}`,
  )
  return isOpen ? [disk, opened] : [disk]
}
