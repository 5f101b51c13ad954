package sync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// Files says which files of attachments are downloaded, and where to.
type Files struct {
	Dir     string       // made when there is something to keep
	Keep    []string     // of Domains.Files; none downloads nothing
	Most    int64        // bytes of one file; larger ones stay at the school
	PerPoll int          // files; the next poll goes on. 0 for all
	Since   pronote.Date // day of what they hang on; the zero Date for all
	Student string       // whose, as people call the pupil; "" for all
	Restore bool         // also what was downloaded before and is not in the folder any more
}

// restores are the domains whose lists say less than the mirror knows, and whose
// rows are reopened for their files.
func (f Files) restores() map[string]bool {
	domains := map[string]bool{}
	for _, domain := range f.Keep {
		domains[domain] = f.Restore
	}
	return domains
}

// A FileResult is what became of a file that a poll wanted.
type FileResult struct {
	Name string
	Path string // below Files.Dir, with slashes; "" where it was not kept
	Size int64
	Err  error
}

// keepFiles downloads what the policy wants of the files that the poll has
// listed, by the session that listed them. Its error ends the poll; what is wrong
// with a file is in its result.
func (p *poll) keepFiles(ctx context.Context, listed []mirror.ListedFile) ([]FileResult, error) {
	policy := p.policy
	session, ok := p.session.(Downloader)
	if !ok {
		return nil, nil
	}
	var results []FileResult
	var folder *os.Root
	for _, f := range listed {
		wanted, err := p.wants(ctx, policy, f)
		if err == nil && !wanted {
			continue
		}
		if policy.PerPoll > 0 && len(results) == policy.PerPoll {
			break
		}
		if err == nil && folder == nil {
			if folder, err = openFolder(policy.Dir); err == nil {
				defer func() { _ = folder.Close() }() // it was opened to find others in it
			}
		}
		if err != nil { // of this machine, and no fault of the school's
			p.log.Error("files not kept", "error", err)
			return append(results, FileResult{Name: f.File.Name, Err: err}), nil
		}
		r := FileResult{Name: f.File.Name}
		r.Path, r.Size, r.Err = p.keep(ctx, session, folder, policy.Most, f)
		results = append(results, r)
		switch v := p.judge(r.Err); {
		case r.Err == nil:
			continue
		case v.Banned, ctx.Err() != nil:
			return results, r.Err
		case v.Relogin, As[*BudgetError](r.Err):
			p.log.Info("files wait for another poll", "reason", r.Err)
			return results, nil
		}
		p.unkept[f.Item] = p.engine.Now()
		p.log.Warn("file not kept", "domain", f.Domain, "error", r.Err)
	}
	return results, nil
}

// wants reports whether the policy asks for a file that is not there. A file that
// could not be fetched is not asked for again for a while.
func (p *poll) wants(ctx context.Context, policy Files, f mirror.ListedFile) (wanted bool, err error) {
	if !slices.Contains(policy.Keep, f.Domain) || f.Day.Compare(policy.Since) < 0 || within(rereadAfter, p.unkept[f.Item], p.engine.Now()) {
		return false, nil
	}
	if policy.Student != "" && !slices.ContainsFunc(p.students, func(s db.Student) bool { return s.Name == f.Student && s.Called(policy.Student) }) {
		return false, nil
	}
	var kept db.KeptFile
	err = p.engine.Store.View(ctx, func(tx *db.Tx) (err error) {
		kept, err = tx.KeptFile(ctx, f.Item)
		return err
	})
	if err != nil || kept.Path == "" || kept.Outdated || !policy.Restore {
		return kept.Path == "" || kept.Outdated, err
	}
	_, err = os.Stat(path.Join(policy.Dir, kept.Path))
	return err != nil, nil
}

// openFolder opens the folder of the files; nothing outside it can be written
// through it.
func openFolder(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for files %s cannot be made: %w", dir, err)
	}
	folder, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder for files %s cannot be used: %w", dir, err)
	}
	return folder, nil
}

// keep downloads one file, and remembers where it is.
func (p *poll) keep(ctx context.Context, session Downloader, folder *os.Root, most int64, f mirror.ListedFile) (name string, size int64, err error) {
	kept := db.KeptFile{Item: f.Item, At: p.now()}
	err = p.engine.Store.View(ctx, func(tx *db.Tx) (err error) {
		kept.Path, err = freePath(ctx, tx, f)
		return err
	})
	if err != nil {
		return "", 0, err
	}
	if err := folder.MkdirAll(path.Dir(kept.Path), 0o700); err != nil {
		return "", 0, err
	}
	if kept.Size, kept.SHA256, err = fetchFile(ctx, session, f.File, most, folder, kept.Path); err != nil {
		return "", 0, err
	}
	err = p.engine.Store.Update(ctx, func(tx *db.Tx) error { return tx.KeepFile(ctx, kept) })
	return kept.Path, kept.Size, err
}

// fetchFile downloads a file into a folder. Until it is complete its name ends in
// .part, and a later download resumes it where the server can; its modification
// time is the one that the server gives, which identifies the file.
func fetchFile(ctx context.Context, session Downloader, a pronote.Attachment, most int64, folder *os.Root, name string) (size int64, digest string, err error) {
	part := name + ".part"
	var resume pronote.Resume
	if info, err := folder.Lstat(part); err == nil && info.Mode().IsRegular() {
		resume = pronote.Resume{From: info.Size(), Modified: info.ModTime()}
	} else if err == nil {
		return 0, "", fmt.Errorf("%s is not an ordinary file", part)
	}
	file, err := session.Download(ctx, a, most, resume)
	if err != nil {
		if errors.Is(err, pronote.ErrTooLarge) {
			_ = folder.Remove(part) // it has no use any more
		}
		return 0, "", err
	}
	sum := sha256.New()
	size, err = receive(file, folder, part, sum)
	err = errors.Join(err, file.Close())
	if !file.Modified.IsZero() {
		err = errors.Join(err, folder.Chtimes(part, time.Time{}, file.Modified))
	}
	switch {
	case errors.Is(err, pronote.ErrTruncated) && !file.Modified.IsZero():
		return 0, "", err // and the part stays
	case err != nil:
		return 0, "", errors.Join(err, folder.Remove(part))
	}
	return size, hex.EncodeToString(sum.Sum(nil)), folder.Rename(part, name)
}

// receive appends a download to what is already there, and sums up the whole.
func receive(file *pronote.File, folder *os.Root, part string, sum hash.Hash) (size int64, err error) {
	out, err := folder.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := out.Truncate(file.From); err != nil {
		return 0, err
	}
	before, err := io.Copy(sum, out)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(io.MultiWriter(out, sum), file)
	if err != nil {
		return 0, err
	}
	return before + n, out.Sync()
}
