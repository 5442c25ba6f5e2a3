package report

import (
	"reflect"
	"strings"
	"unicode"
)

// cleaned is a deep copy of what a form is made from, in which no text has a character that a terminal would obey or
// that is not seen: control characters other than a line's end and a tab, and what only formats, such as the marks of
// direction.
// Input of foreign people reaches a result in names, values and messages.
func cleaned[T any](v T) T {
	in := reflect.ValueOf(&v).Elem()
	out := reflect.New(in.Type()).Elem()
	copyClean(out, in)
	return out.Interface().(T)
}

// copyClean sets out to a clean copy of in.
func copyClean(out, in reflect.Value) {
	switch in.Kind() {
	case reflect.String:
		out.SetString(printable(in.String()))
	case reflect.Pointer:
		if !in.IsNil() {
			out.Set(reflect.New(in.Type().Elem()))
			copyClean(out.Elem(), in.Elem())
		}
	case reflect.Slice:
		if !in.IsNil() {
			out.Set(reflect.MakeSlice(in.Type(), in.Len(), in.Len()))
			for i := range in.Len() {
				copyClean(out.Index(i), in.Index(i))
			}
		}
	case reflect.Map:
		if !in.IsNil() {
			out.Set(reflect.MakeMapWithSize(in.Type(), in.Len()))
			for entry := in.MapRange(); entry.Next(); {
				key, value := reflect.New(in.Type().Key()).Elem(), reflect.New(in.Type().Elem()).Elem()
				copyClean(key, entry.Key())
				copyClean(value, entry.Value())
				out.SetMapIndex(key, value)
			}
		}
	case reflect.Struct:
		out.Set(in) // unexported fields too
		for i := range in.NumField() {
			if in.Type().Field(i).IsExported() {
				copyClean(out.Field(i), in.Field(i))
			}
		}
	default:
		out.Set(in)
	}
}

// printable replaces the characters that cleaned removes, and those that XML cannot have.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == 0xfffe, r == 0xffff, unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// Harmless is a line of output that GitHub Actions does not obey: it reads a line that begins with "::", and one with
// "##[" anywhere, as a command.
func Harmless(line string) string {
	line = strings.ReplaceAll(line, "##[", "## [")
	if trimmed := strings.TrimSpace(line); strings.HasPrefix(trimmed, "::") {
		at := strings.Index(line, "::")
		line = line[:at] + ": :" + line[at+2:]
	}
	return line
}
