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

/** Latchkey itself. @param work which work of its own it is, e.g. `signing_key_rotation`. */
export function systemActor(work: string): Actor {
  return { kind: 'system', id: work, address: null, requestId: null }
}

/** Whoever may start the program with its settings. @param words the command, e.g. `keys rotate`. */
export function commandActor(words: string): Actor {
  return { kind: 'command', id: words, address: null, requestId: null }
}
