package wire

import (
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"testing"
)

// lesson is larger than what the lists of an answer hold.
type lesson struct {
	Elements [20]Element
	Parts    List[Element]
}

// A mebibyte that inflates to a thousand, or becomes a kilobyte for each two bytes,
// once took what a Pi Zero does not have. The test is not parallel, since memory is
// counted for the whole process.
func TestABombOfOneMebibyteCostsLittleMemory(t *testing.T) {
	const most = 24 << 20 // half of it without the race detector
	repeat := func(part string, size int) string { return strings.Repeat(part, size/len(part)) }
	for name, text := range map[string]string{
		"zeroes":            strings.Repeat("\x00", 200<<20),
		"spaces":            `{"data":` + strings.Repeat(" ", MaxText-20) + `1}`,
		"empty objects":     `{"V":[` + repeat("{},", MaxText-20) + `{}]}`,
		"wrong numbers":     `{"V":[` + repeat("0,", MaxText-20) + `0]}`,
		"absent ones":       `{"V":[` + repeat("null,", MaxText-20) + `null]}`,
		"lists within":      `{"V":[` + repeat(`{"Parts":[{},{},{},{},{},{},{},{}]},`, MaxText-60) + `{}]}`,
		"brackets":          `{"V":` + repeat("[", MaxText-20),
		"quotes and a bomb": `{"L":"\"[",` + `"V":[` + repeat("0,", MaxText-40) + `0]}`,
	} {
		sealed, err := Codec{Compress: true}.Seal(Answer, Cipher{}, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		text = "" // the cost is that of the answer
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		plain, err := Codec{Compress: true}.Open(Answer, Cipher{}, sealed)
		if err == nil {
			var answer struct{ V List[lesson] }
			err = json.Unmarshal(plain, &answer)
		}
		runtime.ReadMemStats(&after)
		cost := after.TotalAlloc - before.TotalAlloc
		t.Logf("%s: %d KiB sent cost %d KiB: %v", name, len(sealed)>>10, cost>>10, err)
		if cost > most {
			t.Errorf("%s: %d bytes sent cost %d MiB", name, len(sealed), cost>>20)
		}
		if hollow := name == "spaces"; hollow != (err == nil) || !hollow && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
