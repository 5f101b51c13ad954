// Package setup knows what to ask a person who sets up a channel: the keys of its
// settings, the questions about them in French and in English, the providers of e-mail,
// and what is wrong with an answer as soon as it is given.
//
// The keys come from the settings in package notifiers. A channel for which there are no
// words here is asked for by the names of its keys.
package setup

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A Field is a key of a channel's settings.
type Field struct {
	Key    string
	Secret bool
	kind   reflect.Type
}

// A Draft is a channel of which not all is known yet.
type Draft struct {
	Channel string
	Fields  []Field // in the order of the settings, without tables of the person's own keys

	dir    string // that relative paths start from
	values map[string]any
	files  map[string]string // paths of secrets that are in files already
}

// An Entry is a key as the configuration has it.
type Entry struct {
	Name   string
	Value  any
	Secret bool // Value is a string that belongs into a file of its own
}

// New begins a draft. Dir is the folder of the configuration.
func New(channel, dir string) (*Draft, error) {
	if !slices.Contains(notifiers.Kinds(), channel) {
		return nil, say.Errorf("channel %q is unknown: choose %s", channel, say.Choice(notifiers.Kinds()))
	}
	d := &Draft{Channel: channel, dir: dir, values: map[string]any{}, files: map[string]string{}}
	look := func(settings any) error {
		for field := range reflect.TypeOf(settings).Elem().Fields() {
			secret := field.Type == reflect.TypeFor[notifiers.Secret]()
			if key := field.Tag.Get("toml"); key != "" && field.Type.Kind() != reflect.Map {
				d.Fields = append(d.Fields, Field{key, secret, field.Type})
			}
		}
		return errOnlyLooked
	}
	if _, err := notifiers.New(channel, look); !errors.Is(err, errOnlyLooked) {
		return nil, err
	}
	return d, nil
}

var errOnlyLooked = errors.New("only looked at")

// Has reports whether a key has a value.
func (d *Draft) Has(key string) bool { return d.values[key] != nil }

// Text is the value of a key as it is typed; "" where there is none.
func (d *Draft) Text(key string) string {
	switch v := d.values[key].(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case []string:
		return strings.Join(v, " ")
	}
	return ""
}

// Set gives a key the value that was typed; an empty one takes it away. The key of a secret
// may have _file behind it, and its value is then the path of a file.
func (d *Draft) Set(key, typed string) error {
	field, ok := d.field(key)
	if !ok {
		if field, ok = d.field(strings.TrimSuffix(key, "_file")); ok && field.Secret {
			return d.setFile(field.Key, typed)
		}
		var keys []string
		for _, f := range d.Fields {
			keys = append(keys, f.Key)
		}
		return say.Errorf("%s has no key %q: choose %s", d.Channel, key, say.Choice(keys))
	}
	delete(d.values, key)
	delete(d.files, key)
	if typed == "" {
		return nil
	}
	value, err := field.read(typed)
	if err == nil {
		d.values[key] = value
	}
	return err
}

func (d *Draft) field(key string) (Field, bool) {
	i := slices.IndexFunc(d.Fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return d.Fields[i], true
}

// read makes a value of what was typed.
func (f Field) read(typed string) (any, error) {
	switch f.kind.Kind() {
	case reflect.Int:
		n, err := strconv.ParseInt(typed, 10, 32)
		if err != nil {
			return nil, say.Errorf("%s must be a whole number, without quotes", f.Key)
		}
		return n, nil
	case reflect.Bool:
		b, err := strconv.ParseBool(typed)
		if err != nil {
			return nil, say.Errorf("%s must be true or false, without quotes", f.Key)
		}
		return b, nil
	case reflect.Slice:
		return strings.Fields(typed), nil
	case reflect.Interface: // a number or a text
		if n, err := strconv.ParseInt(typed, 10, 64); err == nil {
			return n, nil
		}
	}
	return typed, nil
}

// maxSecret bounds a secret, in bytes.
const maxSecret = 64 << 10

func (d *Draft) setFile(key, path string) error {
	info, err := os.Stat(d.absolute(path))
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSecret {
		return say.Errorf("%s is not the file of a secret: check its name", path)
	}
	text, err := os.ReadFile(d.absolute(path))
	if err != nil {
		return say.Errorf("%s is not the file of a secret: check its name", path)
	}
	d.values[key] = strings.TrimRight(string(text), "\r\n")
	d.files[key] = path
	return nil
}

func (d *Draft) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(d.dir, path)
}

// Open builds the channel of what is known.
func (d *Draft) Open() (notifiers.Notifier, error) {
	return notifiers.New(d.Channel, func(settings any) error {
		for field, v := range reflect.ValueOf(settings).Elem().Fields() {
			key := field.Tag.Get("toml")
			if value, ok := d.values[key]; ok {
				d.fill(key, v.Addr().Interface(), value)
			}
		}
		return nil
	})
}

// fill sets a setting, which is of the type that the value was read for.
func (d *Draft) fill(key string, setting, value any) {
	switch setting := setting.(type) {
	case *notifiers.Secret:
		*setting = notifiers.NewSecret(value.(string))
	case *string:
		if *setting = value.(string); strings.HasSuffix(key, "_file") {
			*setting = d.absolute(*setting)
		}
	case *int:
		*setting = int(value.(int64))
	case *bool:
		*setting = value.(bool)
	case *[]string:
		*setting = value.([]string)
	case *any:
		*setting = value
	}
}

// Wrong is what is wrong with the answers to some keys, as far as that can be said before
// the others are known; nil when nothing is.
func (d *Draft) Wrong(asked []string) error {
	_, err := d.Open()
	if err == nil {
		return nil
	}
	about := d.named(err)
	if len(about) == 0 || slices.ContainsFunc(about, func(key string) bool { return !slices.Contains(asked, key) }) {
		return nil
	}
	return err
}

// Wants reports whether the channel cannot do without a key that has no value, as far as
// that can be told before the others are known.
func (d *Draft) Wants(key string) bool {
	_, err := d.Open()
	return err != nil && slices.Contains(d.named(err), key)
}

// named are the keys in a sentence about settings. It begins with the one to blame; those
// that are words of English as well count only there.
func (d *Draft) named(err error) (keys []string) {
	sentence := strings.TrimPrefix(err.Error(), d.Channel+": ")
	for i, word := range strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune(" ,:;", r) }) {
		if _, ok := d.field(word); ok && (i == 0 || word != "to" && word != "from" && word != "bot") {
			keys = append(keys, word)
		}
	}
	return keys
}

// Entries are the keys of the configuration.
func (d *Draft) Entries() (all []Entry) {
	for _, f := range d.Fields {
		switch path, inFile := d.files[f.Key]; {
		case inFile:
			all = append(all, Entry{Name: f.Key + "_file", Value: path})
		case d.Has(f.Key):
			all = append(all, Entry{f.Key, d.values[f.Key], f.Secret})
		}
	}
	return all
}
