package wire

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// onload is a page as servers up to 2026.2.3 send it.
func onload(start string) string {
	return `<!DOCTYPE html><html><head><title>PRONOTE</title></head><body id="id_body" onload="try { ` + start +
		` } catch (e) { messageErreur (e) } "><div>PRONOTE 2025.2.8</div></body></html>`
}

func TestParsePage(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("B99B77A3", 32)
	for _, tt := range []struct {
		name, page string
		want       Page
	}{
		{"onload, bare keys", onload(`Start ({h:2052117,CrA:true,CoA:true,a:3,d:true})`),
			Page{Session: 2052117, Space: 3, Demo: true, DoEncrypt: true, DoCompress: true, Version: "2025.2.8"}},
		{"script, strict JSON", `<html><body><script>try { Start ({"h":2052117,"a":6,"CrA":true}) } catch (e) { }</script></body></html>`,
			Page{Session: 2052117, Space: 6, DoEncrypt: true}},
		{"script, a semicolon before the catch", `<script>try{Start({"h":7654321,"a":7,"CoA":true});}catch(e){}</script>`,
			Page{Session: 7654321, Space: 7, DoCompress: true}},
		{"session number in single quotes", onload(`Start ({h:'2052117',a:3})`), Page{Session: 2052117, Space: 3, Version: "2025.2.8"}},
		{"session number in double quotes", `<script>Start({"h":"2052117","a":"3"})</script>`, Page{Session: 2052117, Space: 3}},
		{"attribute in entities", onload(`Start ({&quot;h&quot;:2052117,&quot;a&quot;:3,&#34;CrA&#34;:true})`),
			Page{Session: 2052117, Space: 3, DoEncrypt: true, Version: "2025.2.8"}},
		{"apostrophes as entities", onload(`Start ({h:&#39;2052117&#39;,a:3,MR:&#39;` + key + `&#39;,ER:&apos;10001&apos;})`),
			Page{Session: 2052117, Space: 3, Modulus: key, Exponent: "10001", Version: "2025.2.8"}},
		{"entities inside a text of a script", `<script>Start({"h":1,"a":2,"p":"a &amp; b","x":"&quot;"})</script>`, Page{Session: 1, Space: 2}},
		{"white space everywhere", "<script>\n\tStart\n (\r\n { h : 2052117 ,\n\ta : 3 , CrA : true } )\n</script>", Page{Session: 2052117, Space: 3, DoEncrypt: true}},
		{"no white space", `<script>Start({h:2052117,a:3})</script>`, Page{Session: 2052117, Space: 3}},
		{"a comma after the last member", `<script>Start({h:2052117,a:3,})</script>`, Page{Session: 2052117, Space: 3}},
		{"Start inside other words", `<script>autoStart({h:1,a:1}); reStart({h:2,a:1}); $Start({h:3,a:1}); x.Start({h:4,a:1}); Start_({h:5}); Start({h:6,a:3})</script>`,
			Page{Session: 6, Space: 3}},
		{"another function of that name before", `<script>function Start({a,b}){}; Start({callback:function(){}}); Start({h:"x"}); Start({}); Start({h:9,a:3})</script>`,
			Page{Session: 9, Space: 3}},
		{"nested objects and lists", `<script>Start({p:{h:1,t:"}"},q:[1,{h:2},"]"],h:2052117,a:3,r:{}})</script>`, Page{Session: 2052117, Space: 3}},
		{"unknown keys", onload(`Start ({h:2052117,a:3,g:1,p:'16',fi:true,zzz:null,yyy:1.5,poll:true,daltonisme:false})`),
			Page{Session: 2052117, Space: 3, Version: "2025.2.8"}},
		{"flags that say skip", onload(`Start ({h:'2052117',sCrA:true,sCoA:true,a:3,d:true,poll:true})`),
			Page{Session: 2052117, Space: 3, Demo: true, SkipEncrypt: true, SkipCompress: true, Version: "2025.2.8"}},
		{"a flag of each sense", onload(`Start ({h:1,a:3,CrA:true,sCoA:true})`),
			Page{Session: 1, Space: 3, DoEncrypt: true, SkipCompress: true, Version: "2025.2.8"}},
		{"a flag that is false", onload(`Start ({h:1,a:3,CrA:false,CoA:0,http:false})`), Page{Session: 1, Space: 3, Version: "2025.2.8"}},
		{"without TLS", onload(`Start ({h:1,a:3,http:true})`), Page{Session: 1, Space: 3, HTTP: true, Version: "2025.2.8"}},
		{"RSA key of the page", onload(`Start ({h:'1',a:3,d:true,MR:'` + key + `',ER:'10001'})`),
			Page{Session: 1, Space: 3, Demo: true, Modulus: key, Exponent: "10001", Version: "2025.2.8"}},
		{"credentials of a portal", onload(`Start ({h:1,a:2,e:'0A1B2C',f:'D3E4F5'})`),
			Page{Session: 1, Space: 2, Name: "0A1B2C", Secret: "D3E4F5", Version: "2025.2.8"}},
		{"without id_body", `<html><body onload="try{Start({h:1,a:3})}catch(e){}"></body></html>`, Page{Session: 1, Space: 3}},
		{"the letters IP all over", `<html><head><script src="SCRIPT.js"></script><title>EQUIPE IP</title></head><body><!-- IP --><script>var IP="IP"; Start({"h":1,"a":3})</script>VIP</body></html>`,
			Page{Session: 1, Space: 3}},
		{"an escaped slash and quote", `<script>Start({"h":1,"a":3,"p":"a\/b\"c}","e":"\/"})</script>`, Page{Session: 1, Space: 3, Name: "/"}},
		{"version before a space and a line", "<script>Start({h:1,a:3})</script><div>\n PRONOTE 2026.2.5 - site</div>", Page{Session: 1, Space: 3, Version: "2026.2.5"}},
		{"version in an attribute only", `<img alt="PRONOTE 2026.2.5"><script>Start({h:1,a:3})</script>`, Page{Session: 1, Space: 3}},
		{"no space given", `<script>Start({h:1})</script>`, Page{Session: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParsePage([]byte(tt.page))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("ParsePage (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPagesWithoutStart(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"empty":                   "",
		"a portal":                `<html><body><form action="/login"><input name="username"></form></body></html>`,
		"a script that reloads":   `<html><head><script>document.cookie="a=b";location.reload()</script></head></html>`,
		"a definition":            `<script>function Start(parameters) { return {h:1} }</script>`,
		"an object never closed":  `<script>Start({h:1,a:3`,
		"a text never closed":     `<script>Start({h:'1,a:3})`,
		"a nested one not closed": `<script>Start({p:{h:1,a:3})`,
		"no session number":       `<script>Start({a:3})</script>`,
		"no number at all":        `<script>Start({h:window.h,a:3})</script>`,
		"a number too large":      `<script>Start({h:99999999999999999999,a:3})</script>`,
		"seventeen of them":       strings.Repeat("Start({})", 17) + "Start({h:1,a:3})",
		"an object without end":   "Start({" + strings.Repeat("x:1,", 1<<16) + "h:1,a:3})",
	} {
		if got, err := ParsePage([]byte(page)); !errors.Is(err, ErrNoStart) {
			t.Errorf("%s: ParsePage = %+v, %v, want ErrNoStart", name, got, err)
		}
	}
}

func TestReadRefusal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want Refusal
	}{
		{`<html><body>Votre adresse IP est provisoirement suspendue !</body></html>`, AddressBanned},
		{`5 | Votre adresse IP est provisoirement suspendue !`, AddressBanned},
		{`VOTRE ADRESSE IP EST PROVISOIREMENT SUSPENDUE`, AddressBanned},
		{`<p>Votre&nbsp;adresse <b>IP</b> est<br>provisoirement` + "\u00a0\n\t" + `<i class="x">suspendue</i>&nbsp;!</p>`, AddressBanned},
		{`Your IP address is temporarily suspended!`, AddressBanned},
		{`<div>Your IP&#160;address is temporarily&#xA0;suspended&excl;</div>`, AddressBanned},
		{`<h1>La page a expir&eacute;&nbsp;! (3)</h1>`, PageExpired},
		{`LA PAGE A EXPIRÉ ! (11)`, PageExpired},
		{`Le site n'est pas disponible`, SiteClosed},
		{`<h1>Le site n’est pas disponible.</h1>`, SiteClosed},
		{`<h1>Le site n&rsquo;est pas&nbsp;disponible</h1>`, SiteClosed},
		{`<h1>Le site n&#39;est <em>pas</em> disponible</h1>`, SiteClosed},
		{`Le site est momentanément indisponible`, SiteBusy},
		{`<td>Le site est momentan&eacute;ment&nbsp;indisponible, veuillez patienter</td>`, SiteBusy},
		{`LE SITE EST MOMENTANÉMENT INDISPONIBLE`, SiteBusy},

		{``, NotPRONOTE},
		{`<html><head><script>var IP = "EQUIPE"; SCRIPT()</script></head><body>ÉQUIPE VIP, IP 192.0.2.7</body></html>`, NotPRONOTE},
		{`Votre adresse IP : 192.0.2.7`, NotPRONOTE},
		{`Your IP address is 192.0.2.7`, NotPRONOTE},
		{`Bienvenue sur le site du collège`, NotPRONOTE},
		{`Le site est disponible`, NotPRONOTE},
		{`<title>La page a expiré</title><div>419</div>`, NotPRONOTE}, // of a framework that half the web is made with
		{`Ce service est momentanément indisponible`, NotPRONOTE},
		{`Votre compte est provisoirement suspendu`, NotPRONOTE},
		{"\xff\xfe\x00", NotPRONOTE},
	} {
		if got := ReadRefusal(tt.text); got != tt.want {
			t.Errorf("ReadRefusal(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
}
