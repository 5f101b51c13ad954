package world

import "github.com/pronote-sync/pronote-sync/pronote"

func absenceColumns(a pronote.Absence) columns {
	return columns{
		"year": a.Year, "period": a.Period, "starts_at": textOrNull(a.StartsAt.String()), "ends_at": textOrNull(a.EndsAt.String()),
		"open": bit(a.Open), "justified": bit(a.Justified), "justification": a.Justification, "settled": bit(a.Settled),
		"to_justify": bit(a.ToJustify), "reasons": joined(a.Reasons), "hours": orNull(a.Hours), "days": orNull(a.Days),
	}
}

func delayColumns(d pronote.Delay) columns {
	return columns{
		"year": d.Year, "period": d.Period, "starts_at": textOrNull(d.StartsAt.String()), "minutes": countOrNull(d.Minutes),
		"justified": bit(d.Justified), "justification": d.Justification, "settled": bit(d.Settled),
		"to_justify": bit(d.ToJustify), "reasons": joined(d.Reasons),
	}
}

func punishmentColumns(p pronote.Punishment) columns {
	return columns{
		"year": p.Year, "period": p.Period, "kind": p.Kind, "nature": p.Nature, "given_on": textOrNull(p.GivenOn.String()),
		"given_at": textOrNull(p.GivenAt.String()), "outside_lessons": bit(p.OutsideLessons), "giver": p.Giver, "decider": p.Decider,
		"reasons": joined(p.Reasons), "circumstances": p.Circumstances, "homework": p.Homework, "comment": p.Comment,
		"minutes": countOrNull(p.Minutes), "starts_at": textOrNull(p.StartsAt.String()), "ends_at": textOrNull(p.EndsAt.String()),
		"exclusion": bit(p.Exclusion), "barred_from": joined(p.BarredFrom), "incident": bit(p.Incident),
		"receipt_wanted": bit(p.ReceiptWanted), "receipt_given": bit(p.ReceiptGiven),
	}
}

// detentionColumns are those of all punishments, without what they are part of.
func detentionColumns(rows []Row[pronote.Punishment]) []columns {
	list := []columns{}
	for _, row := range rows {
		for _, d := range row.Value.Detentions {
			list = append(list, columns{
				"held_on": textOrNull(d.HeldOn.String()), "starts_at": textOrNull(d.StartsAt.String()),
				"minutes": countOrNull(d.Minutes), "supervisor": d.Supervisor, "state": textOrNull(d.State),
			})
		}
	}
	return list
}

func observationColumns(v pronote.Observation) columns {
	return columns{
		"year": v.Year, "period": v.Period, "kind": v.Kind, "title": v.Title, "category": v.Category,
		"given_on": textOrNull(v.GivenOn.String()), "starts_at": textOrNull(v.StartsAt.String()), "ends_at": textOrNull(v.EndsAt.String()),
		"subject": v.Subject, "giver": v.Giver, "comment": v.Comment, "read": bit(v.Read), "receipt_wanted": bit(v.ReceiptWanted),
	}
}
