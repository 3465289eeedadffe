package option

import "strings"

// The columns of the help.
const (
	margin = 25
	width  = 79
)

// Help is what the help says of a table, a line each option at least.
func (t *Table) Help() string {
	var b strings.Builder
	heads := ""
	for i := range t.Rows {
		r := &t.Rows[i]
		lines := r.says()
		if heads += r.head(heads != ""); i+1 < len(t.Rows) && lines == nil {
			continue
		}
		last := heads[strings.LastIndexByte(heads, '\n')+1:]
		b.WriteString(heads)
		if len(last)+1 > margin {
			b.WriteByte('\n')
			last = ""
		}
		for j, line := range lines {
			if j > 0 {
				last = ""
			}
			b.WriteString(strings.Repeat(" ", margin-len(last)) + line + "\n")
		}
		heads = ""
	}
	return b.String()
}

// head is what stands before the text on an option, or behind another option that
// the same text is on.
func (r *Row) head(behind bool) string {
	before := "      "
	if r.Letter != 0 {
		before = "  -" + string(rune(r.Letter)) + ", "
	}
	if behind {
		before = ",\n" + before
	}
	return before + "--" + r.form()
}

// form is the name of an option with what stands for its value.
func (r *Row) form() string {
	value := r.Value
	if strings.Contains(value, " ") {
		value = "'" + value + "'"
	}
	switch {
	case value == "":
		return r.Name
	case r.Unsaid != "":
		return r.Name + "[=" + value + "]"
	}
	return r.Name + "=" + value
}

// says are the lines of the help on an option; nil: the next one's hold for it, too.
func (r *Row) says() []string {
	if r.Help == "" {
		return nil
	}
	if r.List != nil {
		return append(Fold(r.Text()+":", width-margin), r.List()...)
	}
	return Fold(r.Text(), width-margin)
}

// Text is what is said of an option in any place, but for its List.
func (r *Row) Text() string {
	text := r.Help
	switch last := strings.LastIndex(text, ". "); {
	case r.Many && r.List != nil && last > 0: // the last sentence goes on with the list
		text = text[:last] + "; repeatable" + text[last:]
	case r.Many:
		text += "; repeatable"
	}
	if r.Also != "" {
		text += "; also --" + strings.Join(strings.Fields(r.Also), ", --")
	}
	return text
}

// Fold breaks a text into lines of this many bytes at most, unless a word is
// longer.
func Fold(text string, most int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > most {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
