package report

// The facets of OpenLineage that Concord knows the facts for, each with the
// version of its schema. Fields and meanings follow the specification at
// https://openlineage.io/spec; facets in the order of the event.

// base is what every facet has.
type base struct {
	Producer  string `json:"_producer"`
	SchemaURL string `json:"_schemaURL"`
}

// base names a facet by version and file, as its schema's address does.
func (b *builder) base(facet string) base {
	return base{b.options.Producer, "https://openlineage.io/spec/facets/" + facet + ".json"}
}

type runFacets struct {
	NominalTime *nominalTimeFacet `json:"nominalTime,omitempty"`
	Parent      *parentFacet      `json:"parent,omitempty"`
	Engine      *engineFacet      `json:"processing_engine,omitempty"`
	Parameters  *parametersFacet  `json:"executionParameters,omitempty"`
	Error       *errorFacet       `json:"errorMessage,omitempty"`
}

type nominalTimeFacet struct {
	base
	Start string `json:"nominalStartTime"`
}

type parentFacet struct {
	base
	Run struct {
		RunID string `json:"runId"`
	} `json:"run"`
	Job struct {
		Namespace string `json:"namespace"`
		Name      string `json:"name"`
	} `json:"job"`
}

type engineFacet struct {
	base
	Version string `json:"version"`
	Name    string `json:"name"`
}

type parametersFacet struct {
	base
	Parameters []Parameter `json:"parameters"`
}

type errorFacet struct {
	base
	Message  string `json:"message"`
	Language string `json:"programmingLanguage"`
}

func (b *builder) runFacets(kind EventType) runFacets {
	m := b.manifest
	f := runFacets{
		NominalTime: &nominalTimeFacet{b.base("1-0-1/NominalTimeRunFacet"), moment(m.Run.AsOf)},
		Engine:      &engineFacet{b.base("1-1-1/ProcessingEngineRunFacet"), m.Versions.Concord, "Concord"},
	}
	if p := b.options.Parent; p != nil {
		f.Parent = &parentFacet{base: b.base("1-1-0/ParentRunFacet")}
		f.Parent.Run.RunID = p.RunID
		f.Parent.Job.Namespace, f.Parent.Job.Name = p.JobNamespace, p.JobName
	}
	if len(b.options.Parameters) > 0 {
		f.Parameters = &parametersFacet{b.base("1-0-0/ExecutionParametersRunFacet"), b.options.Parameters}
	}
	if kind == EventFail || kind == EventAbort {
		message := m.Run.Error
		if message == "" {
			message = "the run ended without saying why"
		}
		f.Error = &errorFacet{b.base("1-0-1/ErrorMessageRunFacet"), message, "GO"}
	}
	return f
}

type jobFacets struct {
	Type          *jobTypeFacet       `json:"jobType,omitempty"`
	Documentation *documentationFacet `json:"documentation,omitempty"`
	Ownership     *ownershipFacet     `json:"ownership,omitempty"`
	Source        *sourceFacet        `json:"sourceCodeLocation,omitempty"`
	Lineage       *lineageFacet       `json:"lineage,omitempty"`
}

type jobTypeFacet struct {
	base
	Processing  string `json:"processingType"`
	Integration string `json:"integration"`
	Job         string `json:"jobType"`
}

type documentationFacet struct {
	base
	Description string `json:"description"`
}

type ownershipFacet struct {
	base
	Owners []owner `json:"owners"`
}

type owner struct {
	Name string `json:"name"`
}

type sourceFacet struct {
	base
	SourceCode
}

// lineageFacet is the exact input ─► output edges of the job: an input that
// reached no value of an output has no edge to it.
type lineageFacet struct {
	base
	Entries []lineageEntry `json:"lineage"`
}

type lineageEntry struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Type      string         `json:"type"`
	Inputs    []lineageInput `json:"inputs"`
}

type lineageInput struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Type      string `json:"type"`
}

func (b *builder) jobFacets(columns bool) jobFacets {
	f := jobFacets{Type: &jobTypeFacet{b.base("2-0-3/JobTypeJobFacet"), "BATCH", "CONCORD", "JOB"}}
	if d := b.options.Documentation; d != "" {
		f.Documentation = &documentationFacet{b.base("1-0-1/DocumentationJobFacet"), d}
	}
	if len(b.options.Owners) > 0 {
		f.Ownership = &ownershipFacet{base: b.base("1-0-1/OwnershipJobFacet")}
		for _, o := range b.options.Owners {
			f.Ownership.Owners = append(f.Ownership.Owners, owner{o})
		}
	}
	if b.options.Source != nil {
		f.Source = &sourceFacet{b.base("1-0-1/SourceCodeLocationJobFacet"), *b.options.Source}
	}
	if columns {
		f.Lineage = b.edges()
	}
	return f
}

// edges are nil where no output says what its columns come from.
func (b *builder) edges() *lineageFacet {
	f := &lineageFacet{base: b.base("1-0-0/LineageJobFacet")}
	for _, t := range b.manifest.tables() {
		reached := map[string]bool{}
		known := false
		for _, c := range t.columns {
			for _, s := range c.From {
				known = true
				if s.How == Value || s.How == Survivor {
					reached[s.Channel] = true
				}
			}
		}
		if !known {
			continue
		}
		e := lineageEntry{b.options.DatasetNamespace, t.name, "DATASET", []lineageInput{}}
		for _, c := range b.manifest.Channels {
			if reached[c.Name] {
				e.Inputs = append(e.Inputs, lineageInput{b.options.DatasetNamespace, c.Read, "DATASET"})
			}
		}
		f.Entries = append(f.Entries, e)
	}
	if len(f.Entries) == 0 {
		return nil
	}
	return f
}
