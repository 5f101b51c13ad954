package wire

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// reading is one way of writing a value and what becomes of it. Nil means that
// it must be refused.
type reading struct {
	text string
	want any
}

// read unmarshals a text into a new value of the type of sample.
func read(sample any, text string) (any, error) {
	v := reflect.New(reflect.TypeOf(sample))
	err := json.Unmarshal([]byte(text), v.Interface())
	return v.Elem().Interface(), err
}

func checkReadings(t *testing.T, sample any, readings []reading) {
	t.Helper()
	for _, tt := range readings {
		got, err := read(sample, tt.text)
		switch {
		case tt.want == nil && err == nil:
			t.Errorf("%T from %s = %v, want an error", sample, tt.text, got)
		case tt.want != nil && err != nil:
			t.Errorf("%T from %s: %v, want %v", sample, tt.text, err, tt.want)
		case tt.want != nil && !cmp.Equal(got, tt.want):
			t.Errorf("%T from %s = %v, want %v", sample, tt.text, got, tt.want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	checkReadings(t, Text(""), []reading{
		{`"Été"`, Text("Été")},
		{`{"_T":21,"V":"<div>x</div>"}`, Text("<div>x</div>")},
		{` { "V" : "x" , "_T" : 3 } `, Text("x")},
		{`{"_T":23,"V":""}`, Text("")},
		{`{"_T":24,"V":null}`, Text("")},
		{`{"_T":24}`, Text("")},
		{`null`, Text("")},
		{`12.5`, Text("12.5")},
		{`true`, Text("true")},
		{`"\ud800"`, Text("\ufffd")},
		{"\"a\xffb\"", Text("a\ufffdb")},
		{`{"V":"x"}`, nil},
		{`{"L":"x"}`, nil},
		{`["x"]`, nil},
		{`{"_T":24,"V":["x"]}`, nil},
	})
}

func TestInt(t *testing.T) {
	t.Parallel()
	checkReadings(t, Int(0), []reading{
		{`3`, Int(3)},
		{`-3`, Int(-3)},
		{`"3"`, Int(3)},
		{`3.0`, Int(3)},
		{`"3,0"`, Int(3)},
		{`{"_T":20,"V":3}`, Int(3)},
		{`{"_T":1,"V":"3"}`, Int(3)},
		{`""`, Int(0)},
		{`null`, Int(0)},
		{`{"_T":20,"V":null}`, Int(0)},
		{`true`, Int(1)},
		{`{"_T":2,"V":false}`, Int(0)},
		{`"trois"`, nil},
		{`{}`, nil},
		{`[]`, nil},
		{`1e300`, nil},
		{`-1e19`, nil},
		{`"9223372036854775808"`, nil},
	})
}

func TestNumber(t *testing.T) {
	t.Parallel()
	checkReadings(t, Number{}, []reading{
		{`12.5`, Number{12.5, true}},
		{`0`, Number{0, true}},
		{`"12,50"`, Number{12.5, true}},
		{`"12.50"`, Number{12.5, true}},
		{`" 8 "`, Number{8, true}},
		{`"-1"`, Number{-1, true}},
		{`{"_T":10,"V":"12,50"}`, Number{12.5, true}},
		{`{"_T":13,"V":12.5}`, Number{12.5, true}},
		{`""`, Number{}},
		{`null`, Number{}},
		{`{"_T":10,"V":""}`, Number{}},
		{`"|1"`, Number{}},
		{`"Abs"`, Number{}},
		{`"N.Not"`, Number{}},
		{`true`, Number{}},
		{`"NaN"`, Number{}},
		{`"Inf"`, Number{}},
		{`"1e999"`, Number{}},
		{`"0x1p3"`, Number{}},
		{`"1_000"`, Number{}},
		{`"1 234,5"`, Number{}},
		{`"1,2,3"`, Number{}},
		{`{"N":1}`, nil},
		{`[12]`, nil},
	})
}

func TestBool(t *testing.T) {
	t.Parallel()
	checkReadings(t, Bool(false), []reading{
		{`true`, Bool(true)},
		{`false`, Bool(false)},
		{`1`, Bool(true)},
		{`0`, Bool(false)},
		{`"true"`, Bool(true)},
		{`"False"`, Bool(false)},
		{`""`, Bool(false)},
		{`null`, Bool(false)},
		{`{"_T":2,"V":true}`, Bool(true)},
		{`{"_T":2,"V":false}`, Bool(false)},
		{`{"L":"Dispensé"}`, Bool(true)},
		{`{"_T":24,"V":{"L":"Dispensé"}}`, Bool(true)},
		{`[true]`, nil},
	})
}

func TestObject(t *testing.T) {
	t.Parallel()
	maths := Object[Element]{Value: Element{Label: "MATHS", Number: "79#x"}, Present: true}
	checkReadings(t, Object[Element]{}, []reading{
		{`{"L":"MATHS","N":"79#x"}`, maths},
		{`{"_T":24,"V":{"L":"MATHS","N":"79#x"}}`, maths},
		{`{"L":"MATHS","N":"79#x","inconnu":{"_T":24,"V":[]}}`, maths},
		{`{}`, Object[Element]{Present: true}},
		{`{"N":0}`, Object[Element]{Value: Element{Number: "0"}, Present: true}},
		{`null`, Object[Element]{}},
		{`{"_T":24,"V":null}`, Object[Element]{}},
		{`"MATHS"`, nil},
		{`[{"L":"MATHS"}]`, nil},
		{`12`, nil},
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	two := List[Int]{Items: []Int{1, 2}, Present: true}
	checkReadings(t, List[Int]{}, []reading{
		{`[1,2]`, two},
		{`{"_T":24,"V":[1,{"_T":20,"V":"2"}]}`, two},
		{`[]`, List[Int]{Items: []Int{}, Present: true}},
		{`{"_T":24,"V":[]}`, List[Int]{Items: []Int{}, Present: true}},
		{`null`, List[Int]{}},
		{`{"_T":24,"V":null}`, List[Int]{}},
		{`{"_T":24}`, List[Int]{}},
		{`{}`, nil},
		{`{"V":[1,2]}`, nil},
		{`"[1,2]"`, nil},
		{`[1,"x"]`, nil},
	})
	var absent struct{ L List[Int] }
	if err := json.Unmarshal([]byte(`{}`), &absent); err != nil || absent.L.Present {
		t.Errorf("an absent list = %+v, %v, want it not present", absent.L, err)
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	checkReadings(t, Set(nil), []reading{
		{`"[1..3,5]"`, Set{1, 2, 3, 5}},
		{`{"_T":8,"V":"[1..3,5]"}`, Set{1, 2, 3, 5}},
		{`{"_T":26,"V":"[0]"}`, Set{0}},
		{`"[ 1 .. 2 , 4 ]"`, Set{1, 2, 4}},
		{`"1,2"`, Set{1, 2}},
		{`"[-2..0]"`, Set{-2, -1, 0}},
		{`"[3..1]"`, Set(nil)},
		{`"[]"`, Set(nil)},
		{`""`, Set(nil)},
		{`null`, Set(nil)},
		{`7`, Set{7}},
		{`"[a]"`, nil},
		{`"[1..]"`, nil},
		{`"[1,,2]"`, nil},
		{`[1,2]`, nil},
		{`"[1..4097]"`, nil},
		{`"[0..2000,0..2000,0..2000]"`, nil},
	})
}

// Such a range once ran for hours and filled the memory.
func TestSetOfMoreNumbersThanThereAre(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"[-9223372036854775808..9223372036854775807]", "[-9223372036854775808..5]", "[5..9223372036854775807]",
		"[9223372036854775807..9223372036854775807]", "[1..99999999999999999999]", "[9000000000000000000..-9000000000000000000]",
	} {
		if set, err := ParseSet(text); err == nil {
			t.Errorf("ParseSet(%s) = %d numbers, want an error", text, len(set))
		}
	}
}

func TestSetString(t *testing.T) {
	t.Parallel()
	for want, set := range map[string]Set{
		"[]": nil, "[7]": {7}, "[1..3]": {1, 2, 3}, "[1..3,5]": {1, 2, 3, 5}, "[0,2,4..5]": {0, 2, 4, 5}, "[5,1..2]": {5, 1, 2},
	} {
		if got := set.String(); got != want {
			t.Errorf("String of %#v = %s, want %s", []int(set), got, want)
		}
		if again, err := ParseSet(want); err != nil || !cmp.Equal(again, set) {
			t.Errorf("ParseSet(%s) = %v, %v, want %v", want, again, err, set)
		}
	}
}

func TestDateTime(t *testing.T) {
	t.Parallel()
	at := func(year int, month time.Month, day, hour, minute, second int) DateTime {
		return DateTime{time.Date(year, month, day, hour, minute, second, 0, time.UTC)}
	}
	checkReadings(t, DateTime{}, []reading{
		{`"17/11/2025"`, at(2025, time.November, 17, 0, 0, 0)},
		{`{"_T":7,"V":"17/11/2025"}`, at(2025, time.November, 17, 0, 0, 0)},
		{`{"_T":7,"V":"17/11/2025 13:30:05"}`, at(2025, time.November, 17, 13, 30, 5)},
		{`"17/11/2025 13:30"`, at(2025, time.November, 17, 13, 30, 0)},
		{`"1/9/2025 8:5:0"`, at(2025, time.September, 1, 8, 5, 0)},
		{`"1/9/2025 0:0:0"`, at(2025, time.September, 1, 0, 0, 0)},
		{`"05/09/25 08h30"`, at(2025, time.September, 5, 8, 30, 0)},
		{`" 05/09/2025  08:30:00 "`, at(2025, time.September, 5, 8, 30, 0)},
		{`"30/12/1899 08:00:00"`, at(1899, time.December, 30, 8, 0, 0)},
		{`"29/02/2024"`, at(2024, time.February, 29, 0, 0, 0)},
		{`""`, DateTime{}},
		{`null`, DateTime{}},
		{`{"_T":7,"V":""}`, DateTime{}},
		{`{"_T":7}`, DateTime{}},
		{`"29/02/2025"`, nil},
		{`"31/04/2025"`, nil},
		{`"00/01/2025"`, nil},
		{`"01/13/2025"`, nil},
		{`"2025-11-17"`, nil},
		{`"17/11"`, nil},
		{`"17/11/2025/1"`, nil},
		{`"-1/11/2025"`, nil},
		{`"17/11/20255"`, nil},
		{`"17/11/2025 24:00:00"`, nil},
		{`"17/11/2025 13:60:00"`, nil},
		{`"17/11/2025 13:30:60"`, nil},
		{`"17/11/2025 13"`, nil},
		{`"17/11/2025 midi"`, nil},
		{`"demain"`, nil},
		{`{"L":"17/11/2025"}`, nil},
	})
}

func TestFormatDateIsReadAgain(t *testing.T) {
	t.Parallel()
	want := time.Date(2025, time.November, 7, 8, 5, 9, 0, time.UTC)
	text, err := json.Marshal(FormatDate(want))
	if err != nil {
		t.Fatal(err)
	}
	var got DateTime
	if err := json.Unmarshal(text, &got); err != nil || !got.Equal(want) {
		t.Errorf("read %s = %s, %v, want %s", text, got, err, want)
	}
}

func TestErrorsNameNoValue(t *testing.T) {
	t.Parallel()
	const secret = "canary"
	for _, sample := range []any{Int(0), Set(nil), DateTime{}, Object[Element]{}, List[Int]{}} {
		if _, err := read(sample, `"`+secret+`"`); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%T from a text: %v, want an error without the text", sample, err)
		}
	}
}

func TestParseNumberIsFinite(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"1e308", "-1e308", "1e309", "1e400", "inf", "-Infinity", "nan", "+", "-", "e", ".", ""} {
		value, known, _ := ParseNumber(text)
		if math.IsInf(value, 0) || math.IsNaN(value) || !known && value != 0 {
			t.Errorf("ParseNumber(%q) = %v, %t, want a finite number", text, value, known)
		}
	}
}
