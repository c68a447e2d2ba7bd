package report

import "sort"

type datasetFacets struct {
	Schema        *schemaFacet        `json:"schema,omitempty"`
	DataSource    *dataSourceFacet    `json:"dataSource,omitempty"`
	Storage       *storageFacet       `json:"storage,omitempty"`
	Version       *versionFacet       `json:"version,omitempty"`
	Tags          *tagsFacet          `json:"tags,omitempty"`
	ColumnLineage *columnLineageFacet `json:"columnLineage,omitempty"`
	Assertions    *assertionsFacet    `json:"dataQualityAssertions,omitempty"`
}

type schemaFacet struct {
	base
	Fields []schemaField `json:"fields"`
}

type schemaField struct {
	Name        string `json:"name"`
	Type        string `json:"type,omitempty"`
	Description string `json:"description,omitempty"`
}

type dataSourceFacet struct {
	base
	Name string `json:"name"`
}

type storageFacet struct {
	base
	Layer  string `json:"storageLayer"`
	Format string `json:"fileFormat"`
}

type versionFacet struct {
	base
	Version string `json:"datasetVersion"`
}

type tagsFacet struct {
	base
	Tags []tag `json:"tags"`
}

type tag struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`
	Field  string `json:"field,omitempty"`
}

type assertionsFacet struct {
	base
	Assertions []assertion `json:"assertions"`
}

type assertion struct {
	Assertion string `json:"assertion"`
	Success   bool   `json:"success"`
}

type columnLineageFacet struct {
	base
	Fields map[string]columnInputs `json:"fields"`
}

type columnInputs struct {
	Inputs []columnInput `json:"inputFields"`
}

type columnInput struct {
	Namespace       string           `json:"namespace"`
	Name            string           `json:"name"`
	Field           string           `json:"field"`
	Transformations []transformation `json:"transformations"`
}

type transformation struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	Description string `json:"description"`
	Masking     bool   `json:"masking"`
}

type inputFacets struct {
	Statistics *statisticsFacet `json:"inputStatistics,omitempty"`
	Metrics    *metricsFacet    `json:"dataQualityMetrics,omitempty"`
}

type outputFacets struct {
	Statistics *statisticsFacet `json:"outputStatistics,omitempty"`
}

type statisticsFacet struct {
	base
	Rows  int64 `json:"rowCount"`
	Size  int64 `json:"size"`
	Files int64 `json:"fileCount"`
}

type metricsFacet struct {
	base
	Rows    int64                   `json:"rowCount"`
	Bytes   int64                   `json:"bytes"`
	Files   int64                   `json:"fileCount"`
	Columns map[string]columnMetric `json:"columnMetrics"`
}

type columnMetric struct {
	Nulls    int64 `json:"nullCount"`
	Distinct int64 `json:"distinctCount"`
}

func (b *builder) dataSource() *dataSourceFacet {
	return &dataSourceFacet{b.base("1-0-1/DatasourceDatasetFacet"), b.options.DatasetNamespace}
}

func (b *builder) storage(format string) *storageFacet {
	return &storageFacet{b.base("1-0-1/StorageDatasetFacet"), "file", format}
}

func (b *builder) inputSchema(c *Channel) *schemaFacet {
	f := &schemaFacet{b.base("1-1-1/SchemaDatasetFacet"), []schemaField{}}
	for _, col := range c.Columns {
		f.Fields = append(f.Fields, schemaField{Name: col.Name, Description: "fills " + col.Attribute})
	}
	return f
}

func (b *builder) outputSchema(t *outputTable) *schemaFacet {
	f := &schemaFacet{b.base("1-1-1/SchemaDatasetFacet"), []schemaField{}}
	for _, col := range t.columns {
		f.Fields = append(f.Fields, schemaField{Name: col.Name, Type: col.Type})
	}
	return f
}

func (b *builder) tags(t *outputTable) *tagsFacet {
	f := &tagsFacet{b.base("1-0-0/TagsDatasetFacet"), []tag{}}
	if t.purpose != "" {
		f.Tags = append(f.Tags, tag{"purpose", t.purpose, "CONCORD", ""})
	}
	for _, c := range t.columns {
		f.Tags = append(f.Tags, tag{"data_category", c.Category, "CONCORD", c.Name}, tag{"sensitivity", c.Sensitivity, "CONCORD", c.Name})
	}
	return f
}

func (b *builder) assertions(t *outputTable) *assertionsFacet {
	f := &assertionsFacet{base: b.base("1-1-0/DataQualityAssertionsDatasetFacet")}
	for _, c := range b.manifest.Checks {
		if c.Snapshot == "" || c.Snapshot == t.snapshot {
			f.Assertions = append(f.Assertions, assertion{c.Name, c.Passed})
		}
	}
	if len(f.Assertions) == 0 {
		return nil
	}
	return f
}

func (b *builder) metrics(c *Channel, files, size int64) *metricsFacet {
	f := &metricsFacet{b.base("1-0-2/DataQualityMetricsInputDatasetFacet"), c.Rows.Accepted, size, files, map[string]columnMetric{}}
	for _, col := range c.Columns {
		f.Columns[col.Name] = columnMetric{c.Rows.Accepted - col.Filled, col.Distinct}
	}
	return f
}

// influences says in OpenLineage's terms how an input column bears on an
// output column.
var influences = map[Influence]transformation{
	Value:     {"DIRECT", "TRANSFORMATION", "normalized", false},
	Survivor:  {"INDIRECT", "CONDITIONAL", "chooses the surviving value", false},
	MatchKey:  {"INDIRECT", "JOIN", "decides which records are one person", false},
	Permitted: {"INDIRECT", "FILTER", "decides what may be shown", false},
}

func (b *builder) columnLineage(t *outputTable) *columnLineageFacet {
	f := &columnLineageFacet{b.base("1-2-0/ColumnLineageDatasetFacet"), map[string]columnInputs{}}
	for _, c := range t.columns {
		if len(c.From) == 0 {
			continue
		}
		inputs := []columnInput{}
		for _, s := range c.From {
			how := influences[s.How]
			how.Masking = s.Masked
			inputs = append(inputs, columnInput{b.options.DatasetNamespace, b.read(s.Channel), s.Column, []transformation{how}})
		}
		sort.SliceStable(inputs, func(i, j int) bool {
			if inputs[i].Name != inputs[j].Name {
				return inputs[i].Name < inputs[j].Name
			}
			return inputs[i].Field < inputs[j].Field
		})
		f.Fields[c.Name] = columnInputs{inputs}
	}
	if len(f.Fields) == 0 {
		return nil
	}
	return f
}

// read is the dataset name of a channel.
func (b *builder) read(channel string) string {
	for _, c := range b.manifest.Channels {
		if c.Name == channel {
			return c.Read
		}
	}
	return channel
}
