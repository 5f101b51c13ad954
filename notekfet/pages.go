package notekfet

import "context"

// DjangoGetAccessiblePages lists the pages of the web site that the session may
// open.
func (c *Client) DjangoGetAccessiblePages(ctx context.Context) ([]string, error) {
	return read[[]string](ctx, c, "django_get_accessible_pages", nil)
}
