import { useState } from 'react'
import { ApiProblem, api } from '../../api.ts'
import { Confirm } from '../../ui/confirm.tsx'
import * as words from '../../words/index.ts'

const text = words.operator.api

/** Takes a scope out of use. When clients have it, their number is said first, and it is asked once more. */
export function RetireScope({
  apiId,
  etag,
  scope,
  onClose,
  onRetired,
}: {
  apiId: string
  etag: string
  /** Undefined: nothing is asked. */
  scope: string | undefined
  onClose: () => void
  onRetired: () => Promise<unknown>
}) {
  const [isWarned, setWarned] = useState(false)
  const close = () => {
    setWarned(false)
    onClose()
  }
  const retire = async () => {
    try {
      await api.POST('/account/apis/{apiId}/scopes/{scope}/retire', {
        params: { path: { apiId, scope: scope ?? '' }, header: { 'if-match': etag } },
        body: { force: isWarned },
      })
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      const { clients, accounts } = error.members
      if (typeof clients !== 'number' || typeof accounts !== 'number') throw error
      setWarned(true)
      throw new ApiProblem(error.status, {
        title: text.retireHeldTitle,
        detail: text.retireHeld(clients, accounts),
      })
    }
    await onRetired()
  }
  return (
    <Confirm
      opened={scope !== undefined}
      onClose={close}
      title={text.retireTitle(scope ?? '')}
      action={text.retireSubmit}
      typed={scope}
      onConfirm={retire}
    >
      {text.retireBody}
    </Confirm>
  )
}
