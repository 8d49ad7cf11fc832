/** Who changes something: an API client, a member of the account, a command of the operator, or Latchkey itself. */
export type ActorKind = 'client' | 'member' | 'command' | 'system'

/** Who changes something, and from where. */
export interface Actor {
  kind: ActorKind
  /** A client id, a member id, the name of the command or of the periodic work. */
  id: string
  /** The IP address of the request. */
  address: string | null
  requestId: string | null
}
