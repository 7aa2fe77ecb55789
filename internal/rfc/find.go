package rfc

import (
	"regexp"
	"strings"
)

// query matches what Find understands, with its parts in parentheses:
//
//	RFC 6455 §5.1        6455-5.1-b
//	    |--|  |-|        |--| |-| |
//	    RFC section      RFC  section and letter
var query = regexp.MustCompile(`(?i)^\s*(?:RFC[ -]?)?(\d{4})(?:(?:[ ,#§-]|section)+(\d+(?:\.\d+)*)(?:-([a-z]))?)?\s*$`)

// Find returns the requirements that text names, in the order of the table: one by its id
// ("6455-5.1-b"), those of a section and its subsections ("6455 5.5", "RFC 6455 §5.5",
// "6455-5.5"), or those of a whole RFC ("6455"). It returns nil if there are none. Letter
// case is ignored.
func Find(text string) []Requirement {
	parts := query.FindStringSubmatch(text)
	if parts == nil {
		return nil
	}
	number, section, letter := parts[1], parts[2], strings.ToLower(parts[3])
	if letter != "" {
		row, ok := Lookup(number + "-" + section + "-" + letter)
		if !ok {
			return nil
		}
		return []Requirement{row}
	}
	return filter(func(row Requirement) bool {
		return row.RFC() == number && (section == "" || row.inSection(section))
	})
}

// bareSection matches a section without an RFC: "5.1", "§5.1".
var bareSection = regexp.MustCompile(`^§?(\d+(?:\.\d+)*)$`)

// Search returns the requirements that text is about: those of a section, of any RFC
// ("5.1"), or those that contain all words of text ("close code"). A word also matches in
// other forms: "masking" finds "unmasked". Letter case is ignored.
func Search(text string) []Requirement {
	if section := bareSection.FindStringSubmatch(strings.TrimSpace(text)); section != nil {
		if found := filter(func(row Requirement) bool { return row.inSection(section[1]) }); found != nil {
			return found
		}
	}
	var words []*regexp.Regexp
	for _, word := range strings.Fields(text) {
		words = append(words, regexp.MustCompile(`(?i)(?:^|\W)(?:un)?`+regexp.QuoteMeta(stem(strings.ToLower(word)))))
	}
	if words == nil {
		return nil
	}
	return filter(func(row Requirement) bool {
		about := strings.Join([]string{row.ID, row.Text, row.Failure, row.Layer, row.Note}, " ")
		for _, word := range words {
			if !word.MatchString(about) {
				return false
			}
		}
		return true
	})
}

// stem removes the ending of an English word, unless too little would be left.
func stem(word string) string {
	for _, ending := range []string{"ing", "ed", "es", "s"} {
		if cut, found := strings.CutSuffix(word, ending); found && len(cut) >= len("mask") {
			return cut
		}
	}
	return word
}

// inSection reports whether r belongs to the section or one of its subsections.
func (r Requirement) inSection(section string) bool {
	return r.Section == section || strings.HasPrefix(r.Section, section+".")
}

func filter(wanted func(Requirement) bool) (found []Requirement) {
	for _, row := range rows {
		if wanted(row) {
			found = append(found, row)
		}
	}
	return found
}
