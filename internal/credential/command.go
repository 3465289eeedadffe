package credential

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"check_smtp/internal/option"
	"check_smtp/internal/plan"
)

// Outcome is what came of a command. What it printed is hostile, and may be secret.
type Outcome struct {
	Out   []byte // on standard output, as far as maxOutput
	Err   []byte // on standard error, as far as maxOutput
	Whole bool   // Out is all that there is: nobody is left who could add to it
	Code  int    // exit status
	Fault Fault  // why there is no exit status
	Why   error  // of Lost, what the system says; of Ended, the signal
}

// Fault is why a command has no exit status; the zero value: it has one.
type Fault int

// The faults.
const (
	NoSuch  Fault = iota + 1 // there is no such program
	Lost                     // it could not be run
	Ended                    // by a signal that is none of ours
	Stopped                  // by us, as the time is over or we are told to stop
	Flood                    // by us, as it prints without end
)

// maxOutput is what is kept of what a command prints, in bytes. What is not kept of
// standard error could hold the end of a secret whose beginning is.
const maxOutput = 32 << 10

// run runs the command and gives the first line of what it prints.
func (f *filling) run(text string) (plan.Secret, error) {
	const option = "--" + command
	argv, err := split(text)
	switch {
	case err != nil:
		return plan.Secret{}, bad(option, err.Error(), "give 'CMD ARG...', and quote an argument that contains spaces: 'pass show \"mail/mx 1\"'")
	case strings.Contains(argv[0], "/") && !filepath.IsAbs(argv[0]):
		return plan.Secret{}, bad(option, "the command begins with a relative path", "give its absolute path, or its name alone if it is in $PATH")
	case f.env.Command == nil:
		return plan.Secret{}, bad(option, "no command can be run here", "give the password in another way")
	}
	var o Outcome
	f.waiting("running the command of "+option, func(ctx context.Context) error {
		o = f.env.Command(ctx, argv)
		return nil
	})
	name := "the command " + quote(filepath.Base(argv[0]))
	found, err := o.password(name)
	switch cause := context.Cause(f.ctx); {
	case err == nil:
		return found, nil
	case o.Fault == NoSuch:
		return plan.Secret{}, missing(argv[0])
	case o.Fault == Stopped && cause != nil:
		return plan.Secret{}, fmt.Errorf("credential: %w while %s was running", cause, name)
	}
	return plan.Secret{}, fmt.Errorf("credential: %w", err)
}

// missing is the error on a command that is not there.
func missing(name string) error {
	problem, hint := "there is no such file", "give the absolute path of a program, or its name alone if it is in $PATH"
	if !strings.Contains(name, "/") {
		problem, hint = "the command is not in $PATH", "give its absolute path: pollers have a $PATH of their own"
	}
	return bad("--"+command, problem+", its name is not shown as it may be the secret itself", hint)
}

// password is the first line, or why there is none. No part of what the command
// printed on standard output is in the error.
func (o *Outcome) password(name string) (plan.Secret, error) {
	line, _, ended := bytes.Cut(o.Out, []byte("\n"))
	switch {
	case o.Fault == Stopped:
		return plan.Secret{}, errors.New(name + " took all of the time (-t)")
	case o.Fault == Lost:
		return plan.Secret{}, errors.New(name + " cannot be run: " + o.Why.Error())
	case o.Fault == Flood:
		return plan.Secret{}, errors.New(name + " prints without end")
	case o.Fault == Ended:
		return plan.Secret{}, errors.New(name + " was ended by a signal (" + o.Why.Error() + ")" + o.complaint())
	case o.Code != 0:
		return plan.Secret{}, errors.New(name + " exited with " + strconv.Itoa(o.Code) + o.complaint())
	case len(o.Out) == 0:
		return plan.Secret{}, errors.New(name + " printed nothing" + o.complaint())
	case ended && len(bytes.TrimSuffix(line, []byte("\r"))) == 0:
		return plan.Secret{}, errors.New("the first line of what " + name + " printed is empty" + o.complaint())
	case !ended && !o.Whole && len(o.Out) < maxOutput:
		return plan.Secret{}, errors.New("the first line of what " + name + " printed has no end, and a process that it left behind may still write")
	}
	if ended {
		line = bytes.TrimSuffix(line, []byte("\r"))
	}
	return plan.NewSecret(string(line)), nil
}

// complaint is the beginning of what a command says on standard error, without
// anything that it printed on standard output; "": nothing.
func (o *Outcome) complaint() string {
	const most = 200 // bytes
	text := string(o.Err)
	lines := strings.Split(string(o.Out), "\n")
	sort.Slice(lines, func(i, j int) bool { return len(lines[i]) > len(lines[j]) }) // one may be part of another
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			text = hide(text, line, len(o.Err) == maxOutput)
		}
	}
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return ""
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return ": " + text
}

const hidden = "[secret]"

// hide is a text without a secret, nor the beginning of one at the end of a text
// that was cut off.
func hide(text, secret string, cut bool) string {
	text = strings.ReplaceAll(text, secret, hidden)
	for n := min(len(text), len(secret)); cut && n > 0; n-- {
		if strings.HasSuffix(text, secret[:n]) {
			return text[:len(text)-n]
		}
	}
	return text
}

// shellWords mean something to a shell, and would be arguments here.
const shellWords = " | || & && ; < > >> 2> 2>&1 2>/dev/null >/dev/null "

// split takes a command apart as people expect of a shell, see option.NextWord.
func split(text string) ([]string, error) {
	var words []string
	for text = strings.TrimLeft(text, option.Blanks); text != ""; text = strings.TrimLeft(text, option.Blanks) {
		word, rest, err := option.NextWord(text)
		if err != nil {
			return nil, err
		}
		if bare := text[:len(text)-len(rest)]; bare == word && strings.Contains(shellWords, " "+word+" ") {
			return nil, errors.New("it contains a pipe or another character for a shell, but no shell is used (give sh -c '...')")
		}
		words, text = append(words, word), rest
	}
	if len(words) == 0 || words[0] == "" {
		return nil, errors.New("there is no command")
	}
	return words, nil
}
