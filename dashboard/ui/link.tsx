// A link to an address of paths.ts: a real one, that opens in place without loading the dashboard again.
import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core'
import type { MouseEvent, ReactNode } from 'react'
import { useGo } from '../routing.ts'
import * as words from '../words/index.ts'

interface Target {
  /** Of paths.ts. */
  href: string
  children: ReactNode
}

/** What opens a link in place; a modifier key or another button keeps its meaning in the browser. */
export function useLinkProps(href: string, onGo?: () => void) {
  const go = useGo()
  return {
    href,
    onClick: (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0) return
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
      event.preventDefault()
      onGo?.()
      go(href)
    },
  }
}

export function Link({ href, children, ...props }: Target & AnchorProps & { 'aria-label'?: string }) {
  return (
    <Anchor {...props} {...useLinkProps(href)}>
      {children}
    </Anchor>
  )
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function LinkButton({ href, children, ...props }: Target & ButtonProps) {
  return (
    <Button component="a" {...props} {...useLinkProps(href)}>
      {children}
    </Button>
  )
}

/** A page outside of the dashboard: documentation, the reference. */
export function DocsLink({ href, children }: Target) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" title={words.ui.opensInNewTab}>
      {children}
    </Anchor>
  )
}
