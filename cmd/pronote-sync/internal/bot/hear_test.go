package bot

import (
	"encoding/json"
	"testing"
)

func TestTheChatOfAnUpdate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Chat{
		`{"message":{"chat":{"id":7,"first_name":" Léa ","last_name":"M","username":"lea"}}}`:            {ID: 7, Who: "Léa M @lea"},
		`{"message":{"chat":{"id":-8,"title":"Famille"},"is_topic_message":true,"message_thread_id":3}}`: {ID: -8, Topic: 3, Who: "Famille", Group: true},
		`{"message":{"chat":{"id":-8,"title":"Famille"},"message_thread_id":3}}`:                         {ID: -8, Who: "Famille", Group: true},
		`{"channel_post":{"chat":{"id":-9,"title":"Canal"}}}`:                                            {ID: -9, Who: "Canal", Group: true},
		`{"callback_query":{"id":"1","message":{"chat":{"id":7}}}}`:                                      {},
		`{}`: {},
	} {
		var u update
		if err := json.Unmarshal([]byte(text), &u); err != nil {
			t.Fatal(err)
		}
		if got, _ := u.chat(); got != want {
			t.Errorf("%s is of %+v, want %+v", text, got, want)
		}
	}
}

func TestEarsRememberTheLastChats(t *testing.T) {
	t.Parallel()
	b := &Bot{ears: newEars()}
	for id := range int64(fewChats + 2) {
		b.ears.note(Chat{ID: id})
	}
	b.ears.note(Chat{ID: 5}) // again
	var heard []int64
	for behind := 0; len(heard) < fewChats; {
		c, number, err := b.Heard(t.Context(), behind)
		if err != nil {
			t.Fatal(err)
		}
		heard, behind = append(heard, c.ID), number
	}
	if heard[0] != 2 || heard[len(heard)-1] != 5 {
		t.Errorf("remembered are %v", heard)
	}
	told := make(chan Chat)
	go func() {
		c, _, _ := b.Heard(t.Context(), fewChats+3)
		told <- c
	}()
	b.ears.note(Chat{ID: 99})
	if c := <-told; c.ID != 99 {
		t.Errorf("heard is %v", c)
	}
}
