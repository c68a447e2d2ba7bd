package cli

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"concord/jobs/pipeline"
)

func newConsent(env *environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "consent",
		Short: "Ask what was decided about consent, and why",
	}
	cmd.AddCommand(newConsentExplain(env), newConsentDiff(env))
	return cmd
}

func newConsentExplain(env *environment) *cobra.Command {
	var q pipeline.ConsentQuestion
	var asOf string
	cmd := &cobra.Command{
		Use:   "explain JOB --contact-point VALUE --purpose PURPOSE",
		Short: "Say whether a contact point may be used, why, and what would change it",
		Long:  "Explain answers from what is published: it runs nothing. The contact point is\nwritten as a person writes it (an account as SOURCE/KEY); it is hashed and never\nprinted. With --as-of it answers from what was published at that moment.",
		Args:  exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if q.ContactPoint == "" || q.Purpose == "" {
				return usageError{fmt.Errorf("--contact-point and --purpose are needed: whom, and for what")}
			}
			c, err := env.config(args[0], &jobFlags{asOf: asOf})
			if err != nil {
				return err
			}
			if asOf != "" {
				q.AsOf = c.AsOf
			}
			answers, err := pipeline.ExplainConsent(cmd.Context(), c, q)
			if err != nil {
				return err
			}
			for i := range answers {
				printConsent(env.out, &answers[i])
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&q.ContactPoint, "contact-point", "", "an e-mail address, a telephone number, a device id, or SOURCE/KEY of an account")
	flags.StringVar(&q.Kind, "kind", "", "email, phone, device, account or postal (default: whichever of the first four is known)")
	flags.StringVar(&q.Purpose, "purpose", "", "such as marketing.communications")
	flags.StringVar(&q.Channel, "channel", "", "such as email (default: every channel that a snapshot asks for)")
	flags.StringVar(&q.Brand, "brand", "", "one brand (default: all)")
	flags.StringVar(&asOf, "as-of", "", "what was published at that moment (default: what is published now)")
	return cmd
}

func printConsent(w io.Writer, a *pipeline.ConsentAnswer) {
	fmt.Fprintf(w, "%s, channel %s: snapshot %s of run %s, decided as of %s\n", a.Purpose, a.Channel, a.Snapshot, a.Run, a.RunAsOf.Format(time.RFC3339))
	if len(a.Cells) == 0 {
		fmt.Fprint(w, "\nNOT PERMITTED: no profile holds this contact point\n")
	}
	for i := range a.Cells {
		printCell(w, a, &a.Cells[i])
	}
	if len(a.Events) > 0 {
		fmt.Fprint(w, "\nevents\n")
	}
	for i := range a.Events {
		printEvent(w, &a.Events[i])
	}
	fmt.Fprintln(w)
}

func printCell(w io.Writer, a *pipeline.ConsentAnswer, c *pipeline.CellAnswer) {
	verdict := "NOT PERMITTED"
	switch {
	case c.Ended:
		verdict = "NOT PERMITTED any more"
	case c.Allowed:
		verdict = "PERMITTED"
	}
	brand := ""
	if c.Brand != "" {
		brand = " for brand " + c.Brand
	}
	fmt.Fprintf(w, "\n%s%s: %s of profile %s, basis %s\n", verdict, brand, a.Kind, c.Profile, c.Basis)
	if c.Allowed && !c.ValidUntil.IsZero() {
		verb := "holds"
		if c.Ended {
			verb = "held"
		}
		fmt.Fprintf(w, "  %s until %s if nothing new is said\n", verb, c.ValidUntil.Format(time.RFC3339))
	}
	if c.Allowed && c.Categories != nil {
		fmt.Fprintf(w, "  of what the snapshot shows, only: %s\n", cmp.Or(strings.Join(c.Categories, ", "), "the contact point itself"))
	}
	for _, g := range c.Grounds {
		fmt.Fprintf(w, "  %s: %s\n    what would change it: %s\n", g.Code, g.Meaning, g.Change)
	}
	if c.Ended {
		fmt.Fprint(w, "    what would change it: a renewed consent, and a run that reads it\n")
	}
}

func printEvent(w io.Writer, e *pipeline.EventAnswer) {
	mark, where := " ", "on this contact point"
	if e.Decides {
		mark = "*"
	}
	if !e.Own {
		where = "on another contact point of the profile (" + e.Kind + ")"
	}
	when := e.From.Format(time.RFC3339)
	if e.From.IsZero() {
		when = "always"
	}
	if e.To.Sub(e.From) > time.Second {
		when += " to " + e.To.Format(time.RFC3339)
	}
	fmt.Fprintf(w, "%s %s %s%s", mark, when, e.State, about(e))
	if e.Brand != "" {
		fmt.Fprintf(w, ", brand %s", e.Brand)
	}
	if e.Scope != "" {
		fmt.Fprintf(w, ", scope %s", e.Scope)
	}
	fmt.Fprintf(w, ", %s", where)
	if !e.Until.IsZero() {
		fmt.Fprintf(w, ", until %s", e.Until.Format(time.RFC3339))
	}
	if len(e.Categories) > 0 {
		fmt.Fprintf(w, ", only of %s", strings.Join(e.Categories, ", "))
	}
	if e.Notice != "" {
		fmt.Fprintf(w, ", notice %s", e.Notice)
	}
	what := "event"
	if e.Limit {
		what = "entry"
	}
	fmt.Fprintf(w, "\n    %s %s, read from channel %q object %q row %d\n", what, e.ID, e.Source.Channel, e.Source.Object, e.Source.Row)
}

// about is what an event or a limit is about.
func about(e *pipeline.EventAnswer) string {
	text := ""
	if e.Topic != "" {
		text += " topic " + strconv.Quote(e.Topic)
	}
	if e.Frequency != "" {
		text += " " + e.Frequency
	}
	if e.Purpose == "" {
		return text + " for every purpose"
	}
	return text + " " + e.Purpose + ", channel " + e.Channel
}

func newConsentDiff(env *environment) *cobra.Command {
	var snapshot string
	cmd := &cobra.Command{
		Use:   "diff JOB RUN RUN",
		Short: "List every permission that differs between two runs, and why",
		Long:  "Diff compares the permissions that two runs published, the older first, and\nprints those that flipped as csv; a summary goes to standard error. A run is named\nby its folder under lineage/, or by its id. Profiles whose records were clustered\notherwise, and all of them after a change of key, have other ids: their old\npermissions are listed as gone and their new ones as new.",
		Args:  exactly(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := env.config(args[0], &jobFlags{})
			if err != nil {
				return err
			}
			return env.diff(cmd, c, args[1], args[2], snapshot)
		},
	}
	cmd.Flags().StringVar(&snapshot, "snapshot", "", "one snapshot (default: all)")
	return cmd
}

func (env *environment) diff(cmd *cobra.Command, c *pipeline.Config, before, after, snapshot string) error {
	out := bufio.NewWriter(env.out)
	w := csv.NewWriter(out)
	header := []string{"snapshot", "profile_id", "kind", "token", "brand", "purpose", "channel", "old_allowed", "new_allowed", "old_reasons", "new_reasons", "old_data_categories", "new_data_categories"}
	if err := w.Write(header); err != nil {
		return err
	}
	why := map[string]int64{}
	err := pipeline.DiffConsents(cmd.Context(), c, before, after, snapshot, func(f *pipeline.Flip) error {
		was, is := strings.Join(f.Before, ";"), strings.Join(f.After, ";")
		change := gainOrLoss(f.New)
		if f.Old && f.New {
			change = "other data"
			was, is = kinds(true, f.OldKinds), kinds(true, f.NewKinds)
		}
		why[fmt.Sprintf("%s  %s -> %s", change, orGone(was), orGone(is))]++
		return w.Write([]string{f.Snapshot, f.Profile, f.Kind, f.Token, f.Brand, f.Purpose, f.Channel,
			strconv.FormatBool(f.Old), strconv.FormatBool(f.New), strings.Join(f.Before, ";"), strings.Join(f.After, ";"), kinds(f.Old, f.OldKinds), kinds(f.New, f.NewKinds)})
	})
	if err != nil {
		return err
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	for _, k := range slices.Sorted(maps.Keys(why)) {
		fmt.Fprintf(env.err, "%10s  %s\n", count(why[k]), k)
	}
	if len(why) == 0 {
		fmt.Fprintln(env.err, "no permission differs")
	}
	return out.Flush()
}

// kinds are the kinds of data of a permission as a cell of csv: "*" for all.
func kinds(allowed bool, names []string) string {
	switch {
	case !allowed:
		return ""
	case names == nil:
		return "*"
	case len(names) == 0:
		return "the contact point alone"
	}
	return strings.Join(names, ";")
}

func gainOrLoss(gained bool) string {
	if gained {
		return "gained"
	}
	return "lost  "
}

func orGone(reasons string) string {
	if reasons == "" {
		return "(no such cell)"
	}
	return reasons
}
