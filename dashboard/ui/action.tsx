// A button that may be disabled, and then says why: to the eye on hover and focus, to a reader aloud.
import { Button, type ButtonProps, Tooltip } from '@mantine/core'
import { type ReactNode, useId } from 'react'

export interface ActionProps extends ButtonProps {
  children: ReactNode
  onClick: () => void
  /** Why it cannot be pressed now; undefined: it can. */
  reason?: string | undefined
  type?: 'button' | 'submit'
}

export function Action({ reason, onClick, children, ...props }: ActionProps) {
  const id = useId()
  if (reason === undefined)
    return (
      <Button {...props} onClick={onClick}>
        {children}
      </Button>
    )
  return (
    <>
      <Tooltip label={reason} multiline maw={320}>
        {/* It stays in the order of the keyboard: who comes to it hears why. */}
        <Button {...props} data-disabled aria-disabled aria-describedby={id} onClick={stop} type="button">
          {children}
        </Button>
      </Tooltip>
      <span id={id} className="only-read-aloud">
        {reason}
      </span>
    </>
  )
}

function stop(event: { preventDefault: () => void }): void {
  event.preventDefault()
}
