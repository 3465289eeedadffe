package print

import (
	"crypto/fips140"
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"check_smtp/internal/option"
)

// The members of a basket of Icinga Director, named as its export names them. What
// stands beside a nil is a null there, too.

type basket struct {
	Command         map[string]basketCommand
	ServiceTemplate map[string]basketService
	DataList        map[string]basketList
	Datafield       map[string]basketField
}

type basketCommand struct {
	Arguments  map[string]basketArgument `json:"arguments"`
	Command    string                    `json:"command"`
	Disabled   bool                      `json:"disabled"`
	Fields     []object                  `json:"fields"`
	Imports    []string                  `json:"imports"`
	IsString   *bool                     `json:"is_string"`
	Execute    string                    `json:"methods_execute"`
	ObjectName string                    `json:"object_name"`
	ObjectType string                    `json:"object_type"`
	Timeout    string                    `json:"timeout"`
	Vars       map[string]any            `json:"vars"`
	Zone       *string                   `json:"zone"`
	UUID       string                    `json:"uuid"`
}

type basketArgument struct {
	Value       any    `json:"value,omitempty"` // a string, or a basketFunction
	SetIf       string `json:"set_if,omitempty"`
	SetIfFormat string `json:"set_if_format,omitempty"`
	SkipKey     bool   `json:"skip_key,omitempty"`
	RepeatKey   bool   `json:"repeat_key,omitempty"`
	Description string `json:"description"`
}

type basketFunction struct {
	Type string `json:"type"`
	Body string `json:"body"`
}

type basketService struct {
	CheckCommand  *string        `json:"check_command"`
	CheckInterval *int           `json:"check_interval"`
	Fields        []object       `json:"fields"`
	Imports       []string       `json:"imports"`
	MaxAttempts   *int           `json:"max_check_attempts"`
	Notes         string         `json:"notes"`
	ObjectName    string         `json:"object_name"`
	ObjectType    string         `json:"object_type"`
	RetryInterval *int           `json:"retry_interval"`
	Vars          map[string]any `json:"vars"`
	UUID          string         `json:"uuid"`
}

type basketList struct {
	Name    string        `json:"list_name"`
	Owner   string        `json:"owner"`
	Entries []basketEntry `json:"entries"`
	UUID    string        `json:"uuid"`
}

type basketEntry struct {
	Name   string  `json:"entry_name"`
	Value  string  `json:"entry_value"`
	Format string  `json:"format"`
	Roles  *string `json:"allowed_roles"`
}

type basketField struct {
	Variable    string            `json:"varname"`
	Caption     string            `json:"caption"`
	Description string            `json:"description"`
	Type        string            `json:"datatype"`
	Format      *string           `json:"format"`
	Settings    map[string]string `json:"settings"`
	UUID        string            `json:"uuid"`
}

// object is one of JSON whose members need no order.
type object map[string]any

// director is a basket with the command, a field for each of its options and a
// template of a service for each job. Director writes no environment for a
// command, so a password that would need one is left out: there is --authpass-file.
func director(in Input) string {
	b := basket{map[string]basketCommand{}, map[string]basketService{}, map[string]basketList{}, map[string]basketField{}}
	command := basketCommand{
		Arguments: map[string]basketArgument{}, Command: noMacros(inOneLine(in.Program)), Imports: []string{}, Execute: "PluginCheck",
		ObjectName: "smtp_plus", ObjectType: "object", Timeout: "60", Vars: map[string]any{"smtp_plus_address": "$address$"}, UUID: uuid("command smtp_plus"),
	}
	for _, f := range settings(in.Tables) {
		if f.Secret && secretly(in.Tables, f.Row) == bySister {
			continue
		}
		id := len(b.Datafield) + 1
		b.Datafield[strconv.Itoa(id)] = directorField(f)
		if f.Choices != "" {
			b.DataList[listOf(f.Row)] = directorList(f.Row)
		}
		command.Fields = append(command.Fields, object{"datafield_id": id, "is_required": "n", "var_filter": nil})
		command.Arguments["--"+f.Name] = directorArgument(f)
	}
	b.Command[command.ObjectName] = command
	directorServices(&b, in.Tables)
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	if err := encoder.Encode(b); err != nil {
		panic(err) // there is nothing in it that JSON could not hold
	}
	return text.String()
}

