package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	_ "github.com/duckdb/duckdb-go/v2" // registers the driver with database/sql
)

// runDuckDB is DuckDB's side: an in-memory database.
func runDuckDB(task *task) (*result, error) {
	clock := startClock()
	q, err := newQuery(task.model, task.Records)
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, fmt.Errorf("open duckdb: %w", err)
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	out := &result{}
	if err := execute(pool, append([]string{fmt.Sprintf("SET threads = %d", task.Threads), "SET preserve_insertion_order = false"}, q.setup()...)...); err != nil {
		return nil, err
	}
	if err := out.phase(clock, "load"); err != nil {
		return nil, err
	}
	match := q.link(task.Threshold)
	if task.Full {
		match = q.count()
	}
	if err := execute(pool, match); err != nil {
		return nil, err
	}
	if err := out.phase(clock, "match"); err != nil {
		return nil, err
	}
	return out, out.fetch(pool, task.Full)
}

func execute(db *sql.DB, statements ...string) error {
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			return fmt.Errorf("run %.40s …: %w", s, err)
		}
	}
	return nil
}

// fetch reads the result table, after the clock has stopped.
func (r *result) fetch(db *sql.DB, full bool) error {
	ctx := context.Background()
	if err := db.QueryRowContext(ctx, "SELECT count(*), version() FROM base").Scan(&r.Records, &r.DuckDB); err != nil {
		return fmt.Errorf("count records: %w", err)
	}
	rows, err := db.QueryContext(ctx, "SELECT * FROM result")
	if err != nil {
		return fmt.Errorf("read result table: %w", err)
	}
	for rows.Next() {
		if full {
			var c count
			err = errors.Join(err, rows.Scan(&c.Rule, &c.Pattern, &c.Pairs))
			r.Counts = append(r.Counts, c)
			continue
		}
		var l link
		err = errors.Join(err, rows.Scan(&l.A, &l.B, &l.Weight, &l.Rule, &l.Pattern))
		r.Links = append(r.Links, l)
	}
	if err := errors.Join(err, rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("read result table: %w", err)
	}
	return nil
}
