/** `keysift completion bash|zsh|fish|pwsh`: a script for a shell, made from the command tree, so that it knows every flag. */
import type { Command, Option } from 'commander';
import type { Shell } from './shells.ts';

interface Flag {
  readonly names: readonly string[];
  /** The first sentence of its help. */
  readonly help: string;
  readonly takesValue: boolean;
  /** What the value may be; empty for anything, such as a file. */
  readonly choices: readonly string[];
}

/** One command, by the words that lead to it: `''`, `baseline`, `baseline create`. */
interface Level {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly help: string }[];
  readonly flags: readonly Flag[];
  /** Words that its arguments may be. */
  readonly words: readonly string[];
}

export function completionScript(shell: Shell, program: Command): string {
  const levels = levelsOf(program, '');
  switch (shell) {
    case 'bash':
      return bash(levels);
    case 'zsh':
      return zsh(levels);
    case 'fish':
      return fish(levels);
    case 'pwsh':
      return pwsh(levels);
  }
}

function levelsOf(command: Command, path: string): Level[] {
  const { commands } = command;
  const own = commands.map((sub) => ({ name: sub.name(), help: helpOf(sub.description()) }));
  // What the default command takes may also follow the program's own name.
  const scan = path === '' ? commands.find((sub) => sub.name() === 'scan') : undefined;
  const options = [...command.options, ...(scan?.options ?? [])];
  const flags = [...options.map(flagOf), { names: ['--help', '-h'], help: 'print help', takesValue: false, choices: [] }];
  const words = command.registeredArguments.flatMap((argument) => argument.argChoices ?? []);
  const below = commands.flatMap((sub) => levelsOf(sub, path === '' ? sub.name() : `${path} ${sub.name()}`));
  return [{ path, commands: own, flags, words }, ...below];
}

function flagOf(option: Option): Flag {
  return {
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    help: helpOf(option.description),
    takesValue: option.required || option.optional,
    choices: option.argChoices ?? [],
  };
}

/** Plain words, so that no shell sees anything of its own in them. */
function helpOf(text: string): string {
  return (text.split(/[;(]/)[0] ?? '').replace(/[^\w ,.-]/g, '').trim();
}

function named(levels: readonly Level[]): string {
  return levels.flatMap(({ path, commands }) => commands.map(({ name }) => `'${path === '' ? name : `${path} ${name}`}'`)).join(' | ');
}

/** Values of flags, the same for all commands: a flag means one thing. */
function values(levels: readonly Level[]): Flag[] {
  const known = new Map<string, Flag>();
  for (const flag of levels.flatMap(({ flags }) => flags)) if (flag.takesValue) known.set(flag.names[0] ?? '', flag);
  return [...known.values()];
}

function flagCases(levels: readonly Level[], take: (flag: Flag) => string): string {
  return values(levels)
    .map((flag) => `    ${flag.names.join(' | ')}) ${take(flag)} ;;`)
    .join('\n');
}

function bash(levels: readonly Level[]): string {
  const cases = levels.map(({ path, commands, flags, words }) => {
    const plain = [...commands.map(({ name }) => name), ...words].join(' ');
    return `    '${path}') words='${plain}' flags='${flags.flatMap(({ names }) => names).join(' ')}' ;;`;
  });
  return `# bash completion for keysift: keysift completion bash > ~/.local/share/bash-completion/completions/keysift
_keysift() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path='' words='' flags='' index next
  for ((index = 1; index < COMP_CWORD; index++)); do
    next="\${path:+$path }\${COMP_WORDS[index]}"
    case "$next" in
    ${named(levels)}) path=$next ;;
    esac
  done
  COMPREPLY=()
  case "$prev" in
${flagCases(levels, ({ choices }) => (choices.length === 0 ? 'return' : `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$cur")); return`))}
  esac
  case "$path" in
${cases.join('\n')}
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
  fi
}
complete -o default -o bashdefault -F _keysift keysift
`;
}

function zsh(levels: readonly Level[]): string {
  const described = (name: string, help: string): string => `'${name.replaceAll(':', String.raw`\:`)}:${help}'`;
  const cases = levels.map(({ path, commands, flags, words }) => {
    const plain = [...commands.map(({ name, help }) => described(name, help)), ...words.map((word) => `'${word}'`)].join(' ');
    return `    '${path}') plain=(${plain}) flags=(${flags.flatMap(({ names, help }) => names.map((name) => described(name, help))).join(' ')}) ;;`;
  });
  return `#compdef keysift
# zsh completion for keysift: keysift completion zsh > a folder of $fpath, as _keysift
_keysift() {
  local at='' next word
  local -a plain flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    next="\${at:+$at }$word"
    case "$next" in
    ${named(levels)}) at=$next ;;
    esac
  done
  case "\${words[CURRENT-1]}" in
${flagCases(levels, ({ choices }) => (choices.length === 0 ? '_files; return' : `compadd -- ${choices.join(' ')}; return`))}
  esac
  case "$at" in
${cases.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o flag flags
  else
    (( \${#plain} )) && _describe command plain
    _files
  fi
}
if [ "$funcstack[1]" = _keysift ]; then _keysift "$@"; else compdef _keysift keysift; fi
`;
}

function fish(levels: readonly Level[]): string {
  const lines = levels.flatMap(({ path, commands, flags, words }) => {
    const at = `complete -c keysift -n '__keysift_at "${path}"'`;
    return [
      ...commands.map(({ name, help }) => `${at} -a '${name}' -d '${help}'`),
      ...(words.length === 0 ? [] : [`${at} -a '${words.join(' ')}'`]),
      ...flags.map(({ names, help, takesValue, choices }) => {
        const long = names.find((name) => name.startsWith('--'))?.slice(2);
        const short = names.find((name) => !name.startsWith('--'))?.slice(1);
        const value = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : takesValue ? ' -r' : '';
        return `${at}${long === undefined ? '' : ` -l ${long}`}${short === undefined ? '' : ` -s ${short}`}${value} -d '${help}'`;
      }),
    ];
  });
  return `# fish completion for keysift: keysift completion fish > ~/.config/fish/completions/keysift.fish
function __keysift_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$at $word")
    switch "$next"
      case ${named(levels).replaceAll(' | ', ' ')}
        set at $next
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join('\n')}
`;
}

function pwsh(levels: readonly Level[]): string {
  const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`;
  const level = levels.map(
    ({ path, commands, flags, words }) =>
      `    '${path}' = ${list([...commands.map(({ name }) => name), ...words, ...flags.flatMap(({ names }) => names)])}`,
  );
  const choices = values(levels).flatMap(({ names, choices: of }) => (of.length === 0 ? [] : names.map((name) => `    '${name}' = ${list(of)}`)));
  const free = values(levels).flatMap(({ names, choices: of }) => (of.length === 0 ? names : []));
  return `# PowerShell completion for keysift: keysift completion pwsh >> $PROFILE
Register-ArgumentCompleter -Native -CommandName keysift -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $levels = @{
${level.join('\n')}
  }
  $choices = @{
${choices.join('\n')}
  }
  $given = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $at = ''
  foreach ($word in $given) {
    $next = "$at $word".Trim()
    if ($levels.ContainsKey($next)) { $at = $next }
  }
  $last = if ($given.Count -gt 0) { $given[-1] } else { '' }
  # Nothing: the shell offers files.
  if (${list(free)} -ccontains $last) { return }
  $words = if ($choices.ContainsKey($last)) { $choices[$last] } else { $levels[$at] }
  $words | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}
