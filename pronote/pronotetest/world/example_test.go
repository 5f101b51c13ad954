package world_test

import (
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A teacher enters marks and corrects one of them, at a school where nothing
// else happens.
func ExampleSchool_Do() {
	school := world.NewSchool(1, 2025).Quiet()
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.November, Day: 18}, Hour: 17})
	pupil := school.Pupil()

	added := school.Do(world.Add(world.Test{
		Subject: "MATHEMATIQUES",
		Title:   "Contrôle n°3 – Fractions",
		Scores:  map[string]pronote.Score{pupil: pronote.ParseScore("12,50")},
	}))
	for _, edit := range school.Do(world.Correct(added[0].ID, pupil, "13")) {
		fmt.Println(edit.At, edit.Pupil, edit.Domain, edit.Kind, edit.What)
	}
	mark := school.Truth("student", pupil).Marks[0].Value
	fmt.Println(mark.Subject, mark.Title, mark.Score.Text)
	// Output:
	// 2025-11-18 17:00:00 PARENT Fanny marks changed [value class_average class_min class_max]
	// MATHEMATIQUES Contrôle n°3 – Fractions 13
}
