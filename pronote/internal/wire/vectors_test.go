package wire

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"testing"
)

// The vectors below were computed with two independent implementations of the
// primitives, neither of them ours.

func vector(t *testing.T) (iv []byte, session []byte) {
	t.Helper()
	iv = make([]byte, 16)
	for i := range iv {
		iv[i] = byte(i)
	}
	session, err := ParseByteList("10,2,159,0,255,64,17,201,33,8,77,128,90,5,250,61")
	if err != nil {
		t.Fatal(err)
	}
	return iv, session
}

func TestOrderNumbers(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	start := Cipher{}
	agreed := start.WithIV(iv)
	session := agreed.WithKey(key)
	for _, tt := range []struct {
		cipher Cipher
		n      int
		want   string
	}{
		{start, 1, "3fa959b13967e0ef176069e01e23c8d7"},
		{agreed, 2, "b3961095f9685612b2cad63997dce7cb"},
		{agreed, 3, "18e4c3eb97be7e4cf58efbbe3c4a505e"},
		{agreed, 4, "1f84d410c918b3b90fa354771a26ca8a"},
		{agreed, 5, "516448a18390d8607d3e2f70306f14cd"},
		{agreed, 6, "dd91b4c0cc39720e72455ea245f64294"},
		{session, 7, "9a756077be043ac86435edfc889d0da3"},
		{session, 8, "42af5c266829b7c18179f4ee4f878cfd"},
		{session, 9, "027473913eb1b718674d7f64d33d3ac7"},
		{session, 10, "c5bebf08aa43e38b40732e69228c31c4"},
		{session, 11, "31cd2e435363e9c77f197d2fc4e876a3"},
	} {
		if got := tt.cipher.Number(tt.n); got != tt.want {
			t.Errorf("Number(%d) = %s, want %s", tt.n, got, tt.want)
		}
		if n, err := tt.cipher.OpenNumber(tt.want); n != tt.n || err != nil {
			t.Errorf("OpenNumber(%s) = %d, %v, want %d", tt.want, n, err, tt.n)
		}
	}
}

func TestPlainUUID(t *testing.T) {
	t.Parallel()
	iv, _ := vector(t)
	if got, want := PlainUUID(iv), "AAECAwQFBgcICQoLDA0ODw=="; got != want {
		t.Errorf("PlainUUID = %s, want %s", got, want)
	}
}

func TestLoginKeys(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, salt, secret, want string }{
		{"camille.martin", "A1B2C3D4E5F60718", "Motdepasse1", "185e9ac2b30bed283610875bd6861a24"},
		{"Camille.Martin", "A1B2C3D4E5F60718", "Motdepasse1", "2a4815eedc9943b679150fb48e20d1c9"},
		{"Camille.Martin", "A1B2C3D4E5F60718", "motdepasse1", "4082b1f6c4e7072e006379ea332e01d8"},
		{"camille.martin", "A1B2C3D4E5F60718", "motdepasse1", "c3307b0b1bfc18cb331c0cb940e24ba7"},
		{"", "", "9C8B7A6F5E4D3C2B", "734ce9e0fc030ce352493c5318cca985"},
		{"Parent", "salt", "PaSsWord-TEST", "f40dcfcd9f6e71f8dc1492a57bdf1c3d"},
		{"parent", "salt", "PaSsWord-TEST", "cabfe252bd95c4d3fe1c588cf0400f46"},
		{"Parent", "salt", "password-test", "a79bb11aa57f7934570995deffc1a7c1"},
		{"parent", "salt", "password-test", "d352a4e6a1597bb09e1f8629e08ef008"},
	} {
		if got := aesKey(LoginKey(tt.name, tt.salt, tt.secret)); got != tt.want {
			t.Errorf("key of %q, %q = %s, want %s", tt.name, tt.secret, got, tt.want)
		}
	}
}

func TestLoginKeyHashesUTF8(t *testing.T) {
	t.Parallel()
	got := string(LoginKey("", "A1B2C3D4E5F60718", "É!été"))
	if want := "845174840BF8A6A8A844F5295BC8A45E5ED6FBA3739021602D59AF650D69E0F6"; got != want {
		t.Errorf("hash = %s, want %s", got, want)
	}
}

