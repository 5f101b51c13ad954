package pronote

import "github.com/pronote-sync/pronote-sync/pronote/internal/wire"

// maxSlots bounds the slots of a day: schools have them of half an hour, or of a
// quarter.
const maxSlots = 1000

// slotsOf are the times at which the slots of a day begin, or end, by the list
// that has them. Those that are not stated are zero.
func slotsOf(g wire.General, hours wire.List[wire.Element]) []DateTime {
	slots := make([]DateTime, min(max(0, int(g.PlacesParJour)), maxSlots))
	for i, hour := range hours.Items {
		if hour.Genre.Known {
			i = int(hour.Genre.Value)
		}
		at, err := wire.ParseDateTime("30/12/1899 " + string(hour.Label))
		if err == nil && i >= 0 && i < len(slots) {
			slots[i] = DateTimeOf(at)
		}
	}
	return slots
}

// slotOf is when a slot of a day begins. The slot is counted from the beginning
// of the day or of the week. It is zero where that cannot be told.
func (s School) slotOf(day Date, slot *wire.Int) DateTime {
	if slot == nil || *slot < 0 || day.IsZero() || len(s.slots) == 0 {
		return DateTime{}
	}
	at := s.slots[int(*slot)%len(s.slots)]
	if at.IsZero() {
		return DateTime{}
	}
	at.Date = day
	return at
}
