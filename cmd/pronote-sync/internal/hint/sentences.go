package hint

import (
	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/db"
)

var (
	suspended = sentence{
		"plus rien n'est demandé pour ce compte tant que sa configuration n'a pas changé ou que pronote-sync login {account} n'a pas réussi",
		"nothing is asked for this account until its configuration changes or pronote-sync login {account} succeeds",
	}
	unanswered = sentence{
		"la dernière connexion a été coupée et sa réponse manque encore : réessayez dans quelques minutes, le jeton n'est pas perdu",
		"the last login was cut off and its answer is still missing: try again in a few minutes, the token is not lost",
	}
)

var folder = sentence{
	"le dossier des fichiers est inutilisable : vérifiez son propriétaire et ses droits",
	"the folder for files cannot be used: check its owner and its rights",
}

// About what is between here and a school.
var (
	proxy = sentence{
		"le serveur mandataire (proxy) ne laisse pas passer : corrigez HTTPS_PROXY, ou exemptez l'établissement dans NO_PROXY",
		"the proxy does not let requests through: correct HTTPS_PROXY, or exempt the school in NO_PROXY",
	}
	unproven = sentence{
		"l'établissement ne peut pas prouver qui il est : vérifiez l'adresse et l'horloge de cette machine",
		"the school cannot prove who it is: check the address and the clock of this machine",
	}
)

// About a name that means nobody, or several. The verbs are for the name and for
// what to do.
var (
	whoAccount = sentence{"aucun compte de la base ne s'appelle %q : %s", "no account in the mirror is named %q: %s"}
	whoPupil   = sentence{"aucun élève de la base ne s'appelle %q : %s", "no pupil in the mirror is called %q: %s"}
	whoMany    = sentence{"plusieurs élèves s'appellent %q : %s", "several pupils are called %q: %s"}
)

