// Package pronoteapi serves the HTTP and GraphQL interface of pronote-api 2, the Node
// program of 2020, over the PRONOTE of today: a client logs in to a school by
// POST /auth/login, gets a token, and asks for the data of a pupil or of a parent's
// children by POST /graphql.
//
// It keeps what clients can see: paths, bodies, sentences and codes of errors, the two
// schemas, the ids of things. Where the original was wrong or dangerous it does
// better; docs/pronote-api.md has the list.
package pronoteapi
