package setup

import "strings"

// A Provider of e-mail has a server that takes mail from its customers.
type Provider struct {
	Name string
	Host string // of the outgoing server; "" where it takes none from programs
	Port int
	TLS  string // "starttls" or "implicit"
	Note Text   // what its password is
}

// ProviderOf finds the provider of an address by its domain.
func ProviderOf(address string) (Provider, bool) {
	_, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	for _, p := range providers {
		for _, known := range strings.Fields(p.domains) {
			if known == domain {
				return p.Provider, true
			}
		}
	}
	return Provider{}, false
}

// The passwords that providers want of programs.
var (
	usualPassword = Text{
		"Le mot de passe est celui de votre messagerie.",
		"The password is the one of your mailbox.",
	}
	googlePassword = Text{
		"Google ne prend pas votre mot de passe habituel : il faut un « mot de passe d'application », seize lettres faites pour ce programme.\n" +
			"Activez la validation en deux étapes, puis créez-en un : https://myaccount.google.com/apppasswords",
		"Google does not take your usual password: it wants an “app password”, sixteen letters made for this program.\n" +
			"Turn on 2-Step Verification, then make one: https://myaccount.google.com/apppasswords",
	}
	applePassword = Text{
		"Apple veut un « mot de passe pour application » : https://account.apple.com, Connexion et sécurité, Mots de passe pour applications.",
		"Apple wants an “app-specific password”: https://account.apple.com, Sign-In and Security, App-Specific Passwords.",
	}
	yahooPassword = Text{
		"Yahoo veut un « mot de passe d'application » : Infos sur le compte, Sécurité, Générer un mot de passe d'application.",
		"Yahoo wants an “app password”: Account info, Security, Generate app password.",
	}
	appPassword = Text{
		"Ce fournisseur veut un mot de passe fait pour les programmes, que vous créez dans ses réglages de sécurité.",
		"This provider wants a password made for programs, which you make in its security settings.",
	}
	freePassword = Text{
		"Activez d'abord le SMTP authentifié dans votre espace abonné Free. Le mot de passe est celui de votre messagerie.",
		"First turn on authenticated SMTP on Free's page for subscribers. The password is the one of your mailbox.",
	}
	gmxPassword = Text{
		"Autorisez d'abord POP3 et IMAP dans les réglages de la messagerie. Le mot de passe est le vôtre, ou un mot de passe d'application si vous avez la double authentification.",
		"First allow POP3 and IMAP in the settings of the mailbox. The password is yours, or an app password if you use two factors.",
	}
	microsoftPassword = Text{
		"Microsoft n'accepte plus de mot de passe des programmes pour Outlook, Hotmail et Live : prenez une autre adresse d'expéditeur.\n" +
			"Une adresse Outlook peut en revanche recevoir les messages.",
		"Microsoft no longer takes passwords of programs for Outlook, Hotmail and Live: take another address to send from.\n" +
			"An Outlook address can still receive the messages.",
	}
	protonPassword = Text{
		"Proton demande une offre payante et un « jeton SMTP » : Paramètres, IMAP/SMTP, Jetons SMTP. Le mot de passe est ce jeton.",
		"Proton needs a paid plan and an “SMTP token”: Settings, IMAP/SMTP, SMTP tokens. The password is that token.",
	}
)

// providers by their domains.
var providers = []struct {
	domains string
	Provider
}{
	{"gmail.com googlemail.com", Provider{"Gmail", "smtp.gmail.com", 587, "starttls", googlePassword}},
	{"outlook.com outlook.fr hotmail.com hotmail.fr live.com live.fr msn.com", Provider{"Outlook", "", 0, "", microsoftPassword}},
	{"icloud.com me.com mac.com", Provider{"iCloud", "smtp.mail.me.com", 587, "starttls", applePassword}},
	{"yahoo.com yahoo.fr ymail.com rocketmail.com", Provider{"Yahoo", "smtp.mail.yahoo.com", 465, "implicit", yahooPassword}},
	{"aol.com aol.fr", Provider{"AOL", "smtp.aol.com", 465, "implicit", appPassword}},
	{"orange.fr wanadoo.fr", Provider{"Orange", "smtp.orange.fr", 465, "implicit", usualPassword}},
	{"free.fr aliceadsl.fr libertysurf.fr", Provider{"Free", "smtp.free.fr", 465, "implicit", freePassword}},
	{"sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr", Provider{"SFR", "smtp.sfr.fr", 465, "implicit", usualPassword}},
	{"bbox.fr", Provider{"Bouygues Telecom", "smtp.bbox.fr", 465, "implicit", usualPassword}},
	{"laposte.net", Provider{"La Poste", "smtp.laposte.net", 465, "implicit", usualPassword}},
	{"mailo.com mailo.fr net-c.com net-c.fr", Provider{"Mailo", "mail.mailo.com", 465, "implicit", appPassword}},
	{"proton.me protonmail.com pm.me", Provider{"Proton", "smtp.protonmail.ch", 587, "starttls", protonPassword}},
	{"gmx.com gmx.fr", Provider{"GMX", "mail.gmx.com", 587, "starttls", gmxPassword}},
	{"gmx.de gmx.net gmx.at gmx.ch", Provider{"GMX", "mail.gmx.net", 587, "starttls", gmxPassword}},
	{"web.de", Provider{"WEB.DE", "smtp.web.de", 587, "starttls", gmxPassword}},
	{"t-online.de", Provider{"Telekom", "securesmtp.t-online.de", 465, "implicit", appPassword}},
	{"posteo.de posteo.net", Provider{"Posteo", "posteo.de", 465, "implicit", usualPassword}},
	{"mailbox.org", Provider{"mailbox.org", "smtp.mailbox.org", 465, "implicit", usualPassword}},
	{"fastmail.com fastmail.fm", Provider{"Fastmail", "smtp.fastmail.com", 465, "implicit", appPassword}},
	{"zoho.com", Provider{"Zoho", "smtp.zoho.com", 465, "implicit", appPassword}},
	{"zohomail.eu zoho.eu", Provider{"Zoho", "smtp.zoho.eu", 465, "implicit", appPassword}},
	{"ik.me infomaniak.com", Provider{"Infomaniak", "mail.infomaniak.com", 465, "implicit", appPassword}},
	{"bluewin.ch", Provider{"Swisscom", "smtpauths.bluewin.ch", 465, "implicit", usualPassword}},
	{"proximus.be skynet.be", Provider{"Proximus", "relay.proximus.be", 587, "starttls", usualPassword}},
	{"yandex.com yandex.ru", Provider{"Yandex", "smtp.yandex.com", 465, "implicit", appPassword}},
}