func TestChallenges(t *testing.T) {
	t.Parallel()
	iv, _ := vector(t)
	c := Cipher{}.WithIV(iv).WithKey(LoginKey("camille.martin", "A1B2C3D4E5F60718", "Motdepasse1"))
	wrapped := "602a5122a13ddb1ce9a5256da732d2f087e36538bb66132549efee78ee7e86b54d729d9f17fe8f2172b334c35edf43d2"
	got, err := AnswerWrapped(c, wrapped)
	if want := "a7f6a08c2f9bf0093e627a87205a6d68cdd1cc315aa31e4252d5034c8d1dd3f1"; got != want || err != nil {
		t.Errorf("AnswerWrapped = %s, %v, want %s", got, err, want)
	}
	if got, want := AnswerRaw(c, "6F1D0A3C5B7E9824D1C0B3A29F8E7D6C"),
		"b811f5ca6b1e72ae0aee21c73a629eb681b847ecb98b643b5729ae45a540a5ea6be656eb0f91c1abcc31acdef173b56b"; got != want {
		t.Errorf("AnswerRaw = %s, want %s", got, want)
	}
	if _, err := AnswerWrapped(c.WithKey([]byte("another password")), wrapped); err == nil {
		t.Error("AnswerWrapped accepts a wrong password")
	}
}

func TestSessionKey(t *testing.T) {
	t.Parallel()
	iv, want := vector(t)
	c := Cipher{}.WithIV(iv).WithKey(LoginKey("camille.martin", "A1B2C3D4E5F60718", "Motdepasse1"))
	cle := "0e0a5a582c617eb3ea24433b2123b403ef1fa42aeee90dcb2e91cf4e995274064346310ee4d731a81a97123ecc96bebc70162b8d0de69e931035097d43abe092"
	got, err := OpenSessionKey(c, cle)
	if err != nil || string(got) != string(want) {
		t.Errorf("OpenSessionKey = %v, %v, want %v", got, err, want)
	}
	if got, want := aesKey(got), "50503f91275f90f077a785d8f877e463"; got != want {
		t.Errorf("AES key = %s, want %s", got, want)
	}
}

// aesKey is what Cipher hands to AES: the MD5 of a raw key.
func aesKey(raw []byte) string {
	sum := md5.Sum(raw)
	return hex.EncodeToString(sum[:])
}

