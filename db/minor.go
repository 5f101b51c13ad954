package db

// The reasons why an event is hardly worth a message, or another one than its kind
// says: what Event.Minor may be. They are one word each, so that a rule may name them
// and an answer to "why was I not told?" may quote them.
const (
	// MinorTypo is a correction of at most three letters, or of spaces, that leaves
	// every figure, day, number and negation as it was.
	MinorTypo = "typo"

	// MinorPrefix is a title that has "URGENT :", "[Rappel]" or the like put before it,
	// or taken away, and is otherwise the same.
	MinorPrefix = "prefix"

	// MinorTitle, MinorDate and MinorCoefficient are corrections of a test that leave
	// the mark itself as it was. Of several the last of these is named.
	MinorTitle       = "title"
	MinorDate        = "date"
	MinorCoefficient = "coefficient"

	// MinorDrift is a mark of which only the class's average, minimum or maximum moved,
	// as they do with every other pupil's mark.
	MinorDrift = "drift"

	// MinorSubject is the average of one subject, which the mark that moved it shows too.
	MinorSubject = "subject"

	// MinorNoLevel is an evaluation in which no level was given yet. With the first one
	// it is told as new.
	MinorNoLevel = "no_level"

	// MinorNothing is homework that says there is none, such as "Pas de devoirs".
	MinorNothing = "nothing"

	// MinorText is a punishment of which only the words or the files changed, and no day,
	// hour or length.
	MinorText = "text"

	// MinorEnded is an absence of which the only news is that it is over. It is not
	// longer than it was.
	MinorEnded = "ended"

	// MinorSame is a room that has another spelling, and is the same.
	MinorSame = "same"

	// MinorTold is what another event has told: a detention on the timetable whose
	// punishment gives its day and hour.
	MinorTold = "told"

	// MinorOver is what was over when it was noticed: a lesson of this morning, work
	// that was due yesterday.
	MinorOver = "over"

	// MinorBack is a row that was withdrawn and is there again as it was: "restored", not
	// new. It is worth a message to whoever was told of the withdrawal.
	MinorBack = "back"
)
