package cli

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"concord/schemas/attribute"
	"concord/schemas/model"
)

func newModel(env *environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: "Exchange match models with Splink",
		Long:  "Model reads and writes the settings files of Splink 4, for comparisons that both\nprograms can make: the same match weights to 1e-9 bits. What one of them cannot\nexpress is refused by name.",
	}
	cmd.AddCommand(newModelImport(env), newModelExport(env))
	return cmd
}

func newModelImport(env *environment) *cobra.Command {
	var output string
	var columns []string
	cmd := &cobra.Command{
		Use:   "import SPLINK",
		Short: "Make a match model of a trained Splink settings file",
		Long:  "Import makes a match model of a trained Splink settings file, for a job's\n`match: {model: FILE}`. Comparisons, levels, m, u, term frequencies and the prior\nare Splink's; blocking rules are kept for the record, a job proposes its own.",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			known, err := columnNames(columns)
			if err != nil {
				return usageError{err}
			}
			return convert(env, args[0], output, func(text []byte) ([]byte, error) {
				m, err := model.ImportSplink(text, known)
				if err != nil {
					return nil, err
				}
				return m.JSON()
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "model.json", "where the match model goes")
	cmd.Flags().StringArrayVar(&columns, "column", nil, "what a Splink column is, as mail=email; attributes' own names and Splink's usual ones are known")
	return cmd
}

func newModelExport(env *environment) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "export MODEL",
		Short: "Make a Splink settings file of a match model",
		Long:  "Export makes a Splink settings file of a match model whose comparisons are by\nthresholds on one attribute. Columns carry the attributes' names.",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return convert(env, args[0], output, func(text []byte) ([]byte, error) {
				m, err := model.Parse(text)
				if err != nil {
					return nil, err
				}
				return m.ExportSplink()
			})
		},
	}
	cmd.Flags().StringVar(&output, "output", "splink.json", "where the settings file goes")
	return cmd
}

// convert makes one file of another.
func convert(env *environment, input, output string, make func([]byte) ([]byte, error)) error {
	text, err := os.ReadFile(input)
	if err != nil {
		return usageError{err}
	}
	out, err := make(text)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", input, err)}
	}
	if err := os.WriteFile(output, out, 0o644); err != nil {
		return fmt.Errorf("write the model: %w", err)
	}
	fmt.Fprintln(env.out, output)
	return nil
}

// columnNames reads COLUMN=ATTRIBUTE.
func columnNames(list []string) (map[string]attribute.Name, error) {
	out := map[string]attribute.Name{}
	for _, text := range list {
		column, name, ok := strings.Cut(text, "=")
		n := attribute.Name(name)
		if _, known := attribute.Lookup(n); !ok || column == "" || !known {
			return nil, fmt.Errorf("--column %s: want COLUMN=ATTRIBUTE, with one of the attributes in jobs/docs/job-file.md", text)
		}
		out[column] = n
	}
	return out, nil
}
