package db

import "github.com/pronote-sync/pronote-sync/pronote"

// PersonsView lists who the accounts belong to.
var PersonsView = View{
	Name:  "persons",
	About: "What the school knows of who logs in: address, telephone and the like",
	None:  "There is nobody",
	Shown: "account name address postal_code city email phone",
	when:  "changed_at",
	order: "account, student, name, uid",
}

// Persons keeps what the school knows of who is logged in.
var Persons = Table[pronote.Person]{
	Name: "persons",
	View: PersonsView,
	Columns: []string{
		"name", "kind", "address", "postal_code", "city", "province", "country", "email", "phone", "landline", "ine",
	},
	Fields: func(p *pronote.Person) []any {
		return []any{
			&p.Name, (*string)(&p.Kind), &p.Address, &p.PostalCode, &p.City, &p.Province, &p.Country,
			&p.Email, &p.Phone, &p.Landline, &p.INE,
		}
	},
}
