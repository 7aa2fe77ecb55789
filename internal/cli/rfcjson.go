package cli

import "barewire/internal/rfc"

// rowJSON is a requirement in the output of -json.
type rowJSON struct {
	ID      string      `json:"id"`
	RFC     string      `json:"rfc"`
	Section string      `json:"section"`
	Level   string      `json:"level"`
	Role    string      `json:"role"`
	Text    string      `json:"text"`
	Failure string      `json:"failure"`
	Layer   string      `json:"layer"`
	Note    string      `json:"note"`
	Code    []placeJSON `json:"code"`
	Tests   []placeJSON `json:"tests"`
	Excuse  string      `json:"excuse"`
}

type placeJSON struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Function string `json:"function"`
	Text     string `json:"text,omitempty"`
}

func newRowsJSON(rows []rfc.Requirement) []rowJSON {
	all := make([]rowJSON, 0, len(rows))
	for _, row := range rows {
		evidence := rfc.EvidenceOf(row.ID)
		all = append(all, rowJSON{ID: row.ID, RFC: row.RFC(), Section: row.Section, Level: string(row.Level),
			Role: row.Role, Text: row.Text, Failure: row.Failure, Layer: row.Layer, Note: row.Note,
			Code: newPlacesJSON(evidence.Code), Tests: newPlacesJSON(evidence.Tests), Excuse: evidence.Excuse})
	}
	return all
}

func newPlacesJSON(places []rfc.Place) []placeJSON {
	all := make([]placeJSON, 0, len(places))
	for _, place := range places {
		all = append(all, placeJSON{place.File, place.Line, place.Name, place.Text})
	}
	return all
}
