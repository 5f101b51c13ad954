-- +goose Up
-- The ledger of a bar. comptes and transactions are the contract with people who
-- type SQL; amounts are in cents, instants are the local time of the server.

CREATE TABLE comptes (
	idbde         INTEGER PRIMARY KEY,               -- below 0: means of payment; 0: the BDE; above: people and clubs
	type          TEXT NOT NULL CHECK (type IN ('personne', 'club')),
	pseudo        TEXT NOT NULL CHECK (pseudo <> ''),
	pseudo_pli    TEXT NOT NULL UNIQUE,          -- the pseudo, folded for comparison
	passwd        TEXT NOT NULL DEFAULT '*|*',   -- '*|*': there is none
	solde         INTEGER NOT NULL DEFAULT 0 CHECK (solde BETWEEN -9007199254740992 AND 9007199254740992), -- cents
	nom           TEXT NOT NULL DEFAULT '',
	prenom        TEXT NOT NULL DEFAULT '',
	tel           TEXT NOT NULL DEFAULT '',
	mail          TEXT NOT NULL DEFAULT '',
	adresse       TEXT NOT NULL DEFAULT '',
	fonction      TEXT NOT NULL DEFAULT '',
	normalien     INTEGER NOT NULL CHECK (normalien IN (0, 1)) DEFAULT false,
	sexe          TEXT NOT NULL DEFAULT '',
	idcrans       INTEGER,
	section       TEXT NOT NULL DEFAULT '',
	droits        TEXT NOT NULL DEFAULT '',       -- words joined by commas
	surdroits     TEXT NOT NULL DEFAULT '',
	supreme       INTEGER NOT NULL CHECK (supreme IN (0, 1)) DEFAULT false,
	bloque        INTEGER NOT NULL CHECK (bloque IN (0, 1)) DEFAULT false,
	last_adhesion INTEGER,                           -- the latest of adhesions
	commentaire   TEXT NOT NULL DEFAULT '',
	last_negatif  TEXT,                           -- when the balance last fell below 0
	deleted       INTEGER NOT NULL CHECK (deleted IN (0, 1)) DEFAULT false,
	CHECK (idbde > 0 OR passwd = '*|*'),
	CHECK (deleted = 0 OR solde = 0)
) STRICT;

