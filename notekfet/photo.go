package notekfet

import (
	"context"
	"encoding/base64"
	"time"
)

// UpdatePhoto replaces the photo of an account. Format is png, jpg, gif or what
// else the server takes.
func (c *Client) UpdatePhoto(ctx context.Context, id int64, photo []byte, format string) error {
	return c.do(ctx, "update_photo", []any{id, base64.StdEncoding.EncodeToString(photo), format})
}

// GetPhoto returns the photo of an account as a PNG.
func (c *Client) GetPhoto(ctx context.Context, id int64) ([]byte, error) {
	return read[[]byte](ctx, c, "get_photo", id)
}

// GetLastModifiedPhoto tells when the photo of an account was changed.
func (c *Client) GetLastModifiedPhoto(ctx context.Context, id int64) (time.Time, error) {
	seconds, err := read[int64](ctx, c, "get_last_modified_photo", id)
	return time.Unix(seconds, 0), err
}
