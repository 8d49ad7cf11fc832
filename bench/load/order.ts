/** One round of load, as the load process is told it. */
export interface LoadOrder {
  /** Origin and path. */
  url: string
  method: 'GET' | 'POST'
  /** Shared out over the connections; each connection goes round and round in its share. */
  requests: LoadRequest[]
  connections: number
  seconds: number
}

export interface LoadRequest {
  headers: Record<string, string>
  body?: string
}

/** What the load process saw. */
export interface LoadResult {
  /** Answers with 2xx. */
  answered: number
  /** Answers with another status, and connections that failed. */
  failed: number
  seconds: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Processor time of the load process as a share of one core: near 1 the load is the limit, not the server. */
  loadCore: number
}
