package ledger

import (
	"fmt"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// An Item is a button pressed for an account, some times.
type Item struct{ Button, Account, Quantity int64 }

// Sell charges buttons to accounts, in their order, each seeing the effect of
// those before. The outcomes are in the same order. An amount that cannot be
// counted refuses them all.
func (tx *Tx) Sell(items []Item, by By) ([]Outcome, error) {
	buttons := make([]*Button, len(items))
	for i, item := range items {
		b, err := tx.button(item.Button)
		if err != nil {
			return nil, err
		}
		if b == nil {
			continue
		}
		if _, ok := total(item.Quantity, b.Price); !ok {
			return nil, notekfet.Refuse(notekfet.BadParameter, "la quantité %d est trop grande", item.Quantity)
		}
		buttons[i] = b
	}
	outcomes := make([]Outcome, len(items))
	for i, item := range items {
		b := buttons[i]
		if b == nil {
			outcomes[i] = Outcome{Code: notekfet.NoButtonOrAccount, Text: fmt.Sprintf("le bouton %d n'existe pas", item.Button)}
			continue
		}
		var err error
		outcomes[i], err = tx.move(Move{
			Kind: Sale, From: item.Account, To: b.Recipient, Quantity: item.Quantity, Unit: b.Price, Description: b.Label, Category: b.Category,
		}, by)
		if err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// Transfer moves an amount from each emitter to each recipient, emitters outside.
func (tx *Tx) Transfer(from, to []int64, amount notekfet.Cents, reason string, by By) ([]Outcome, error) {
	var outcomes []Outcome
	for _, f := range from {
		for _, t := range to {
			o, err := tx.move(Move{Kind: Transfer, From: f, To: t, Quantity: 1, Unit: amount, Description: reason, Category: "Transferts"}, by)
			if err != nil {
				return nil, err
			}
			outcomes = append(outcomes, o)
		}
	}
	return outcomes, nil
}

// Give moves an amount from the caller to each recipient.
func (tx *Tx) Give(to []int64, amount notekfet.Cents, reason string, by By) ([]Outcome, error) {
	var outcomes []Outcome
	for _, t := range to {
		o, err := tx.move(Move{Kind: Gift, From: by.ID, To: t, Quantity: 1, Unit: amount, Description: reason, Category: "Dons"}, by)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, o)
	}
	return outcomes, nil
}

// A Payment is how money comes into the ledger or leaves it.
type Payment struct {
	Means                 string // one of Means
	Name, FirstName, Bank string // for all but cash
	Reason                string
}

// means are the accounts that stand for the world outside.
var means = map[string]int64{"especes": -1, "cheque": -2, "virement": -3, "cb": -4, "soge": -5}

// IsMeans reports whether a word names a means of payment.
func IsMeans(word string) bool { return means[word] != 0 }

// Credit puts money on an account.
func (tx *Tx) Credit(to int64, amount notekfet.Cents, p Payment, by By) (Outcome, error) {
	return tx.pay(Move{Kind: Credit, From: means[p.Means], To: to, Quantity: 1, Unit: amount}, p, by)
}

// Withdraw takes money from an account.
func (tx *Tx) Withdraw(from int64, amount notekfet.Cents, p Payment, by By) (Outcome, error) {
	return tx.pay(Move{Kind: Withdrawal, From: from, To: means[p.Means], Quantity: 1, Unit: amount}, p, by)
}

func (tx *Tx) pay(m Move, p Payment, by By) (Outcome, error) {
	m.Category, m.Description = map[Kind]string{Credit: "Crédits", Withdrawal: "Retraits"}[m.Kind], p.Reason
	if m.Description == "" {
		m.Description = map[Kind]string{Credit: "Crédit ", Withdrawal: "Retrait "}[m.Kind] + p.Means
	}
	o, err := tx.move(m, by)
	if err != nil || o.ID == 0 {
		return o, err
	}
	switch p.Means {
	case "cheque":
		_, err = tx.exec(`INSERT INTO cheques (idtransaction, nom, prenom, banque, date) VALUES (?1, ?2, ?3, ?4, ?5)`,
			o.ID, p.Name, p.FirstName, p.Bank, Time{tx.Now})
	case "virement":
		_, err = tx.exec(`INSERT INTO virements (idtransaction, nom, prenom, banque, date) VALUES (?1, ?2, ?3, ?4, ?5)`,
			o.ID, p.Name, p.FirstName, p.Bank, Time{tx.Now})
	}
	return o, err
}
