package main

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
)

// namesToType asks the mirror for names, for a shell that completes them. It prints
// nothing, whatever goes wrong.
func (a *app) namesToType(ctx context.Context, read func(context.Context, *db.Tx) ([]string, error)) (names []string, err error) {
	path, err := config.Find(a.config)
	if err != nil {
		return nil, err
	}
	c, err := config.LoadToRead(path)
	if err != nil {
		return nil, err
	}
	store, err := openFilled(ctx, c, db.OpenReadOnly)
	if err != nil {
		return nil, err
	}
	err = store.View(ctx, func(tx *db.Tx) (err error) {
		names, err = read(ctx, tx)
		return err
	})
	return names, errors.Join(err, store.Close())
}

func accountsToType(ctx context.Context, tx *db.Tx) (names []string, err error) {
	accounts, err := tx.Accounts(ctx)
	for _, account := range accounts {
		names = append(names, account.Name)
	}
	return names, err
}

// pupilsToType are first names, which have no spaces and are understood.
func pupilsToType(ctx context.Context, tx *db.Tx) (names []string, err error) {
	accounts, err := tx.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, account := range accounts {
		students, err := tx.Students(ctx, account.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range students {
			if words := strings.Fields(cmp.Or(s.Alias, s.Name)); !s.Holder && len(words) > 0 {
				names = append(names, words[len(words)-1])
			}
		}
	}
	return names, nil
}
