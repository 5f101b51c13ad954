package cas

import "strings"

// shibWayfEduConnect is a portal behind a Shibboleth discovery page, which asks
// where one's account is.
var shibWayfEduConnect = engine{
	eduConnect: true, expects: "a discovery page, or " + eduConnectForm, readers: withEduConnect(shibDiscovery),
}

var shibDiscovery = reader{"shibboleth discovery", func(_ *walk, p *page) (*step, error) {
	for _, f := range p.forms {
		if f.has("origin") || strings.HasSuffix(p.url.Path, "/WAYF") && !f.has("SAMLRequest") {
			return f.submit(map[string]string{"origin": "https://" + eduConnectHost + "/idp", "action": "selection"}), nil
		}
	}
	return nil, nil
}}
