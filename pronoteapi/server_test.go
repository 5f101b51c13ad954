package pronoteapi

import (
	"net/http"
	"testing"
)

// A pupil logs in, asks for the marks, and logs out.
func TestAPupilReadsMarks(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	data := w.data(token, `{params{establishment} user{name} marks{subjects{name marks{title value scale date}} averages{student}}}`)
	user, _ := data["user"].(map[string]any)
	if user["name"] != w.school.School().Pupil() {
		t.Errorf("the user is %v", user["name"])
	}
	marks, _ := data["marks"].(map[string]any)
	count := 0
	subjects, _ := marks["subjects"].([]any)
	for _, s := range subjects {
		list, _ := s.(map[string]any)["marks"].([]any)
		count += len(list)
	}
	want := 0
	period := w.school.School().PeriodAt(w.school.School().Now().Date).Name
	for _, row := range w.school.School().Truth("student", w.school.School().Pupil()).Marks {
		if row.Value.Period == period {
			want++
		}
	}
	if count == 0 || count != want {
		t.Errorf("there are %d marks, want %d", count, want)
	}
	if answer := w.post("/auth/logout", token, ""); answer.Code != http.StatusOK || answer.Body.String() != `{"success":true}` {
		t.Errorf("the logout answers %d %s", answer.Code, answer.Body)
	}
	if answer := w.post("/graphql", token, map[string]string{"query": "{params{title}}"}); answer.Body.String() != `{"message":"Unknown session token"}` {
		t.Errorf("after it the token gives %s", answer.Body)
	}
}