// byReason has a sentence for each reason of psync.Verdict.
var byReason = map[string]sentence{
	"budget": {
		"le budget de demandes de ce compte est épuisé : attendez, ou augmentez-le sous [budget]",
		"the budget of requests of this account is spent: wait, or raise it under [budget]",
	},
	"clock": {
		"l'horloge de cette machine est fausse : mettez-la à l'heure avec timedatectl set-ntp true, tout reprendra ensuite",
		"the clock of this machine is wrong: set it with timedatectl set-ntp true, and everything goes on",
	},
	"suspended": suspended,
	"banned": {
		"PRONOTE a suspendu cette adresse internet après trop de tentatives : attendez quelques heures, sans vous connecter d'ici là",
		"PRONOTE has suspended this internet address after too many attempts: wait some hours, and do not log in meanwhile",
	},
	"rate_limited": {
		"PRONOTE a reçu trop de demandes ou de connexions : attendez quelques heures, sans vous connecter d'ici là, ou l'adresse sera suspendue",
		"PRONOTE has had too many requests or logins: wait some hours, and do not log in meanwhile, or the address will be suspended",
	},
	"device": {
		"il n'y a pas de jeton utilisable sur cet appareil : lancez pronote-sync login {account}",
		"there is no usable token on this machine: run pronote-sync login {account}",
	},
	"ent": {
		"le portail (ENT) ne laisse pas entrer : essayez dans un navigateur, puis pronote-sync check --online ; un QR code de PRONOTE s'en passe (pronote-sync login {account})",
		"the portal (ENT) does not let the account in: try in a browser, then pronote-sync check --online; a QR code of PRONOTE does without it (pronote-sync login {account})",
	},
	"version": {
		"PRONOTE est plus récent que ce programme : cherchez une nouvelle version de pronote-sync",
		"PRONOTE is newer than this program: look for a new version of pronote-sync",
	},
	"credentials": {
		"PRONOTE refuse l'identifiant ou le mot de passe : essayez-les dans un navigateur, puis corrigez la configuration",
		"PRONOTE refuses the user name or the password: try them in a browser, then correct the configuration",
	},
	"token": {
		"PRONOTE ne reconnaît plus le jeton de cet appareil : lancez pronote-sync login {account} avec un nouveau QR code ou le mot de passe",
		"PRONOTE no longer takes the token of this device: run pronote-sync login {account} with a new QR code or the password",
	},
	"qr_code": {
		"PRONOTE n'accepte pas ce QR code, qui ne sert qu'une fois et dix minutes : faites-en un nouveau",
		"PRONOTE does not take this QR code, which works once and for ten minutes: make a new one",
	},
	"qr_pin": {
		"le code PIN n'est pas celui du QR code : tapez les quatre chiffres choisis en le créant",
		"the PIN does not fit the QR code: type the four digits that were chosen when it was made",
	},
	"not_qr": {
		"ce n'est pas un QR code de PRONOTE : faites-en un sur la page de PRONOTE dans un navigateur, avec le bouton au QR code",
		"this is not a QR code of PRONOTE: make one on PRONOTE's page in a browser, with the button that shows a QR code",
	},
	"not_family": {
		"ce QR code n'est ni d'un élève ni d'un parent : faites-le dans le compte de l'un d'eux",
		"this QR code is neither of a pupil nor of a parent: make it in the account of one",
	},
	"second_factor": {
		"PRONOTE demande le code PIN du compte, car il ne connaît pas cet appareil : lancez pronote-sync login {account}",
		"PRONOTE asks for the PIN of the account, because it does not know this device: run pronote-sync login {account}",
	},
	"pin": {
		"PRONOTE refuse le code PIN du compte : vérifiez ses quatre chiffres, trois erreurs le bloquent",
		"PRONOTE refuses the PIN of the account: check its four digits, three wrong ones lock it",
	},
	"protection": {
		"PRONOTE demande de choisir une protection pour ce compte : connectez-vous dans un navigateur et répondez",
		"PRONOTE asks how this account is to be protected: log in with a browser and answer",
	},
	"new_password": {
		"PRONOTE demande un nouveau mot de passe pour ce compte : choisissez-le dans un navigateur, puis corrigez la configuration",
		"PRONOTE asks for a new password for this account: choose it with a browser, then correct the configuration",
	},
	"access": {
		"l'établissement a fermé l'accès à ce compte : adressez-vous à lui",
		"the school has closed this account: ask it",
	},
	"portal": {
		"PRONOTE renvoie ailleurs : si c'est le portail (ENT) de l'établissement, lancez pronote-sync portals --detect avec son adresse, sinon regardez ce qui filtre cette connexion, puis essayez pronote-sync check --online",
		"PRONOTE sends us elsewhere: if that is the school's portal (ENT), run pronote-sync portals --detect with its address, else look for what filters this connection, then try pronote-sync check --online",
	},
	"expired": {
		"la session s'est terminée : relancez la commande",
		"the session has ended: run the command again",
	},
	"closed": {
		"l'établissement a fermé son PRONOTE, comme souvent pendant les vacances : réessayez dans quelques jours",
		"the school has closed its PRONOTE, as many do in the holidays: try again in a few days",
	},
	"busy": {
		"PRONOTE est occupé ou en maintenance : réessayez dans une heure",
		"PRONOTE is busy or under maintenance: try again in an hour",
	},
	"not_pronote": {
		"l'adresse ne répond pas comme PRONOTE : ouvrez-la dans un navigateur, et copiez celle de la page de connexion",
		"the address does not answer as PRONOTE: open it in a browser, and copy that of the login page",
	},
	"unchanged": {
		"rien n'a changé : il n'y a rien à faire",
		"nothing has changed: there is nothing to do",
	},
	"not_available": {
		"l'établissement ne montre pas cette partie de PRONOTE à ce compte : il n'y a rien à faire",
		"the school does not show this part of PRONOTE to the account: there is nothing to do",
	},
	"blank": {
		"PRONOTE ne répond rien : si cela dure, signalez-le avec pronote-sync version",
		"PRONOTE answers nothing at all: if this lasts, report it with what pronote-sync version says",
	},
	"stale": {
		"PRONOTE ne connaît plus ce qui a été demandé : relisez la liste qui le nomme",
		"PRONOTE no longer knows what was asked for: read the list that names it again",
	},
	"no_file": {
		"cette pièce jointe n'est pas un fichier de l'établissement : ouvrez son adresse dans un navigateur",
		"this attachment is no file of the school's: open its address in a browser",
	},
	"too_large": {
		"le fichier dépasse la taille permise : augmentez largest sous [files], ou ouvrez-le dans un navigateur",
		"the file is larger than allowed: raise largest under [files], or open it in a browser",
	},
	"truncated": {
		"le fichier s'est interrompu avant la fin : téléchargez-le de nouveau",
		"the file broke off before its end: download it again",
	},
	"unreadable": {
		"la réponse de PRONOTE est illisible : si cela dure, cherchez une nouvelle version de pronote-sync",
		"PRONOTE's answer cannot be read: if this lasts, look for a new version of pronote-sync",
	},
	"refused": {
		"PRONOTE refuse cette demande : si cela dure, cherchez une nouvelle version de pronote-sync",
		"PRONOTE refuses this request: if this lasts, look for a new version of pronote-sync",
	},
	"bar_credentials": {
		"le bar refuse le pseudo ou le mot de passe : corrigez la configuration",
		"the bar refuses the pseudo or the password: correct the configuration",
	},
	"bar_access": {
		"le bar refuse cet accès : adressez-vous à qui le tient",
		"the bar refuses this access: ask whoever runs it",
	},
	"bar_certificate": {
		"le certificat du bar n'est pas celui qui était attendu : demandez le bon à qui le tient, puis corrigez ca_file ou fingerprint",
		"the bar's certificate is not the expected one: ask whoever runs it for the right one, then correct ca_file or fingerprint",
	},
	"bar_busy": {
		"le serveur du bar a un problème : réessayez plus tard",
		"the bar's server is in trouble: try again later",
	},
	"bar_unreadable": {
		"le bar répond autrement que prévu : vérifiez l'adresse, ou cherchez une nouvelle version de pronote-sync",
		"the bar answers in another way than expected: check the address, or look for a new version of pronote-sync",
	},
	"not_school": {
		"ce compte n'est pas un compte PRONOTE : choisissez-en un autre",
		"the account is not one of PRONOTE: choose another",
	},
	"no_student": {
		"le compte n'a pas d'élève de ce nom : choisissez-en un autre",
		"the account has no pupil of that name: choose another",
	},
	"network": {
		"l'établissement ne peut pas être joint : vérifiez la connexion à internet et l'adresse",
		"the school cannot be reached: check the network and the address",
	},
	"disk_full": {
		"le disque est plein : libérez de la place, rien n'est perdu d'ici là",
		"the disk is full: free some space, nothing is lost meanwhile",
	},
	"database": {
		"la base de données est inutilisable : pronote-sync status --verbose dit pourquoi",
		"the database cannot be used: pronote-sync status --verbose says why",
	},
}

