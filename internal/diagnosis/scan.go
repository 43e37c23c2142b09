package diagnosis

// scanner finds all of many phrases in one pass (Aho and Corasick, 1975). A
// log of some megabytes is read once, however many rules there are.
type scanner struct {
	symbol [256]uint8 // letters and digits that occur in phrases; 0: none
	width  int
	next   []uint16 // per state and symbol: the state to go to; 0 is the start
	found  [][]int32
}

// maxStates is how many states fit: one for each letter of all phrases at
// most. The tables of rules are far below it.
const maxStates = 1 << 16

func newScanner(phrases []string) *scanner {
	s := &scanner{width: 1}
	states := 1
	for _, p := range phrases {
		states += len(p)
		for i := range len(p) {
			if s.symbol[p[i]] == 0 {
				s.symbol[p[i]] = uint8(s.width)
				s.width++
			}
		}
	}
	if states > maxStates {
		panic("diagnosis: too many phrases")
	}
	s.next = make([]uint16, s.width, states*s.width)
	s.found = make([][]int32, 1, states)
	for id, p := range phrases {
		s.insert(p, int32(id))
	}
	s.link()
	return s
}

func (s *scanner) insert(phrase string, id int32) {
	state := 0
	for i := range len(phrase) {
		move := state*s.width + int(s.symbol[phrase[i]])
		if s.next[move] == 0 {
			s.next[move] = uint16(len(s.found))
			s.next = s.next[:len(s.next)+s.width]
			s.found = append(s.found, nil)
		}
		state = int(s.next[move])
	}
	s.found[state] = append(s.found[state], id)
}

// link fills in where to go on when a phrase breaks off.
func (s *scanner) link() {
	fallback := make([]uint16, len(s.found))
	queue := make([]uint16, 0, len(s.found))
	for _, to := range s.next[:s.width] {
		if to != 0 {
			queue = append(queue, to)
		}
	}
	for i := 0; i < len(queue); i++ {
		state := int(queue[i])
		back := int(fallback[state])
		if more := s.found[back]; len(more) > 0 {
			s.found[state] = append(s.found[state], more...)
		}
		row, backRow := s.next[state*s.width:][:s.width], s.next[back*s.width:][:s.width]
		for c, to := range row {
			if to == 0 {
				row[c] = backRow[c]
				continue
			}
			fallback[to] = backRow[c]
			queue = append(queue, to)
		}
	}
}

// scan calls hit for every phrase found, with the index of its last byte.
func (s *scanner) scan(text []byte, hit func(phrase int32, last int)) {
	state := 0
	for i, b := range text {
		state = int(s.next[state*s.width+int(s.symbol[b])])
		for _, id := range s.found[state] {
			hit(id, i)
		}
	}
}
