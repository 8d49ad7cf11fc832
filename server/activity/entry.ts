export type { ActivityEntry, Happening } from '../vocabulary/activity-entry.ts'
