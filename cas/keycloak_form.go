package cas

import "net/url"

// keycloakForm is a CAS that asks a Keycloak, whose form counts on the address
// it was given with: nothing of it is made up here.
var keycloakForm = engine{
	expects: "the form kc-form-login",
	readers: []reader{localForm(always("form#kc-form-login"), "username", "password", url.Values{"credentialId": {""}})},
}
