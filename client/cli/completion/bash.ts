import { quote } from './quote.ts';
import type { CompletionNode, CompletionOption } from './tree.ts';

/** For bash 3.2 and later. */
export const bashScript = (nodes: readonly CompletionNode[]): string => `# gf25 completion bash
_gf25() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" option='' at='' next='' i
  COMPREPLY=()
  # --option=value: three words where COMP_WORDBREAKS holds "=", else one
  if [[ $cur == '=' ]]; then cur=''
  elif [[ $prev == '=' ]]; then prev="\${COMP_WORDS[COMP_CWORD - 2]}"
  elif [[ $cur == --*=* ]]; then prev="\${cur%%=*}" option="\${cur%%=*}=" cur="\${cur#*=}"
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${at:+$at }\${COMP_WORDS[i]}"
    case "$next" in
      ${nodes.flatMap(({ path }) => (path === '' ? [] : quote(path))).join(' | ')}) at="$next" ;;
    esac
  done
  case "$at $prev" in
${nodes.flatMap(({ path, options }) => options.flatMap((option) => valueCase(path, option))).join('\n')}
  esac
  case "$at" in
${nodes.map(nodeCase).join('\n')}
  esac
}
complete -F _gf25 gf25
`;

function valueCase(path: string, { name, value }: CompletionOption): string[] {
  if (value === 'none') return [];
  return [`    ${quote(`${path} ${name}`)}) ${value === 'text' ? '' : `${reply(value)}; `}return ;;`];
}

function nodeCase({ path, commands, options, argument }: CompletionNode): string {
  const flags = reply(options.map(({ name }) => name));
  const others = argument ?? commands.map(({ name }) => name);
  return `    ${quote(path)}) if [[ $cur == -* ]]; then ${flags}; else ${reply(others)}; fi ;;`;
}

/** Names of files may hold blanks: they are told apart by lines, and quoted by bash itself. */
const files = `local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -P "$option" -f -- "$cur"))`;

const reply = (value: 'file' | readonly string[]) =>
  value === 'file' ? files : `COMPREPLY=($(compgen -P "$option" -W ${quote(value.join(' '))} -- "$cur"))`;
