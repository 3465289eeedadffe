package print

import (
	"strings"

	"check_smtp/internal/option"
)

// zsh is a completion for zsh: a specification of _arguments (zshcompsys(1)) for
// each option.
func zsh(in Input) string {
	var b strings.Builder
	b.WriteString("#compdef check_smtp check_smtp_plus\n# Made by: check_smtp --print completion-zsh\n_arguments -s -S")
	in.each(func(r *option.Row, text string) {
		b.WriteString(" \\\n  " + in.zshSpec(r, text))
	})
	return b.String() + "\n"
}

// zshSpec is what zsh is told of an option: which others it excludes, how it is
// typed, and what its value is.
func (in Input) zshSpec(r *option.Row, text string) string {
	before := "(" + strings.Join(spellings(r), " ") + ")"
	if r.Many {
		before = "*"
	}
	var ways []string
	for _, s := range spellings(r) {
		ways = append(ways, s+zshJoint(r, strings.HasPrefix(s, "--")))
	}
	typed := ways[0]
	if len(ways) > 1 {
		typed = "{" + strings.Join(ways, ",") + "}"
	}
	return "'" + before + "'" + typed + "'[" + zshQuoted(text) + "]" + in.zshValue(r) + "'"
}

// zshJoint says how the value follows the option: both ways, or glued to it only.
func zshJoint(r *option.Row, long bool) string {
	switch {
	case r.Switch() || r.Alone() && !long:
		return ""
	case r.Alone():
		return "=-"
	case long:
		return "="
	}
	return "+"
}

// zshValue is what the value is.
func (in Input) zshValue(r *option.Row) string {
	if r.Switch() {
		return ""
	}
	colon := ":"
	if r.Alone() {
		colon = "::"
	}
	colon += zshQuoted(r.Value) + ":"
	if words := in.choices(r); len(words) > 0 {
		return colon + "(" + strings.ReplaceAll(strings.Join(words, " "), ":", `\:`) + ")"
	} else if mayBeFile(r) {
		return colon + "_files"
	}
	return colon + " "
}

func zshQuoted(text string) string {
	return strings.NewReplacer("'", `'\''`, `\`, `\\`, "[", `\[`, "]", `\]`, ":", `\:`).Replace(text)
}
