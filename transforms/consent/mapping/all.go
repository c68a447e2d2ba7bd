package mapping

import (
	schema "concord/schemas/consent"
	"embed"
	"sync"
)

//go:embed data/*.json
var data embed.FS

// all is the one list of mappings, in name order. Each has its file in data/
// and a fixture in testdata/.
var all = []string{
	"adobe_xdm",
	"mparticle",
	"onetrust",
	"salesforce_contact_point_consent",
	"segment",
	"unomi",
}

var loaded = sync.OnceValue(func() map[string]*file {
	files := map[string]*file{}
	for _, name := range all {
		text, err := data.ReadFile("data/" + name + ".json")
		if err == nil {
			files[name], err = load(text)
		}
		if err != nil {
			panic(err) // the embedded files are ours, and a test loads them
		}
	}
	return files
})

// Names lists the mappings, in name order.
func Names() []string { return append([]string(nil), all...) }

// For is the mapping of that name, without purposes of a job's own.
func For(name string) (*Mapping, bool) {
	f, ok := loaded()[name]
	if !ok {
		return nil, false
	}
	return newMapping(f, schema.DefaultRegistry(), nil), true
}
