package markup

import "testing"

func TestAdd(t *testing.T) {
	var p Page
	p.Add(`<p title="%s">%s</p>`, `" onclick="x`, `<script>%s & 'y'`)
	p.Add("<br>100%")
	want := `<p title="&#34; onclick=&#34;x">&lt;script&gt;%s &amp; &#39;y&#39;</p><br>100%`
	if got := p.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFill(t *testing.T) {
	var p Page
	p.Fill(`<ul>{{#rows}}<li title="{{.mark}}">{{.name}}: {{word}}{{#last}}!{{/last}}{{^last}},{{/last}}</li>{{/rows}}</ul>{{^rows}}none{{/rows}}{{#no}}{{.no}}{{/no}}{{^no}}empty{{/no}}{{#yes}} yes{{/yes}}{{#never}} never{{/never}}`,
		Values{"mark": `"`, "no": "", "yes": true, "never": false, "rows": []Values{{"name": "{{.mark}}<"}, {"name": "b", "last": "1"}}},
		func(name string) string { return "<" + name + ">" })
	want := `<ul><li title="&#34;">{{.mark}}&lt;: &lt;word&gt;,</li><li title="&#34;">b: &lt;word&gt;!</li></ul>empty yes`
	if got := p.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPlain(t *testing.T) {
	p := Page{Plain: true}
	p.Fill("{{#rows}}{{.name}} {{word}}\n{{/rows}}", Values{"rows": []Values{{"name": "<a> & 'b'"}}}, func(string) string { return "\"c\"" })
	if got, want := p.String(), "<a> & 'b' \"c\"\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
