// The scripts that ask `expgraph complete` at each Tab. Names go through them as text: no eval, no compgen -W. Pure.

export function completionScript(shell: 'bash' | 'zsh' | 'fish'): string {
  return SCRIPTS[shell];
}

/** As npx finds it: what was typed, or the one of the project. */
const PROGRAM_SH = `__expgraph_program() {
  local folder="$PWD"
  paths="$PATH"
  if __expgraph_there "$1"; then program="$1"; return 0; fi
  while [[ -n $folder ]]; do
    program="$folder/node_modules/.bin/expgraph"
    if [[ -x $program ]]; then paths="$folder/node_modules/.bin:$PATH"; return 0; fi
    folder="\${folder%/*}"
  done
  return 1
}
`;

const BASH = `# expgraph: completion for bash. Install: expgraph completion bash >> ~/.bashrc
__expgraph_there() { type -P -- "$1" >/dev/null; }
${PROGRAM_SH}_expgraph() {
  local program paths line head
  COMPREPLY=()
  __expgraph_program "$1" || return 0
  head=
  while IFS= read -r line; do
    if [[ -z $head ]]; then head="$line"; else COMPREPLY+=("$line"); fi
  done < <(PATH="$paths" "$program" complete bash -- "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null </dev/null)
  case "$head" in
    files) compopt -o default 2>/dev/null ;;
    folders) compopt -o dirnames 2>/dev/null ;;
  esac
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *[/=] ]]; then compopt -o nospace 2>/dev/null; fi
  return 0
}
complete -F _expgraph expgraph
`;

const ZSH = `#compdef expgraph
# expgraph: completion for zsh. Install: expgraph completion zsh > a folder of $fpath/_expgraph,
# or: echo 'source <(expgraph completion zsh)' >> ~/.zshrc (after compinit)
__expgraph_there() { whence -p -- "$1" >/dev/null; }
${PROGRAM_SH}_expgraph() {
  local program paths line head name about
  local -a names shown open openshown
  __expgraph_program "\${(Q)words[1]}" || return 1
  while IFS= read -r line; do
    if [[ -z $head ]]; then head="$line"; continue; fi
    name="\${line%%$'\\t'*}"
    about="\${line#*$'\\t'}"
    [[ -n $about ]] && about="$name  -- $about" || about="$name"
    if [[ $name == *[/=] ]]; then open+=("$name"); openshown+=("$about")
    else names+=("$name"); shown+=("$about"); fi
  done < <(PATH="$paths" "$program" complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)
  case "$head" in
    files) _files; return ;;
    folders) _files -/; return ;;
  esac
  (( \${#names} )) && compadd -l -d shown -a -- names
  (( \${#open} )) && compadd -l -S '' -d openshown -a -- open
  (( \${#names} + \${#open} ))
}
if [[ \${funcstack[1]} == _expgraph ]]; then _expgraph "$@"; else compdef _expgraph expgraph; fi
`;

const FISH = `# expgraph: completion for fish. Install: expgraph completion fish > ~/.config/fish/completions/expgraph.fish
function __expgraph_program
    if type -fq -- $argv[1]
        string join \\n -- $argv[1] ''
        return 0
    end
    set -l folder $PWD
    while test -n "$folder"
        if test -x "$folder/node_modules/.bin/expgraph"
            string join \\n -- "$folder/node_modules/.bin/expgraph" "$folder/node_modules/.bin"
            return 0
        end
        set folder (string replace -r '/[^/]*$' '' -- $folder)
    end
    return 1
end
function __expgraph_complete
    set -l words (commandline -opc)
    set -l raw (commandline -ct)
    set -l word (string unescape -- "$raw")
    or set word (string trim -l -c "\\"'" -- "$raw")
    set -l program (__expgraph_program $words[1])
    or return 0
    set -lx PATH $program[2] $PATH
    set -l lines ($program[1] complete fish -- $words[2..-1] "$word" 2>/dev/null </dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$raw"
        case folders
            __fish_complete_directories "$raw"
        case '*'
            if test (count $lines) -gt 1
                printf '%s\\n' $lines[2..-1]
            end
    end
end
complete -c expgraph -f -a '(__expgraph_complete)'
`;

const SCRIPTS: { readonly [shell in Parameters<typeof completionScript>[0]]: string } = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
};