CREATE TABLE comptes_sensibles (
	idbde   INTEGER PRIMARY KEY REFERENCES comptes (idbde),
	numsecu TEXT NOT NULL DEFAULT '',
	pbsante TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE transactions (
	id             INTEGER PRIMARY KEY AUTOINCREMENT,
	date           TEXT NOT NULL,
	type           TEXT NOT NULL CHECK (type IN ('consos', 'transfert', 'credit', 'retrait', 'don', 'invitation', 'adhesion')),
	emetteur       INTEGER NOT NULL REFERENCES comptes (idbde),
	destinataire   INTEGER NOT NULL REFERENCES comptes (idbde),
	quantite       INTEGER NOT NULL CHECK (quantite >= 0),
	montant        INTEGER NOT NULL CHECK (montant BETWEEN 0 AND 9007199254740992), -- cents, of one
	description    TEXT NOT NULL DEFAULT '',
	valide         INTEGER NOT NULL CHECK (valide IN (0, 1)),                 -- whether the balances hold it
	cantinvalidate INTEGER NOT NULL CHECK (cantinvalidate IN (0, 1)) DEFAULT false,
	categorie      TEXT NOT NULL DEFAULT '',
	auteur         TEXT NOT NULL DEFAULT '',      -- who was logged in
	ip             TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX transactions_emetteur ON transactions (emetteur, id);
CREATE INDEX transactions_destinataire ON transactions (destinataire, id);

CREATE TABLE adhesions (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	idadherent    INTEGER NOT NULL REFERENCES comptes (idbde) CHECK (idadherent > 0),
	annee         INTEGER NOT NULL,
	wei           INTEGER NOT NULL CHECK (wei IN (0, 1)) DEFAULT false,
	date          TEXT NOT NULL,
	section       TEXT NOT NULL DEFAULT '',
	idtransaction INTEGER REFERENCES transactions (id),
	UNIQUE (idadherent, annee)
) STRICT;

CREATE TABLE aliases (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	alias     TEXT NOT NULL CHECK (alias <> ''),
	alias_pli TEXT NOT NULL UNIQUE,
	idbde     INTEGER NOT NULL REFERENCES comptes (idbde)
) STRICT;
CREATE INDEX aliases_idbde ON aliases (idbde);

CREATE TABLE historique (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	idbde     INTEGER NOT NULL REFERENCES comptes (idbde),
	avant     TEXT NOT NULL,
	avant_pli TEXT NOT NULL,
	apres     TEXT NOT NULL,
	date      TEXT NOT NULL
) STRICT;
CREATE INDEX historique_avant ON historique (avant_pli);
CREATE INDEX historique_idbde ON historique (idbde);

CREATE TABLE preinscriptions (
	preid     INTEGER PRIMARY KEY AUTOINCREMENT,
	type      TEXT NOT NULL DEFAULT 'personne' CHECK (type IN ('personne', 'club')),
	nom       TEXT NOT NULL CHECK (nom <> ''),
	prenom    TEXT NOT NULL CHECK (prenom <> ''),
	mail      TEXT NOT NULL CHECK (mail <> ''),
	tel       TEXT NOT NULL DEFAULT '',
	adresse   TEXT NOT NULL DEFAULT '',
	sexe      TEXT NOT NULL DEFAULT '',
	normalien INTEGER NOT NULL CHECK (normalien IN (0, 1)) DEFAULT false,
	section   TEXT NOT NULL DEFAULT '',
	date      TEXT NOT NULL
) STRICT;

CREATE TABLE preinscriptions_sensibles (
	preid   INTEGER PRIMARY KEY REFERENCES preinscriptions (preid) ON DELETE CASCADE,
	numsecu TEXT NOT NULL DEFAULT '',
	pbsante TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE categories (
	nom TEXT PRIMARY KEY CHECK (nom <> '')
) STRICT;

CREATE TABLE boutons (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	label        TEXT NOT NULL CHECK (label <> ''),
	montant      INTEGER NOT NULL CHECK (montant BETWEEN 0 AND 1000000000),
	destinataire INTEGER NOT NULL REFERENCES comptes (idbde),
	categorie    TEXT NOT NULL REFERENCES categories (nom),
	affiche      INTEGER NOT NULL CHECK (affiche IN (0, 1)) DEFAULT true,
	description  TEXT NOT NULL DEFAULT '',
	consigne     INTEGER NOT NULL CHECK (consigne IN (0, 1)) DEFAULT false
) STRICT;

CREATE TABLE cheques (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	idtransaction INTEGER NOT NULL REFERENCES transactions (id),
	nom           TEXT NOT NULL,
	prenom        TEXT NOT NULL,
	banque        TEXT NOT NULL,
	date          TEXT NOT NULL,
	retire        INTEGER NOT NULL CHECK (retire IN (0, 1)) DEFAULT false
) STRICT;

CREATE TABLE virements (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	idtransaction INTEGER NOT NULL REFERENCES transactions (id),
	nom           TEXT NOT NULL,
	prenom        TEXT NOT NULL,
	banque        TEXT NOT NULL,
	date          TEXT NOT NULL
) STRICT;

CREATE TABLE activites (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	debut         TEXT NOT NULL,
	fin           TEXT NOT NULL,
	titre         TEXT NOT NULL,
	lieu          TEXT NOT NULL DEFAULT '',
	description   TEXT NOT NULL DEFAULT '',
	signature     INTEGER NOT NULL REFERENCES comptes (idbde),
	responsable   INTEGER NOT NULL REFERENCES comptes (idbde),
	validepar     INTEGER REFERENCES comptes (idbde), -- NULL: not validated
	liste         INTEGER NOT NULL CHECK (liste IN (0, 1)) DEFAULT false,     -- guests are allowed
	listeimprimee INTEGER NOT NULL CHECK (listeimprimee IN (0, 1)) DEFAULT false,
	ouvert        INTEGER NOT NULL CHECK (ouvert IN (0, 1)) DEFAULT false,
	CHECK (fin >= debut)
) STRICT;

CREATE TABLE invites (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	nom           TEXT NOT NULL,
	prenom        TEXT NOT NULL,
	pli           TEXT NOT NULL,                 -- both names, folded for comparison
	responsable   INTEGER NOT NULL REFERENCES comptes (idbde),
	activite      INTEGER NOT NULL REFERENCES activites (id),
	entre         INTEGER NOT NULL CHECK (entre IN (0, 1)) DEFAULT false,
	idtransaction INTEGER REFERENCES transactions (id),
	UNIQUE (activite, pli)
) STRICT;
CREATE INDEX invites_pli ON invites (pli);

CREATE TABLE reset_tokens (
	hash    TEXT PRIMARY KEY,
	idbde   INTEGER NOT NULL REFERENCES comptes (idbde),
	expires TEXT NOT NULL
) STRICT;

CREATE TABLE login_networks (
	idbde INTEGER NOT NULL REFERENCES comptes (idbde),
	cidr  TEXT NOT NULL,
	UNIQUE (idbde, cidr)
) STRICT;

CREATE TABLE etat (
	nom    TEXT PRIMARY KEY,
	valeur INTEGER NOT NULL
) STRICT;
INSERT INTO etat (nom, valeur) VALUES ('droits', 0); -- grows with each change that the cache of rights must see

INSERT INTO comptes (idbde, type, pseudo, pseudo_pli) VALUES
	(0, 'club', 'BDE', 'bde'), (-1, 'club', 'especes', 'especes'), (-2, 'club', 'cheque', 'cheque'),
	(-3, 'club', 'virement', 'virement'), (-4, 'club', 'cb', 'cb'), (-5, 'club', 'soge', 'soge');

-- Rows of the ledger are neither deleted nor changed, but for what decides
-- whether they count.
-- +goose StatementBegin
CREATE TRIGGER transactions_kept BEFORE DELETE ON transactions BEGIN
	SELECT RAISE(ABORT, 'rows of transactions are never deleted');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER transactions_frozen
BEFORE UPDATE OF id, date, type, emetteur, destinataire, quantite, montant, description, cantinvalidate, categorie, auteur, ip
ON transactions BEGIN
	SELECT RAISE(ABORT, 'of rows of transactions only valide changes');
END;
-- +goose StatementEnd

-- INSERT OR REPLACE deletes without the trigger above.
-- +goose StatementBegin
CREATE TRIGGER transactions_not_replaced
BEFORE INSERT ON transactions WHEN EXISTS (SELECT 1 FROM transactions WHERE id = NEW.id) BEGIN
	SELECT RAISE(ABORT, 'rows of transactions are never replaced');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER comptes_droits
AFTER UPDATE OF pseudo, passwd, droits, surdroits, supreme, bloque, deleted ON comptes BEGIN
	UPDATE etat SET valeur = valeur + 1 WHERE nom = 'droits';
END;
-- +goose StatementEnd
