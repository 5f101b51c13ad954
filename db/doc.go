// Package db keeps the mirror: one SQLite file that holds what PRONOTE shows,
// every version of it, and the messages that wait to be delivered.
//
// A Store runs transactions; a Table turns one kind of data into rows and back;
// the remaining queries, each with a purpose of its own, are plain SQL in the
// file named after it. Writing goes through Store.Update, reading through
// Store.View, and a transaction that changes nothing writes nothing to disk.
package db
