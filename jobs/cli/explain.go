package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newExplain(env *environment) *cobra.Command {
	flags := &jobFlags{}
	var profile, record string
	var pair, show bool
	cmd := &cobra.Command{
		Use:   "explain JOB (--profile ID | --record CHANNEL/KEY | --pair A B)",
		Short: "Say why: who was merged, on what evidence, and where each value is from",
		Long:  "Explain resolves the job again and explains one golden record or one pair of\nrecords. Personal values are masked unless --show-values is given.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if want := map[bool]int{false: 1, true: 3}[pair]; len(args) != want {
				return usageError{fmt.Errorf("usage: %s", cmd.UseLine())}
			}
			c, err := env.config(args[0], flags)
			if err != nil {
				return err
			}
			p := &explainer{w: env.out, show: show}
			switch {
			case pair:
				x, err := pipeline.ExplainPair(cmd.Context(), c, args[1], args[2])
				if err != nil {
					return err
				}
				p.link(x)
				return nil
			case (profile == "") == (record == ""):
				return usageError{fmt.Errorf("give one of --profile, --record and --pair")}
			case profile != "":
				x, err := pipeline.ExplainProfile(cmd.Context(), c, profile)
				return p.profile(x, err)
			}
			x, err := pipeline.ExplainRecord(cmd.Context(), c, record)
			return p.profile(x, err)
		},
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&profile, "profile", "", "a golden id, or a profile id of one of the job's snapshots")
	cmd.Flags().StringVar(&record, "record", "", "a record, CHANNEL/KEY")
	cmd.Flags().BoolVar(&pair, "pair", false, "two records, each CHANNEL/KEY")
	cmd.Flags().BoolVar(&show, "show-values", false, "print personal values instead of masking them")
	return cmd
}

// explainer prints explanations.
type explainer struct {
	w    io.Writer
	show bool
}

func (p *explainer) profile(x *pipeline.ProfileExplanation, err error) error {
	if err != nil {
		return err
	}
	fmt.Fprintf(p.w, "golden record %s, of %d records\n", x.GoldenID, len(x.Members))
	for _, m := range x.Members {
		fmt.Fprintf(p.w, "  %s%s\n", m, at(m))
	}
	if len(x.Links) > 0 {
		fmt.Fprintf(p.w, "\njoined by\n")
	}
	for i := range x.Links {
		p.link(&x.Links[i])
	}
	if x.Against != nil {
		fmt.Fprintf(p.w, "\nwhat speaks most against it\n")
		p.link(x.Against)
	}
	for _, r := range x.Refused {
		why := "the evidence against outweighed it"
		if r.Constraint != "" {
			why = r.Constraint + " forbade it"
		}
		fmt.Fprintf(p.w, "\nnot joined with %s: %+.1f bits in sum; %s\n", r.GoldenID, r.Weight, why)
	}
	fmt.Fprintf(p.w, "\nvalues\n")
	for _, v := range x.Values {
		fmt.Fprintf(p.w, "  %s, by %s\n", v.Attribute, v.Rule)
		for _, c := range v.Candidates {
			mark, why := "*", ""
			if !c.Survived {
				mark, why = " ", ", lost on "+c.LostOn
			}
			fmt.Fprintf(p.w, "   %s %-28s held by %d, from %s%s%s\n", mark, p.mask(c.Value), c.Held, c.From, at(c.From), why)
		}
	}
	return nil
}

// link prints a pair as a waterfall: the prior, then what each comparison adds.
func (p *explainer) link(x *pipeline.LinkExplanation) {
	fmt.Fprintf(p.w, "  %s ─ %s: %s\n", x.A, x.B, x.By)
	sum := x.Pair.Prior
	fmt.Fprintf(p.w, "    %-16s %8.2f %8.2f  %s\n", "prior", x.Pair.Prior, sum, "how rarely two records at random are one person")
	for _, t := range x.Pair.Terms {
		sum += t.Weight + t.Adjustment
		note := t.Description
		if t.Adjustment != 0 {
			note += fmt.Sprintf("; %+.2f for how common the value is", t.Adjustment)
		}
		fmt.Fprintf(p.w, "    %-16s %+8.2f %8.2f  %s\n", t.Comparison, t.Weight+t.Adjustment, sum, note)
	}
	if x.Pair.Relatives != 0 {
		sum += x.Pair.Relatives
		fmt.Fprintf(p.w, "    %-16s %+8.2f %8.2f  two people of one household agree like this too\n", "relatives", x.Pair.Relatives, sum)
	}
	fmt.Fprintf(p.w, "    %-16s %8s %8.2f  bits: probability %.6f\n", "match weight", "", x.Pair.Weight, x.Pair.Probability())
}

func at(c pipeline.Coordinate) string {
	if c.Time.IsZero() {
		return ""
	}
	return c.Time.Format(", 2006-01-02T15:04:05Z")
}

// mask leaves the first character of each word and the length.
func (p *explainer) mask(s string) string {
	if p.show {
		return s
	}
	words := strings.Fields(s)
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		words[i] = string(first) + strings.Repeat("·", utf8.RuneCountInString(w[size:]))
	}
	return strings.Join(words, " ")
}
