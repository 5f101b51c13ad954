package sync

// Next is the policy of phases, for tests with the errors of a source.
var Next = next
