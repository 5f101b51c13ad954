package notekfet

import "context"

// GenerateResetPassword has a token mailed to the owner of an account.
func (c *Client) GenerateResetPassword(ctx context.Context, name, firstName, mail string) error {
	return c.do(ctx, "generate_reset_password", map[string]string{"nom": name, "prenom": firstName, "mail": mail})
}

// ConfirmResetPassword chooses a password with a token.
func (c *Client) ConfirmResetPassword(ctx context.Context, token, password string) error {
	return c.do(ctx, "confirm_reset_password", []string{token, password})
}
