package normalize

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// Words in scripts other than Latin take some µs each to romanise, occur many
// times and are folded several times in an address: the latest are kept, one
// for each of some thousand hashes. What is kept changes no result.
var (
	romanisedWords [1 << 13]atomic.Pointer[romanisedWord]
	romanisedSeed  = maphash.MakeSeed()
)

type romanisedWord struct {
	word, latin string
	script      script
}

// romanise writes a word of a script other than Latin in ASCII letters.
func romanise(word string, k script) string {
	if len(word) > maxKeptWord {
		return romaniseAnew(word, k)
	}
	slot := &romanisedWords[maphash.String(romanisedSeed, word)%uint64(len(romanisedWords))]
	if w := slot.Load(); w != nil && w.word == word && w.script == k {
		return w.latin
	}
	latin := romaniseAnew(word, k)
	slot.Store(&romanisedWord{strings.Clone(word), latin, k})
	return latin
}

// maxKeptWord bounds the memory of kept words, in bytes: longer ones are rare.
const maxKeptWord = 64
