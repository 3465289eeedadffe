package kdbx

// Tree is a database in the form of a decoded JSON document:
//
//	{"groups": [{"title": "Root", "groups": [...], "entries": [
//	    {"title": "mx1", "username": "monitor", "password": "...", "url": "",
//	     "notes": "", "comment": ""}]}],
//	 "Meta": {...}, "Root": {"Group": [{"Name": ..., "Entry": [...]}]}}
//
// The first half is what the examples of Centreon's plugins search: it has
// neither the earlier versions of an entry nor the recycle bin, and further
// fields of an entry by their own names. The second half is the document as
// KeePass::Reader, Centreon's library, gives it.
func Tree(root *element) any {
	doc, ok := plain(root).(map[string]any)
	if !ok {
		doc = map[string]any{}
	}
	meta := root.child("Meta")
	bin := meta.child("RecycleBinUUID").text
	if meta.child("RecycleBinEnabled").text == "False" {
		bin = ""
	}
	doc["groups"] = groups(root.child("Root"), bin)
	return doc
}

// groups are the groups right below an element but the recycle bin.
func groups(parent *element, bin string) []any {
	list := []any{}
	for _, e := range parent.children {
		if e.name != "Group" || bin != "" && e.child("UUID").text == bin {
			continue
		}
		entries := []any{}
		for _, c := range e.children {
			if c.name == "Entry" {
				entries = append(entries, fields(c))
			}
		}
		list = append(list, map[string]any{"title": e.child("Name").text, "entries": entries, "groups": groups(e, bin)})
	}
	return list
}

// fields are the texts of an entry by their names.
func fields(entry *element) map[string]any {
	names := map[string]string{"Title": "title", "UserName": "username", "Password": "password", "URL": "url", "Notes": "notes"}
	all := map[string]any{}
	for _, e := range entry.children {
		if e.name != "String" {
			continue
		}
		key := e.child("Key").text
		if name, ok := names[key]; ok {
			key = name
		}
		all[key] = e.child("Value").text
	}
	if notes, ok := all["notes"]; ok {
		all["comment"] = notes
	}
	return all
}

// plain is an element as XML::LibXML::Simple gives it: a text, or an object
// with the attributes and the children; those of one name are a list if there
// are several, and groups and entries always.
func plain(e *element) any {
	if len(e.children) == 0 && e.attrs == nil {
		return e.text
	}
	object := map[string]any{}
	for name, text := range e.attrs {
		object[name] = text
	}
	if len(e.children) == 0 {
		object["content"] = e.text
	}
	for _, c := range e.children {
		switch before := object[c.name].(type) {
		case nil:
			object[c.name] = plain(c)
			if c.name == "Group" || c.name == "Entry" {
				object[c.name] = []any{object[c.name]}
			}
		case []any:
			object[c.name] = append(before, plain(c))
		default:
			object[c.name] = []any{before, plain(c)}
		}
	}
	return object
}
