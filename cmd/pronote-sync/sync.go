package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/notifiers"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) syncCommand() *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "sync [ACCOUNT…]",
		Short: "Look at PRONOTE once, store what changed and send the messages",
		RunE: func(cmd *cobra.Command, accounts []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			if accounts, err = accountNames(c, accounts); err != nil {
				return err
			}
			if dryRun {
				return a.syncDry(cmd, c, accounts)
			}
			return a.syncOnce(cmd, c, accounts)
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "write nothing and send nothing: print what would be stored and sent")
	cmd.Flags().BoolVar(&a.anew, "new", false, "begin a new database where the one of before is gone")
	return cmd
}

// accountNames are the accounts that the command line names, or all.
func accountNames(c *config.Config, wanted []string) ([]string, error) {
	var all []string
	for _, account := range c.Accounts {
		all = append(all, account.Name)
	}
	return named("account", c.Path, wanted, all)
}

// pollQuestion looks at accounts once. The answer is a table of what was found.
var pollQuestion = question[[]string, string]{"poll", func(ctx context.Context, to respondent, accounts []string) (string, error) {
	var table strings.Builder
	err := pollAll(ctx, to.engine, accounts, func(account string, result psync.Result) { printResult(&table, to.config.Language, account, result) })
	return table.String(), err
}}

// syncOnce looks at accounts and sends the resulting messages; a running daemon
// sends its own.
func (a *app) syncOnce(cmd *cobra.Command, c *config.Config, accounts []string) error {
	if a.besideDaemon(cmd, c) {
		table, err := pollQuestion.post(cmd.Context(), c, accounts)
		_, _ = fmt.Fprint(cmd.OutOrStdout(), table) // nobody reads on
		return err
	}
	bar := newProgress(cmd.ErrOrStderr(), a.language)
	refusals := map[string]*refusal{}
	return a.with(cmd, c, func(settings *psync.Config) {
		settings.Progress = bar.step
		settings.Recipients = nil
		for _, r := range c.Recipients {
			refusals[r.Name] = &refusal{Notifier: r.Notifier, recipient: r.Name}
			r.Notifier = refusals[r.Name]
			settings.Recipients = append(settings.Recipients, r)
		}
	}, func(ctx context.Context, engine *psync.Engine) error {
		if filled, err := holdsMirror(ctx, engine.Config.Store); err == nil && !filled && bar.out != nil {
			_, _ = fmt.Fprintln(bar.out, a.in("The first look reads the whole school year, in a minute or two. Ctrl-C stops it: what was read is kept, and pronote-sync sync goes on from there."))
		}
		table, err := pollQuestion.answer(ctx, respondent{engine: engine, config: c}, accounts)
		bar.done()
		_, _ = fmt.Fprint(cmd.OutOrStdout(), table) // nobody reads on
		for _, r := range c.Recipients {
			_, deliverErr := engine.Deliver(ctx, r.Name)
			err = errors.Join(err, deliverErr, refusals[r.Name].err)
		}
		return err
	})
}

// A refusal is a recipient's channel, with the last failure of it. The engine
// counts a failure as an outcome, and tries again later; a person who runs sync by
// hand must be told now.
type refusal struct {
	notifiers.Notifier
	recipient string
	err       error
}

// Deliver implements notifiers.Notifier.
func (r *refusal) Deliver(ctx context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	receipt, err := r.Notifier.Deliver(ctx, m)
	if err != nil {
		r.err = channelError{r.recipient, err}
	}
	return receipt, err
}

// pollAll polls each account, twice where a list shrank so much that one look
// is not believed.
func pollAll(ctx context.Context, engine *psync.Engine, accounts []string, report func(string, psync.Result)) error {
	var errs []error
	for _, name := range accounts {
		result, err := engine.Poll(ctx, name)
		if err == nil && result.Doubted {
			first := result
			result, err = engine.Poll(ctx, name)
			result = together(first, result)
		}
		if err != nil {
			// After a poll that broke off, only domains that hold something were
			// surely read.
			result.Domains = slices.DeleteFunc(result.Domains, func(d psync.DomainResult) bool { return d.Seen == 0 })
			errs = append(errs, atSchool(name, err))
		}
		report(name, result)
		for _, d := range result.Domains {
			if err == nil && d.Err != nil {
				errs = append(errs, atSchool(name, fmt.Errorf("%s: %w", d.Domain, d.Err)))
			}
		}
	}
	return errors.Join(errs...)
}

// together is what two polls of an account did: what the second saw, and what
// both wrote.
func together(first, second psync.Result) psync.Result {
	second.Files = append(first.Files, second.Files...)
	for i := range second.Domains {
		d := &second.Domains[i]
		d.Added += first.Domains[i].Added
		d.Changed += first.Domains[i].Changed
		d.Removed += first.Domains[i].Removed
	}
	return second
}

func printResult(out io.Writer, language, account string, result psync.Result) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range result.Domains {
		switch {
		case d.Err != nil:
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", account, d.Domain, say.Text(language, "not read"))
		case d.Unavailable:
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", account, d.Domain, say.Text(language, "not shown by the school"))
		default:
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", account, d.Domain, say.To(language, "%d seen\t%d added\t%d changed\t%d removed", d.Seen, d.Added, d.Changed, d.Removed))
		}
	}
	_ = table.Flush() // standard output is gone: nobody reads on
}
