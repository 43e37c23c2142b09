package diagnosis

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

// matched lists what a book finds in a text.
func matched(b *book, s sample) (all []string) {
	in := Input{Phase: s.Phase, Provider: s.Provider, Text: trim(s.Raw)}
	h := look(b, in.Text)
	for _, f := range match(h, gather(in, h)) {
		all = append(all, fmt.Sprint(f.of.name, f.strength, f.size, f.coded, f.places))
	}
	return all
}

// TestReadingLateChangesNothing: a saying that is read when a text holds its
// first letters finds what it would find had all been read before.
func TestReadingLateChangesNothing(t *testing.T) {
	late, whole := readBook(dataFiles), readBook(dataFiles)
	readAll(whole)
	for _, file := range append(slices.Clone(ownTable), openTexts, freshTexts) {
		for _, s := range readSamples(t, file) {
			if got, want := matched(late, s), matched(whole, s); !slices.Equal(got, want) {
				t.Errorf("%s:\n%v\nwant %v", s.ID, got, want)
			}
		}
	}
	if late = readBook(dataFiles); countRead(late) > len(late.sayings)/2 {
		t.Errorf("%d of %d sayings are read before there is a text", countRead(late), len(late.sayings))
	}
}

func countRead(b *book) (n int) {
	for i := range b.sayings {
		n += boolInt(b.sayings[i].read)
	}
	return n
}

// TestBeginnings: what code tells about the first four letters is what their
// essence says, or nothing.
func TestBeginnings(t *testing.T) {
	b := readBook(dataFiles)
	for i := range b.sayings {
		words := b.sayings[i].words
		h := beginning(words)
		if word, _, _ := nextPart(words); h != buckets {
			if text := essenceOf(word).text; len(text) < 4 || bucket(text) != h {
				t.Errorf("%q: the essence begins with %q", words, text)
			}
		}
	}
}

// TestExplainingAtOnce: several texts may be explained at the same time.
func TestExplainingAtOnce(t *testing.T) {
	samples := readSamples(t, ownTable[0])
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, s := range samples[:40] {
				if d := ExplainText(s.Raw, s.Phase, s.Provider); len(d) == 0 {
					t.Errorf("%s: nothing", s.ID)
				}
			}
		})
	}
	all.Wait()
}
