package print

import (
	"strings"

	"check_smtp/internal/option"
)

// What stands before and behind what is made from the tables. To bash an equals
// sign is a word of its own. Names of files are left to readline, which knows how to
// quote them.
const (
	bashHead = `# Completion for bash 4, made by: check_smtp --print completion-bash
_check_smtp() {
    local cur=${COMP_WORDS[COMP_CWORD]} option='' words=''
    COMPREPLY=()
    if [[ $cur == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD-1]}= cur=''
    elif (( COMP_CWORD > 2 )) && [[ ${COMP_WORDS[COMP_CWORD-1]} == '=' ]]; then
        option=${COMP_WORDS[COMP_CWORD-2]}=
    elif (( COMP_CWORD > 1 )); then
        option=${COMP_WORDS[COMP_CWORD-1]}
    fi
    case $option in
`
	bashTail = `    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -F _check_smtp check_smtp check_smtp_plus
`
	bashFiles = "compopt -o default 2>/dev/null; return"
	bashPaths = "[[ $cur == /* ]] && compopt -o default 2>/dev/null; return"
)

// bash is a completion for bash. What follows an option that has to have a value is
// that value; what follows any other may be another option.
func bash(in Input) string {
	var b strings.Builder
	b.WriteString(bashHead)
	var all []string
	in.Tables.All(func(r *option.Row) {
		all = append(all, spellings(r)...)
		if r.Switch() {
			return
		}
		do := "return"
		if words := in.choices(r); len(words) > 0 {
			do = "words='" + strings.Join(words, " ") + "'"
		} else if aFile(r) {
			do = bashFiles
		} else if mayBeFile(r) {
			do = bashPaths
		}
		b.WriteString("    " + strings.Join(bashPatterns(r), "|") + ") " + do + " ;;\n")
	})
	b.WriteString("    *=) return ;;\n    *) words='" + strings.Join(all, " ") + "' ;;\n" + bashTail)
	return b.String()
}

// bashPatterns are what stands before the value of an option.
func bashPatterns(r *option.Row) []string {
	var patterns []string
	for _, s := range spellings(r) {
		long := strings.HasPrefix(s, "--")
		if !r.Alone() {
			patterns = append(patterns, s)
		}
		if long {
			patterns = append(patterns, s+"=")
		}
	}
	return patterns
}