// directorArgument is how an option is passed: as icingaArgument, but for secrets.
func directorArgument(f setting) basketArgument {
	a := basketArgument{Description: directorAbout(f), RepeatKey: f.Many && !f.Alone()}
	value := "$" + customVariable(f.Row) + "$"
	switch {
	case f.Switch() && !f.Many:
		a.SetIf = value
	case f.Alone():
		a.SkipKey, a.Value = true, basketFunction{"Function", wordsOf(f.Row)}
	default:
		a.Value = value
	}
	if f.Name == "hostname" {
		a.SetIf, a.SetIfFormat = hasHost, "expression"
	}
	return a
}

func directorAbout(f setting) string {
	if f.Secret {
		return f.about + ". Write @file:NAME, @env:NAME or @credential:NAME: anything else stands in the process list"
	}
	return f.about
}

// directorField is what an option looks like in a form.
func directorField(f setting) basketField {
	name := customVariable(f.Row)
	field := basketField{Variable: name, Caption: "SMTP: --" + f.Name, Description: directorAbout(f), Settings: map[string]string{}, UUID: uuid("field " + name)}
	kind := "String"
	switch {
	case f.Switch() && f.Many:
		kind = "Number"
	case f.Switch():
		kind = "Boolean"
	case f.Choices != "":
		kind, field.Settings["datalist"], field.Settings["data_type"] = "Datalist", listOf(f.Row), "string"
		if field.Settings["behavior"] = "strict"; strings.Contains(f.Choices, ":") { // at-least:1 stands for at-least:2, too
			field.Settings["behavior"] = "suggest_optional"
		}
		if f.Many {
			field.Settings["data_type"] = "array"
		}
	case f.Many:
		kind = "Array"
	}
	if kind == "String" || kind == "Array" {
		field.Settings["visibility"] = "visible"
	}
	field.Type = `Icinga\Module\Director\DataType\DataType` + kind
	return field
}

// listOf is the name of the list of an option's choices.
func listOf(r *option.Row) string { return "check_smtp --" + r.Name }

func directorList(r *option.Row) basketList {
	list := basketList{Name: listOf(r), Owner: "check_smtp", Entries: []basketEntry{}, UUID: uuid("list " + r.Name)}
	for _, choice := range strings.Fields(r.Choices) {
		list.Entries = append(list.Entries, basketEntry{Name: choice, Value: choice, Format: "string"})
	}
	sort.Slice(list.Entries, func(i, j int) bool { return list.Entries[i].Name < list.Entries[j].Name })
	return list
}

// directorServices adds the template of all services, and one for each job.
func directorServices(b *basket, t option.Tables) {
	command, often, soon, attempts := "smtp_plus", 300, 60, 3
	add := func(s basketService) {
		s.ObjectType, s.Fields, s.UUID = "template", []object{}, uuid("service "+s.ObjectName)
		b.ServiceTemplate[s.ObjectName] = s
	}
	add(basketService{ObjectName: "smtp-plus", CheckCommand: &command, CheckInterval: &often, RetryInterval: &soon, MaxAttempts: &attempts,
		Imports: []string{}, Vars: map[string]any{}, Notes: "check_smtp"})
	for _, j := range jobs {
		vars := map[string]any{}
		for _, s := range j.sets {
			vars[customVariable(t.ByName(s.option))] = directorValue(t.ByName(s.option), s)
		}
		add(basketService{ObjectName: "smtp-plus-" + j.name, Imports: []string{"smtp-plus"}, Vars: vars, Notes: j.title})
	}
}

// directorValue is a value as a form would have made it.
func directorValue(r *option.Row, s jobOption) any {
	value := any(noMacros(s.value))
	switch {
	case s.from == named:
		value = "$host.name$"
	case s.value == "" && r.Switch():
		return true
	case s.value == "":
		return r.Unsaid
	}
	if r.Many {
		return []any{value}
	}
	return value
}

// uuid is the same for the same name, so that a basket which is imported again
// replaces what it brought before (RFC 9562, section 5.5, in a space of its own).
func uuid(name string) string {
	var sum [sha1.Size]byte
	fips140.WithoutEnforcement(func() { sum = sha1.Sum([]byte("check_smtp " + name)) }) // hides nothing
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
