package print

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// members are those that Director's exports have, of the objects that a basket of
// ours holds. Director refuses others.
var members = map[string]string{
	"Command": "arguments command disabled fields imports is_string methods_execute object_name object_type timeout vars zone uuid",
	"ServiceTemplate": `action_url apply_for assign_filter check_command check_interval check_period check_timeout command_endpoint disabled display_name
		enable_active_checks enable_event_handler enable_flapping enable_notifications enable_passive_checks enable_perfdata event_command fields
		flapping_threshold_high flapping_threshold_low groups host icon_image icon_image_alt imports max_check_attempts notes notes_url object_name
		object_type retry_interval service_set template_choice use_agent use_var_overrides vars volatile zone uuid`,
	"DataList":  "list_name owner entries uuid",
	"Datafield": "varname caption description datatype format settings uuid category",
}

// TestBasket: the basket has the shape of an export, and what names another part of
// it finds it.
func TestBasket(t *testing.T) {
	var b map[string]map[string]map[string]any
	if err := json.Unmarshal([]byte(director(whole)), &b); err != nil {
		t.Fatal(err)
	}
	seen, uuids := map[string]bool{}, map[string]bool{}
	valid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	for kind, objects := range b {
		for name, object := range objects {
			for member := range object {
				if !slices.Contains(strings.Fields(members[kind]), member) {
					t.Errorf("%s %s has a member %q", kind, name, member)
				}
			}
			id, _ := object["uuid"].(string)
			if !valid.MatchString(id) || uuids[id] {
				t.Errorf("%s %s: uuid %q", kind, name, id)
			}
			uuids[id] = true
			if varname, ok := object["varname"].(string); ok {
				seen[varname] = true
			}
		}
	}
	if len(b["Command"]) != 1 || len(b["ServiceTemplate"]) != len(jobs)+1 || len(b) != len(members) {
		t.Errorf("there are %v", slices.Collect(maps.Keys(b)))
	}
	linked(t, b, seen)
}

// linked minds that names in a basket are of something that is in it.
func linked(t *testing.T, b map[string]map[string]map[string]any, variables map[string]bool) {
	command := b["Command"]["smtp_plus"]
	if fields := command["fields"].([]any); len(fields) != len(b["Datafield"]) || len(fields) != len(command["arguments"].(map[string]any)) {
		t.Errorf("%d fields, %d of them defined", len(fields), len(b["Datafield"]))
	}
	for id, field := range b["Datafield"] {
		settings := field["settings"].(map[string]any)
		if list, has := settings["datalist"]; has && b["DataList"][list.(string)] == nil {
			t.Errorf("field %s: there is no list %q", id, list)
		}
		if kind, found := strings.CutPrefix(field["datatype"].(string), `Icinga\Module\Director\DataType\DataType`); !found || !slices.Contains([]string{"String", "Boolean", "Array", "Number", "Datalist"}, kind) {
			t.Errorf("field %s: %v", id, field["datatype"])
		}
	}
	for name, service := range b["ServiceTemplate"] {
		for _, parent := range service["imports"].([]any) {
			if b["ServiceTemplate"][parent.(string)] == nil {
				t.Errorf("%s imports %q", name, parent)
			}
		}
		for variable := range service["vars"].(map[string]any) {
			if !variables[variable] {
				t.Errorf("%s sets %s, which no field has", name, variable)
			}
		}
	}
}
