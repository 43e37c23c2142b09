package diagnosis

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"mailgrant/internal/mailbox"
)

// Consolidate leaves out those diagnoses that are consequences of others,
// and puts the rest in order: one root cause is one diagnosis, however many
// protocols suffer from it.
func Consolidate(ds []Diagnosis) (kept []Diagnosis) {
	ds = merge(ds)
	for i, d := range ds {
		told := false
		for j, root := range ds { // of two that explain each other the first stays
			told = told || i != j && root.Cause != d.Cause && explains(root, d) && (j < i || !explains(d, root))
		}
		if !told {
			kept = append(kept, d)
		}
	}
	sort.SliceStable(kept, func(i, j int) bool {
		a, b := kept[i], kept[j]
		x, y := entryOf(a.Cause), entryOf(b.Cause)
		return 0 > cmp.Or(cmp.Compare(boolInt(a.Cause == CauseUnknown), boolInt(b.Cause == CauseUnknown)),
			cmp.Compare(boolInt(x.passes), boolInt(y.passes)), cmp.Compare(boolInt(a.Certainty != Certain), boolInt(b.Certainty != Certain)), cmp.Compare(x.layer, y.layer))
	})
	return kept
}

// RootOf is the one of consolidated diagnoses of which another is a
// consequence, or that other itself.
func RootOf(d Diagnosis, told []Diagnosis) Diagnosis {
	own := slices.ContainsFunc(told, func(t Diagnosis) bool { return t.Cause == d.Cause })
	if i := slices.IndexFunc(told, func(t Diagnosis) bool { return explains(t, d) }); i >= 0 && !own {
		return told[i]
	}
	return d
}

// merge makes one of those with the same cause.
func merge(ds []Diagnosis) (out []Diagnosis) {
	for _, d := range ds {
		i := slices.IndexFunc(out, func(o Diagnosis) bool {
			return o.Cause == d.Cause && (d.Cause != CauseUnknown || o.ServerText == d.ServerText)
		})
		if i < 0 {
			out = append(out, d)
			continue
		}
		first := out[i]
		more := slices.DeleteFunc(slices.Clone(d.Codes), func(c string) bool { return slices.Contains(first.Codes, c) })
		first.Codes = slices.Concat(first.Codes, more)
		if first.Phase != d.Phase {
			first.Command = joined(first.Command, d.Command)
		}
		out[i] = first
	}
	return out
}

// explains tells whether one diagnosis is the root of another: the other
// leaves open what the root knows, or suffers from what the root spreads.
func explains(root, d Diagnosis) bool {
	from, to := entryOf(root.Cause), entryOf(d.Cause)
	switch {
	case len(d.Causes) > 1 && slices.Contains(d.Causes[1:], root.Cause) && from.layer <= to.layer && (root.Certainty != Possible || d.Certainty == Possible):
		return true
	case slices.Contains(oauthPhases, root.Phase) && (slices.Contains(to.suffers, "sign-in") || root.Certainty == Certain && d.tokenless()):
		return true
	}
	// A check that could not even begin has its cause further down; one that
	// was refused for a certain reason has that reason.
	return slices.ContainsFunc(from.spreads, func(topic string) bool { return slices.Contains(to.suffers, topic) }) && (from.layer < 3 || len(d.Causes) > 1)
}

// tokenless tells whether a protocol's guess may come from having no token: a sign-in
// that was refused, and not what passes or lies deeper.
func (d Diagnosis) tokenless() bool {
	e := entryOf(d.Cause)
	account := slices.ContainsFunc(d.Causes, func(c Cause) bool {
		return slices.Contains(entryOf(c).spreads, "account") || slices.Contains(entryOf(c).suffers, "account")
	})
	return mailbox.IsProtocol(string(d.Phase)) && e.layer > 2 && !e.passes && (d.Certainty == Possible || d.Certainty == Likely && account)
}

// joined makes one command of two for the same object that differ in their
// switches at the end.
func joined(a, b string) string {
	as, bs := strings.Split(a, " -"), strings.Split(b, " -")
	n := 0
	for n < min(len(as), len(bs)) && as[n] == bs[n] {
		n++
	}
	if n < 2 || n == len(as) || n == len(bs) {
		return a
	}
	switches := append(slices.Clone(as[n:]), bs[n:]...)
	slices.Sort(switches)
	return strings.Join(append(as[:n:n], switches...), " -")
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