func TestSealedTexts(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	session := Cipher{}.WithIV(iv).WithKey(key)
	first := `{"data":{"Uuid":"AAECAwQFBgcICQoLDA0ODw==","identifiantNav":null}}`
	request := `{"Signature":{"onglet":198},"data":{"Periode":{"N":"105#AAAA","G":2,"L":"Trimestre 1"}}}`
	answer := `{"data":{"listeDevoirs":{"_T":24,"V":[]},"moyGenerale":{"_T":10,"V":"12,50"}},"nom":"DernieresNotes"}`
	encrypted, both := Codec{Encrypt: true}, Codec{Encrypt: true, Compress: true}
	for _, tt := range []struct {
		name   string
		codec  Codec
		way    Direction
		cipher Cipher
		sealed string
		text   string
	}{
		{"first request, encrypted", encrypted, Request, Cipher{},
			"07f1d4293acf059624024e44cd33caa2eba6b3060d7069e437458ce046cd1afd44c8036bf816926168e3c27619a1dbcff1c3eae4accec10e21d8eba771de4d97315eff61fa194ed6fc01ed63c15b3561", first},
		{"first request, both", both, Request, Cipher{},
			"abe7b2366836154c4f0c511eec33ba15498d4c059167d7302d72132ceebe70f92efae9795404bd1cc273b27aac4ddd019063e00b1c15aeb236c0020ffaab612c3afd18b392b7efa65d5e4e4a39beae2ba8dc6867636b5487c2e3b563c1369665", first},
		{"first request, both, another deflate", both, Request, Cipher{},
			"ce1eb4d78b481b25d35620aaa0395fc8afcf297b980d9e37221a69c9f732947cd2088e2c9041bc10a62f25c0429cc1805dff8437922f1ba7ec17e4641789a7128a51ea8dc3f59a10558bd2fdd2db368c70ccaad683e5c9ef3cb14b61b10e2d5d", first},
		{"first request, compressed", Codec{Compress: true}, Request, Cipher{},
			"158d810903310c0357aa655922e3b4c9fffe2354c1087c069ffc03449513a0bf0ecf78b4c4cb002b336c963dc59c6535177b4a2f37c9ea0f5fd2eed307c08e33ff1a3df12e29a9bbf34993ae3734dada3e3e7f", first},
		{"request, encrypted", encrypted, Request, session,
			"ac2e8a419fbba1b6d5a6ef39b74f23480ae87ff3c5d1268faf1daf1e907e1e57ad8e43c31a503125343862d29f40dc88680e2ed9ee40dccea083d42e1c103c8678291f095b6639bb396ffb723010ae05a9c281ae2856f761c994ed2f1af42363", request},
		{"request, both", both, Request, session,
			"49eb806a3c4d0166b3b51405f0cf1021e62c5cf0692933421e477dde24cbd7824933715313ab5375d5df2af9c1d9da5bbd44cbbd29a260c07fb61e34eb84d57314a27e11fbb59f6de104e57bb46fcd680cb6079dec14d59a32145a5ee1ad8c7b7c5d5cac2dc709ca5bef6728d44d8bb3", request},
		{"answer, encrypted", encrypted, Answer, session,
			"3e644300579ab031b64f9470a203687d08f56e74ba950e04c8c5d08b47647c6ad121493b55a61cc8ca9986331ae18bedf2b0347535b617672472f7ea288e6b397de65ddcf0246a6a49184ace2f07ad4090c7281a43c19a370c46334d8710b27f28178f765fe161ea615c35b4e305d58d", answer},
		{"answer, compressed", Codec{Compress: true}, Answer, session,
			"ab564a492c4954b2aa56cac92c2e4975492dcbcf2c2a06f1e34394ac8c4c7494c294aca2636b759472f32bdd53f3528b12735261d2860660692543231d5303a55aa0a2bcfc5c20df25b5282f33b528b5d82fbf24b558a91600", answer},
		{"answer, both", both, Answer, session,
			"fa559ddfc5a649d99369d3b2cec666c6308139f0eff28d6ac937f2c2db5315aacbb8ca698665a156c39865b43a8c9faeba592052ce20145b5e5d2398cc02047cfc875c78ec6229d054af25f3f8fd571767fe96b771da107a2525cc73d6dbf28e", answer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sealed, _ := json.Marshal(tt.sealed)
			got, err := tt.codec.Open(tt.way, tt.cipher, sealed)
			if err != nil || string(got) != tt.text {
				t.Errorf("Open = %s, %v, want %s", got, err, tt.text)
			}
			again, err := tt.codec.Seal(tt.way, tt.cipher, []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if !tt.codec.Compress && string(again) != string(sealed) {
				t.Errorf("Seal = %s, want %s", again, sealed)
			}
			if got, err := tt.codec.Open(tt.way, tt.cipher, again); err != nil || string(got) != tt.text {
				t.Errorf("Open(Seal) = %s, %v, want %s", got, err, tt.text)
			}
		})
	}
}

func TestEncryptedTexts(t *testing.T) {
	t.Parallel()
	iv, key := vector(t)
	session := Cipher{}.WithIV(iv).WithKey(key)
	for _, tt := range []struct {
		name   string
		cipher Cipher
		text   string
		want   string
	}{
		{"attachment", session, `{"N":"30#abc","Actif":true}`, "b2958b0358014a7b10f5a45fddfbf1774628d8966b01132cf4b03a15e7cf83ca"},
		{"second factor", session, "4321", "16a15e918681604bb2c005e3f0a4fdcf"},
		{"login of a QR code", Cipher{}.WithKey([]byte("1234")), "CMARTIN", "4b62d2a09f41e72a91a4287324cba69f"},
		{"token of a QR code", Cipher{}.WithKey([]byte("1234")), "0A1B2C3D4E5F60718293A4B5C6D7E8F9",
			"564415e0e4520aee507905d378d7c9c61e8ffb4ab322dd1487e0bc33be11dc65a1b4bc018ebb19e9fc78703d5f6e8ff5"},
	} {
		if got := tt.cipher.EncryptHex(tt.text); got != tt.want {
			t.Errorf("%s: EncryptHex = %s, want %s", tt.name, got, tt.want)
		}
		if got, err := tt.cipher.DecryptHex(tt.want); got != tt.text || err != nil {
			t.Errorf("%s: DecryptHex = %s, %v, want %s", tt.name, got, err, tt.text)
		}
	}
}
