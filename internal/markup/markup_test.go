package markup

import "testing"

func TestHTML(t *testing.T) {
	got := HTML(`<ul>{{#rows}}<li title="{{.mark}}">{{.name}}: {{word}}{{#last}}!{{/last}}{{^last}},{{/last}}</li>{{/rows}}</ul>{{^rows}}none{{/rows}}{{#no}}{{.no}}{{/no}}{{^no}}empty{{/no}}{{#yes}} yes{{/yes}}{{#never}} never{{/never}}`,
		Values{"mark": `"`, "no": "", "yes": true, "never": false, "rows": []Values{{"name": "{{.mark}}< & '"}, {"name": "b", "last": "1"}}},
		func(name string) string { return "<" + name + ">" })
	want := `<ul><li title="&#34;">{{.mark}}&lt; &amp; &#39;: &lt;word&gt;,</li><li title="&#34;">b: &lt;word&gt;!</li></ul>empty yes`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestText(t *testing.T) {
	got := Text("{{#rows}}{{.name}} {{word}}\n{{/rows}}", Values{"rows": []Values{{"name": "<a> & 'b'"}}}, func(string) string { return "\"c\"" })
	if want := "<a> & 'b' \"c\"\n"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
