// `latchkey completion SHELL`: a script made from the commands that there are. It needs no program at each Tab.
import type { Command } from 'commander'
import { type CommandWords, readCommands } from '../command-words.ts'

type Shell = (commands: readonly CommandWords[]) => string

const shells: Record<string, Shell> = { bash: bashScript, zsh: zshScript, fish: fishScript }

const howTo = `
Bash:  echo 'eval "$(latchkey completion bash)"' >> ~/.bashrc
Zsh:   echo 'eval "$(latchkey completion zsh)"' >> ~/.zshrc    (after compinit)
Fish:  latchkey completion fish > ~/.config/fish/completions/latchkey.fish`

export function addCompletionCommand(program: Command): void {
  const names = Object.keys(shells)
  program
    .command('completion')
    .description('print a script that completes commands and flags at Tab')
    .addArgument(program.createArgument('<shell>').choices(names))
    .addHelpText('after', howTo)
    .action((shell: string) => {
      process.stdout.write(shells[shell]?.(readCommands(program)) ?? '')
    })
}

function bashScript(commands: readonly CommandWords[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`)
  const cases = commands.map(({ path, names, flags }) => {
    const words = [...names, ...flags].map(({ name }) => name)
    return `    "${path}") words="${words.join(' ')}" ;;`
  })
  const withChoices = choicesOf(commands).map(
    ([flag, choices]) =>
      `    ${flag}) COMPREPLY=($(compgen -W "${choices.join(' ')}" -- "$word")); return ;;`,
  )
  const files = filesOf(commands)
  return `_latchkey() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" words="" next i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${path:+$path }\${COMP_WORDS[i]}"
    case "$next" in
      ${paths.join('|')}) path="$next" ;;
    esac
  done
  case "$previous" in
${withChoices.join('\n')}
    ${files.join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _latchkey latchkey
`
}

/** Zsh runs what bash runs. */
function zshScript(commands: readonly CommandWords[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`
}

function fishScript(commands: readonly CommandWords[]): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `'${path}'`)
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap(({ path, names, flags }) => {
    const at = `complete -c latchkey -n "__latchkey_at '${path}'"`
    return [
      ...names.map(({ name, summary }) => `${at} -f -a ${name} -d ${quoted(summary)}`),
      ...flags.map(({ name, summary, choices, takesFile, takesValue }) => {
        const value = choices ? ` -xa '${choices.join(' ')}'` : takesFile ? ' -rF' : takesValue ? ' -x' : ''
        return `${at} -l ${name.replace(/^--/, '')}${value} -d ${quoted(summary)}`
      }),
    ]
  })
  return `function __latchkey_at
  set -l path
  for word in (commandline -opc)[2..]
    set -l next (string trim "$path $word")
    contains -- $next ${paths.join(' ')}; and set path $next
  end
  test "$path" = "$argv[1]"
end
${lines.join('\n')}
`
}

function choicesOf(commands: readonly CommandWords[]): [string, readonly string[]][] {
  const found = new Map<string, readonly string[]>()
  for (const { flags } of commands)
    for (const { name, choices } of flags) if (choices) found.set(name, choices)
  return [...found]
}

function filesOf(commands: readonly CommandWords[]): string[] {
  const names = commands.flatMap(({ flags }) =>
    flags.filter(({ takesFile }) => takesFile).map(({ name }) => name),
  )
  return [...new Set(names)]
}
