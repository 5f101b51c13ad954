package db

import "context"

// SubjectNames are the school's names of all subjects that the mirror shows now.
func (tx *Tx) SubjectNames(ctx context.Context) (names []string, err error) {
	rows, err := tx.query(ctx, `SELECT subject FROM lessons UNION SELECT subject FROM marks UNION SELECT subject FROM homework
		UNION SELECT subject FROM evaluations UNION SELECT subject FROM averages ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names, rows.Err()
}
