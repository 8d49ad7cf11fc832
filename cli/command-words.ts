// The words of all commands, as completion needs them.
import type { Command } from 'commander'

export interface FlagWords {
  /** With its dashes. */
  name: string
  summary: string
  choices: readonly string[] | undefined
  takesValue: boolean
  /** Its value is the name of a file or folder. */
  takesFile: boolean
}

export interface CommandWords {
  /** `clients create`; empty for the program itself. */
  path: string
  /** Its sub-commands, or the words that its first argument may be. */
  names: { name: string; summary: string }[]
  flags: FlagWords[]
}

/** The program and every command below it. */
export function readCommands(command: Command, path = ''): CommandWords[] {
  const help = command.createHelp()
  const children = help.visibleCommands(command)
  const choices = command.registeredArguments[0]?.argChoices ?? []
  return [
    {
      path,
      names: [
        ...children.map((child) => ({ name: child.name(), summary: child.description() })),
        ...choices.map((name) => ({ name, summary: '' })),
      ],
      flags: help.visibleOptions(command).flatMap(({ long, description, argChoices, required, flags }) =>
        long
          ? [
              {
                name: long,
                summary: description,
                choices: argChoices,
                takesValue: required,
                takesFile: /<(?:file|folder)>/.test(flags),
              },
            ]
          : [],
      ),
    },
    ...children
      .filter((child) => child.name() !== 'help')
      .flatMap((child) => readCommands(child, path === '' ? child.name() : `${path} ${child.name()}`)),
  ]
}
