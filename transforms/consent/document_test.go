package consent

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	schema "concord/schemas/consent"
)

var update = flag.Bool("update", false, "rewrite the tables of schemas/docs/consent.md")

const document = "../../schemas/docs/consent.md"

// The tables of the privacy officer's page are those that the program uses.
func TestDocumentIsCurrent(t *testing.T) {
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	for _, block := range []struct{ name, text string }{
		{"decisions", renderDecisions(readStories(t))},
		{"reasons", renderReasons()},
		{"purposes", renderPurposes(schema.DefaultRegistry())},
		{"policy", renderPolicy(schema.DefaultPolicy())},
	} {
		head, rest, found := strings.Cut(page, "<!-- "+block.name+" -->\n")
		_, tail, closed := strings.Cut(rest, "<!-- end -->")
		if !found || !closed {
			t.Fatalf("%s has no place for the table %q", document, block.name)
		}
		page = head + "<!-- " + block.name + " -->\n" + block.text + "<!-- end -->" + tail
	}
	if page == string(data) {
		return
	}
	if !*update {
		t.Fatalf("%s is not current: run go test ./transforms/consent -run TestDocumentIsCurrent -update", document)
	}
	if err := os.WriteFile(document, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

func renderDecisions(stories []story) string {
	var b strings.Builder
	section := ""
	for i, s := range stories {
		if s.section != section {
			section = s.section
			fmt.Fprintf(&b, "\n### %s\n\n| # | situation | what is known | asked | answer |\n|---|---|---|---|---|\n", section)
		}
		says := "**" + strings.ReplaceAll(s.name, "_", " ") + "**: " + s.says
		if s.peer != "" {
			says += " *What goes wrong elsewhere: " + s.peer + ".*"
		}
		facts := star(strings.Join(s.facts, "<br>"))
		for j, a := range s.asks {
			number := strconv.Itoa(i + 1)
			if j > 0 {
				number, says, facts = "", "", ""
			}
			want := strings.ReplaceAll(a.want(), "T00:00:00Z", "")
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", number, says, facts, star(a.shown), strings.ReplaceAll(want, ",", ", "))
		}
	}
	return b.String() + "\n"
}

func renderReasons() string {
	var b strings.Builder
	b.WriteString("\n| code | speaks | meaning | what would change it |\n|---|---|---|---|\n")
	for _, x := range schema.Reasons() {
		speaks := "against"
		if x.Allows {
			speaks = "for"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", x.Code, speaks, x.Meaning, x.Change)
	}
	return b.String() + "\n"
}

func renderPurposes(r *schema.Registry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nRegistry version %s, SHA-256 `%s`.\n\n", r.Version, r.Digest)
	b.WriteString("| purpose | what it is | a denial | DPV | TCF | GPP |\n|---|---|---|---|---|---|\n")
	for _, p := range r.Purposes() {
		denial := "reaches the person"
		if p.About == schema.AboutContactPoint {
			denial = "stays with the contact point"
		}
		key := "`" + p.Key + "`"
		if p.Origin == "concord" {
			key += " (ours)"
		}
		var tcf []string
		for _, id := range p.TCF {
			tcf = append(tcf, strconv.Itoa(id))
		}
		for _, id := range p.TCFSpecial {
			tcf = append(tcf, "special "+strconv.Itoa(id))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", key, p.Title, denial, p.DPV, strings.Join(tcf, ", "), strings.Join(p.GPP, ", "))
	}
	return b.String() + "\n"
}

func renderPolicy(p *schema.Policy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nTable version %s, SHA-256 `%s`. A job names one of these to say what to assume for records without a place: %s.\n",
		p.Version, p.Digest, strings.Join(p.Profiles(), ", "))
	for _, j := range p.Jurisdictions() {
		fmt.Fprintf(&b, "\n### %s (%s)\n\n", j.Name, strings.ReplaceAll(j.Code, "*", `\*`))
		if len(j.Members) > 0 {
			fmt.Fprintf(&b, "Places: %s. ", strings.Join(j.Members, ", "))
		}
		if j.Extends != "" {
			fmt.Fprintf(&b, "Builds on %s. ", j.Extends)
		}
		fmt.Fprintf(&b, "A minor is under %d, a child under %d: %s.%s\n", j.MinorAge, j.GuardianAge, j.Source, forLawyer(j.Review))
		rows := ""
		for _, r := range p.Rows() {
			if r.Jurisdiction != j.Code {
				continue
			}
			source := r.Source
			if r.Note != "" {
				source += " (" + r.Note + ")"
			}
			source += forLawyer(r.Review)
			rows += fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |\n", star(r.Purpose), star(r.Channel), r.Regime,
				limit(r.RefreshDays), limit(r.SoftRefreshDays), r.RevocationScope, strings.Join(r.OtherBases, ", "), source)
		}
		if rows != "" {
			b.WriteString("\n| purpose | channel | regime | renewal, days | customer relationship, days | reach | other bases | source |\n|---|---|---|---|---|---|---|---|\n" + rows)
		}
	}
	return b.String() + "\n"
}

func forLawyer(what string) string {
	if what == "" {
		return ""
	}
	return " *For a lawyer: " + strings.TrimSuffix(what, ".") + ".*"
}

func star(s string) string { return strings.ReplaceAll(s, "*", `\*`) }

func limit(days int) string {
	if days == 0 {
		return "–"
	}
	return strconv.Itoa(days)
}
