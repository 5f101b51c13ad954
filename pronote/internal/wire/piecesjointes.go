package wire

// PieceJointe is a file or a link attached to homework, a notice, a message, the contents of
// a lesson or a punishment. Its genre is 0 for a link, 1 a file, 2 a file of a cloud, 3 the
// page of a publisher, 4 a video.
type PieceJointe struct {
	Element
	URL Text `json:"url"` // of a link; some have it as their label
}
