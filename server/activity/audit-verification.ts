// Is the audit trail as it was written? Whoever changes a row breaks the chain from there on.
import { type AuditRow, chainHash, digestAddress } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import { findAuditEnd, readChain } from './audit-store.ts'

/** Each way in which a trail can be broken. */
const faults = {
  row_missing: 'This entry is missing.',
  row_changed: 'This entry was changed, or the one before it was.',
  address_changed: 'The address of this entry was changed: it does not fit its digest.',
  end_missing: 'This entry and those after it are missing: the trail was cut off here.',
  head_changed: 'The chain does not end as it is noted: this last entry or the note of the end was changed.',
  rows_after_end: 'There are entries after the noted end: they were put in, or the note was set back.',
  head_unknown:
    'No entry has the hash that you know: what was written before was replaced, or it is the trail of another Latchkey.',
} as const

export interface AuditFault {
  what: keyof typeof faults
  /** The number of the first entry that is broken; null: not one alone. */
  seq: number | null
  /** A sentence. */
  text: string
}

export interface AuditVerification {
  /** How many hold: with a fault, those before it. */
  entries: number
  /** The hash of the last of them: keep it elsewhere. */
  headHash: string
  fault: AuditFault | undefined
}

/**
 * Walks the whole chain in short steps, beside whatever is written meanwhile.
 * @param knownHead a head hash of an earlier time, kept where nobody who can write here can: it must still be in it.
 * @param onPage told now and then how many were walked.
 */
export async function verifyAudit(
  db: Database,
  knownHead?: string,
  onPage?: (entries: number, total: number) => void,
): Promise<AuditVerification> {
  const check = createChainCheck(knownHead)
  const end = await findAuditEnd(db)
  if (!end) return check.end(faultOf('head_changed', 0))
  for await (const rows of readChain(db, end.seq)) {
    for (const row of rows) {
      const fault = check.take(row)
      if (fault) return check.end(fault)
    }
    onPage?.(rows.at(-1)?.seq ?? 0, end.seq)
  }
  const { entries, headHash } = check.end()
  if (entries < end.seq) return check.end(faultOf('end_missing', entries + 1))
  if (headHash !== end.hash) return check.end(faultOf('head_changed', end.seq))
  const later = await findAuditEnd(db)
  if (later && later.lastRow > later.seq) return check.end(faultOf('rows_after_end', later.seq + 1))
  return check.end(check.knowsHead() ? undefined : faultOf('head_unknown', null))
}

/** The same of an exported chain. Its end can have been cut off: compare the head hash with one that you know. */
export async function verifyAuditRows(
  rows: AsyncIterable<AuditRow>,
  knownHead?: string,
): Promise<AuditVerification> {
  const check = createChainCheck(knownHead)
  for await (const row of rows) {
    const fault = check.take(row)
    if (fault) return check.end(fault)
  }
  return check.end(check.knowsHead() ? undefined : faultOf('head_unknown', null))
}

function createChainCheck(knownHead: string | undefined) {
  let seq = 0
  let hash = ''
  let knowsHead = knownHead === undefined
  return {
    /** Takes the next row. */
    take(row: AuditRow): AuditFault | undefined {
      if (row.seq > seq + 1) return faultOf('row_missing', seq + 1)
      if (row.seq !== seq + 1 || chainHash(hash, row) !== row.hash) return faultOf('row_changed', row.seq)
      if (!fitsDigest(row)) return faultOf('address_changed', row.seq)
      seq = row.seq
      hash = row.hash
      knowsHead ||= hash === knownHead
      return undefined
    },
    knowsHead: () => knowsHead,
    end: (fault?: AuditFault): AuditVerification => ({ entries: seq, headHash: hash, fault }),
  }
}

/** Cut (address and salt are gone), never there (then the digest is empty), or the one that the digest is of. */
function fitsDigest({ address, address_salt: salt, address_digest: digest }: AuditRow): boolean {
  if (address === null || salt === null) return address === null && salt === null
  return digest === digestAddress(salt, address)
}

function faultOf(what: keyof typeof faults, seq: number | null): AuditFault {
  return { what, seq, text: faults[what] }
}
