// Copying: said aloud, focus stays, and a browser that refuses gets the text selected instead.
import { ActionIcon, Button, Code, Group, Tooltip } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import * as words from '../words/index.ts'
import { announce } from './announce.tsx'
import { CheckIcon, CopyIcon } from './icons.tsx'

/** Copies a text. @returns whether it was copied just now, and what copies it. */
export function useCopy(text: string, select?: () => void): [boolean, () => void] {
  const [copied, setCopied] = useState(false)
  const timer = useRef<number>(undefined)
  useEffect(() => () => window.clearTimeout(timer.current), [])
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true)
        announce(words.ui.copied)
        window.clearTimeout(timer.current)
        timer.current = window.setTimeout(() => setCopied(false), 2000)
      },
      () => {
        select?.()
        announce(words.ui.copyFailed)
      },
    )
  }
  return [copied, copy]
}

/** A button with words. @param onCopy told when it was pressed. */
export function CopyButton({
  text,
  children,
  onCopy,
  select,
  variant = 'default',
}: {
  text: string
  children: ReactNode
  onCopy?: () => void
  select?: () => void
  variant?: 'default' | 'filled'
}) {
  const [copied, copy] = useCopy(text, select)
  return (
    <Button
      variant={variant}
      leftSection={copied ? <CheckIcon /> : <CopyIcon />}
      onClick={() => {
        copy()
        onCopy?.()
      }}
    >
      {copied ? words.ui.copied : children}
    </Button>
  )
}

/** A small button beside what it copies. @param what names it, e.g. `Client id`. */
export function CopyIconButton({ text, what, select }: { text: string; what: string; select?: () => void }) {
  const [copied, copy] = useCopy(text, select)
  return (
    <Tooltip label={copied ? words.ui.copied : words.ui.copyWhat(what)}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        aria-label={words.ui.copyWhat(what)}
        onClick={(event) => {
          event.stopPropagation()
          copy()
        }}
      >
        {copied ? <CheckIcon /> : <CopyIcon />}
      </ActionIcon>
    </Tooltip>
  )
}

/** An id: one click copies it, it never wraps in the middle. */
export function IdText({ id, what }: { id: string; what: string }) {
  const text = useRef<HTMLSpanElement>(null)
  return (
    <Group component="span" display="inline-flex" gap={2} wrap="nowrap">
      <span className="id" ref={text}>
        {id}
      </span>
      <CopyIconButton text={id} what={what} select={() => selectAll(text.current)} />
    </Group>
  )
}

/** Code, a command, an answer: with a button that copies it. */
export function CodeBlock({ code, what }: { code: string; what: string }) {
  const block = useRef<HTMLElement>(null)
  return (
    <Group align="flex-start" gap={4} wrap="nowrap">
      <Code
        block
        ref={block}
        flex="1 1 0"
        miw={0}
        role="region"
        aria-label={what}
        // A long line is scrolled to by the keyboard, too.
        tabIndex={0}
      >
        {code}
      </Code>
      <CopyIconButton text={code} what={what} select={() => selectAll(block.current)} />
    </Group>
  )
}

function selectAll(node: Node | null): void {
  if (node) window.getSelection()?.selectAllChildren(node)
}