// byDatabase has the reasons why the file cannot be used.
var byDatabase = []struct {
	error
	sentence
}{
	{db.ErrNewer, sentence{
		"la base a été écrite par une version plus récente de pronote-sync : installez celle-ci, ou commencez une nouvelle base",
		"the database was written by a newer version of pronote-sync: install that version, or start a new database",
	}},
	{db.ErrOlder, sentence{
		"la base a été écrite par une version plus ancienne de pronote-sync : lancez une fois pronote-sync sync, qui la met à jour",
		"the database was written by an older version of pronote-sync: run pronote-sync sync once, which updates it",
	}},
	{db.ErrUnreleased, sentence{
		"la base vient d'une version de pronote-sync qui n'a jamais été publiée : supprimez-la pour en commencer une nouvelle",
		"the database was made by a version of pronote-sync that was never released: delete it to start a new one",
	}},
	{db.ErrMigration, sentence{
		"la base n'a pas pu être mise à jour : revenez à la version précédente de pronote-sync, au besoin avec la copie gardée à côté, et signalez-le",
		"the database could not be updated: go back to the version of pronote-sync that you had, if need be with the copy kept beside the file, and report this",
	}},
	{db.ErrCorrupt, sentence{
		"la base est endommagée ou n'est pas de pronote-sync : restaurez une copie, ou déplacez-la pour en commencer une nouvelle",
		"the database is damaged or is not one of pronote-sync: restore a copy, or move it away to start a new one",
	}},
	{db.ErrBusy, sentence{
		"un autre programme verrouille la base : fermez-le et réessayez",
		"another program keeps the database locked: close that program and try again",
	}},
	{db.ErrReadOnly, sentence{
		"la base n'est pas accessible en écriture : vérifiez le propriétaire et les droits du fichier et de son dossier",
		"the database cannot be written to: check the owner and the rights of the file and of its folder",
	}},
	{db.ErrDisk, sentence{
		"le disque ou la carte ne lit ou n'écrit plus comme il faut : vérifiez-la, et restaurez au besoin une copie sur une autre",
		"the disk or the card does not read or write as it should: check it, and restore a copy on another if need be",
	}},
	{db.ErrMissing, sentence{
		"la base n'existe pas encore : lancez d'abord pronote-sync sync ou pronote-sync run",
		"the database does not exist yet: run pronote-sync sync or pronote-sync run first",
	}},
}

