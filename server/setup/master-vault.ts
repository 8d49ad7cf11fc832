import type { Config } from '../config.ts'
import type { Database } from '../database/tables.ts'
import { holdsWrappedKeys, localMasterKey, openVault, type Vault } from '../vault.ts'

/**
 * The vault by the settings, or by `data/master.key`.
 * @param mayCreate false for a command: only a server makes the first master key.
 */
export async function openMasterVault(config: Config, db: Database, mayCreate: boolean): Promise<Vault> {
  const masterKey =
    config.masterKey ?? localMasterKey(config.dataDir, mayCreate && !(await holdsWrappedKeys(db)))
  return openVault(masterKey, config.previousMasterKey)
}
