package wire

// GenerationPDF is the answer to GenerationPDF: where the file is that the server
// has made, below the site.
type GenerationPDF struct {
	URL Text `json:"url"`
}