// byPortal has the reasons of portals (ENT).
var byPortal = map[cas.Reason]sentence{
	cas.WrongPassword: {
		"le portail (ENT) refuse l'identifiant ou le mot de passe : essayez-les dans un navigateur, puis corrigez la configuration",
		"the portal refuses the user name or the password: try them in a browser, then correct the configuration",
	},
	cas.AccountLocked: {
		"le portail (ENT) a verrouillé le compte après trop de tentatives : attendez une heure, puis connectez-vous d'abord dans un navigateur",
		"the portal has locked the account after too many attempts: wait an hour, then log in with a browser first",
	},
	cas.AccountBlocked: {
		"le portail (ENT) a bloqué le compte : adressez-vous à l'établissement",
		"the portal has blocked the account: ask the school",
	},
	cas.Captcha: {
		"le portail (ENT) demande une preuve qu'une personne est là : connectez-vous une fois dans un navigateur, puis réessayez",
		"the portal asks for proof that a person is there: log in once with a browser, then try again",
	},
	cas.TermsToAccept: {
		"le portail (ENT) demande d'accepter ses conditions : connectez-vous une fois dans un navigateur et acceptez-les",
		"the portal wants its terms of use accepted: log in once with a browser and accept them",
	},
	cas.PasswordExpired: {
		"le portail (ENT) demande un nouveau mot de passe : changez-le dans un navigateur, puis corrigez la configuration",
		"the portal wants a new password: change it with a browser, then correct the configuration",
	},
	cas.NotActivated: {
		"le portail (ENT) demande d'activer le compte : connectez-vous une fois dans un navigateur",
		"the portal wants the account activated: log in once with a browser",
	},
	cas.IdentityCheck: {
		"EduConnect demande une date de naissance : connectez-vous une fois dans un navigateur et répondez",
		"EduConnect asks for a date of birth: log in once with a browser and answer it",
	},
	cas.SecondFactor: {
		"le portail (ENT) demande un second facteur : connectez-vous par un QR code de PRONOTE, avec pronote-sync login {account}",
		"the portal asks for a second factor: log in by a QR code of PRONOTE, with pronote-sync login {account}",
	},
	cas.AccountChoice: {
		"le portail (ENT) a plusieurs comptes pour cette personne : choisissez-en un avec cas_account",
		"the portal has several accounts for this person: choose one with cas_account",
	},
	cas.UnknownThere: {
		"le mot de passe est bon, mais le portail (ENT) n'a pas de compte pour cette personne, ou aucun qui donne accès à PRONOTE : adressez-vous à l'établissement",
		"the password is right, but the portal has no account for this person, or none that may use PRONOTE: ask the school",
	},
	cas.NotTaken: {
		"le portail (ENT) laisse entrer, mais PRONOTE n'accepte pas le compte : ouvrez une fois PRONOTE par le portail dans un navigateur ; si cela marche, cherchez une nouvelle version de pronote-sync",
		"the portal lets the account through, but PRONOTE does not take it: open PRONOTE once through the portal with a browser; if that works, look for a new version of pronote-sync",
	},
	cas.NotAllowed: {
		"le portail (ENT) ne donne pas accès au PRONOTE de cet établissement : vérifiez url et cas dans la configuration",
		"the portal does not let this school's PRONOTE in: check url and cas in the configuration",
	},
	cas.Overloaded: {
		"le portail (ENT) a trop de visiteurs : réessayez plus tard",
		"the portal has too many visitors: try again later",
	},
	cas.Maintenance: {
		"le portail (ENT) est en maintenance : réessayez plus tard",
		"the portal is under maintenance: try again later",
	},
	cas.NetworkRefused: {
		"EduConnect refuse ce réseau, comme il le fait des hébergeurs, des VPN et de certains pays : utilisez la connexion de la maison",
		"EduConnect refuses this network, as it does with hosting providers, VPNs and some countries: use a connection at home",
	},
	cas.Unsafe: {
		"la page mène à un endroit qui ne doit pas voir le mot de passe : rien n'a été envoyé ; regardez ce qui filtre cette connexion, puis essayez pronote-sync check --online",
		"the page leads to a place that must not see the login, which is refused: look for what filters this connection, then try pronote-sync check --online",
	},
	cas.TooMuch: {
		"le portail (ENT) envoie plus qu'il n'en faut pour une connexion : réessayez plus tard",
		"the portal sends more than a login needs, which is refused: try again later",
	},
	cas.PortalChanged: {
		"le portail (ENT) a changé : cherchez une nouvelle version de pronote-sync, ou connectez-vous par un QR code de PRONOTE avec pronote-sync login {account}",
		"the portal has changed: look for a new version of pronote-sync, or log in by a QR code of PRONOTE with pronote-sync login {account}",
	},
	cas.Elsewhere: {
		"PRONOTE n'envoie pas vers ce portail (ENT) : corrigez cas (pronote-sync portals --detect le trouve), ou regardez ce qui filtre cette connexion, puis essayez pronote-sync check --online",
		"PRONOTE does not send logins to this portal: correct cas (pronote-sync portals --detect finds it), or look for what filters this connection, then try pronote-sync check --online",
	},
	cas.NotDelegated: {
		"l'établissement ne passe pas par un portail (ENT) : enlevez cas, et utilisez l'identifiant et le mot de passe de PRONOTE",
		"the school does not send logins to a portal: leave cas out and use PRONOTE's own user name and password",
	},
	cas.NoPortal: {
		"il n'y a pas de portail (ENT) de ce nom : pronote-sync portals les nomme",
		"there is no such portal: pronote-sync portals lists them",
	},
	cas.PortalGone: {
		"ce portail (ENT) n'existe plus : pronote-sync portals --detect trouve celui de l'établissement",
		"this portal has been switched off: pronote-sync portals --detect finds the one of the school",
	},
}
