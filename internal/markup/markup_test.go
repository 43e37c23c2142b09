package markup

import "testing"

func TestAdd(t *testing.T) {
	var p Page
	p.Add(`<p title="%s">%s</p>`, `" onclick="x`, `<script>%s & 'y'`)
	p.If(false, "never %s", "x")
	p.If(true, "<br>100%")
	want := `<p title="&#34; onclick=&#34;x">&lt;script&gt;%s &amp; &#39;y&#39;</p><br>100%`
	if got := p.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
