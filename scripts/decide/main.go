// Command decide measures the consent engine at the size of a large customer
// base: it makes a consent log and decides every cell, a shard of profiles at
// a time, so that memory holds as many shards as there are workers.
//
//	go run ./scripts/decide [-profiles 10000000] [-shard 100000] [-workers N]
//
// A profile has three contact points, two events each or a little more, and
// twenty cells: one for each of twenty requests, on a contact point that the
// request reaches. Nothing is cached from one profile to the next. The sum it
// prints depends on neither shards' order nor workers; time is of the wall.
package main

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"concord/jobs/engine"
	schema "concord/schemas/consent"
	"concord/transforms/consent"
)

func main() {
	var o options
	flag.IntVar(&o.profiles, "profiles", 10_000_000, "profiles")
	flag.IntVar(&o.shard, "shard", 100_000, "profiles of a shard")
	flag.IntVar(&o.workers, "workers", runtime.NumCPU(), "goroutines")
	flag.Parse()
	if o.profiles < 1 || o.shard < 1 || o.workers < 1 {
		fmt.Fprintln(os.Stderr, "decide: -profiles, -shard and -workers must be 1 or more")
		os.Exit(2)
	}
	if err := o.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "decide:", err)
		os.Exit(1)
	}
}

type options struct{ profiles, shard, workers int }

// tally is what a worker did.
type tally struct {
	cells, allowed, events int64
	sum                    uint64        // over all verdicts; commutative
	logging, deciding      time.Duration // of this worker
}

func (o *options) run(ctx context.Context) error {
	requests := requests()
	tallies := make([]tally, o.workers)
	shards := (o.profiles + o.shard - 1) / o.shard
	began := time.Now()
	err := engine.Local{Count: o.workers}.Each(ctx, shards, func(worker, i int) error {
		lo, hi := i*o.shard, min((i+1)*o.shard, o.profiles)
		return tallies[worker].shard(lo, hi, requests)
	})
	if err != nil {
		return err
	}
	took := time.Since(began)
	var all tally
	for i := range tallies {
		t := &tallies[i]
		all.cells, all.allowed, all.events, all.sum = all.cells+t.cells, all.allowed+t.allowed, all.events+t.events, all.sum+t.sum
		all.logging, all.deciding = all.logging+t.logging, all.deciding+t.deciding
	}
	workers := time.Duration(o.workers)
	fmt.Printf("%d profiles, %d events, %d cells, %d allowed, sum %016x\n", o.profiles, all.events, all.cells, all.allowed, all.sum)
	fmt.Printf("%.1f s on %d workers: %.1f s to make and sort the log, %.1f s to decide, %.0f ns a cell and worker\n",
		took.Seconds(), o.workers, (all.logging / workers).Seconds(), (all.deciding / workers).Seconds(), float64(all.deciding.Nanoseconds())/float64(all.cells))
	return nil
}

// asOf is the instant decided for; start is where events begin.
var (
	start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	asOf  = time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

const month = int64(30 * 24 * time.Hour / time.Microsecond)

// shard makes the log of profiles lo to hi and decides their cells.
func (t *tally) shard(lo, hi int, requests []consent.Request) error {
	began := time.Now()
	log, err := logOf(lo, hi)
	if err != nil {
		return err
	}
	clusters := &consent.Clustering{}
	places := []string{"FR", "DE", "GB", "US-CA", "US-NY"}
	var anchors []consent.AnchorID
	for k := lo; k < hi; k++ {
		anchors = anchors[:0]
		for j := range points {
			id, ok := log.ID(anchor(k, j))
			if !ok {
				return fmt.Errorf("profile %d: contact point %d is not in the log", k, j)
			}
			anchors = append(anchors, id)
		}
		clusters.Add(anchors, log.Policy().Jurisdiction(places[k%5])|log.Policy().Jurisdiction(places[k%7%5]), schema.Adult)
	}
	clusters.Seal()
	e, err := consent.NewEngine(log, clusters, requests, consent.Options{AsOf: asOf})
	if err != nil {
		return err
	}
	logged := time.Now()
	t.decide(e, clusters)
	t.events += int64(log.Events())
	t.logging += logged.Sub(began)
	t.deciding += time.Since(logged)
	return nil
}

// decide asks each request of a contact point that it reaches: which, turns
// with the number of the request where any will do.
func (t *tally) decide(e *consent.Engine, clusters *consent.Clustering) {
	d := e.Decider()
	var r consent.Result
	for k := range consent.ClusterID(clusters.Len()) {
		var byKind [points]consent.AnchorID
		for _, a := range clusters.Anchors(k) {
			byKind[a.Kind()-schema.Email] = a
		}
		for q, request := range e.Requests() {
			at := q % points
			for !request.Channel.Reaches(byKind[at].Kind()) {
				at = (at + 1) % points
			}
			d.Decide(k, byKind[at], q, &r)
			t.cells++
			if r.Allowed {
				t.allowed++
			}
			t.sum += (uint64(r.Reasons)*31 + uint64(r.ValidUntil)) * (uint64(q) + 1)
		}
	}
}

// points are the contact points of a profile: an e-mail address, a telephone
// number, a postal address.
const points = 3

func anchor(profile, point int) schema.Anchor {
	a := schema.Anchor{Kind: schema.Email + schema.Kind(point)}
	binary.BigEndian.PutUint64(a.Hash[:], uint64(points*profile+point+1)*0x9e3779b97f4a7c15)
	return a
}

// channels reach the contact points, in their order.
var channels = [points]schema.Channel{schema.ByEmail, schema.BySMS, schema.ByPost}

// logOf is the log of profiles lo to hi.
func logOf(lo, hi int) (*consent.Log, error) {
	build := consent.NewBuilder(schema.DefaultPolicy())
	purposes := []string{"analytics.reporting", "personalize", "third_party_sharing", "marketing"}
	brands := []string{"north", "south"}
	for i := points * lo; i < points*hi; i++ {
		when := start + int64(i%7)*month
		e := schema.Event{
			Cell:  schema.Cell{Anchor: anchor(i/points, i%points), Controller: "N", Purpose: "marketing.communications", Channel: channels[i%points]},
			State: schema.Given, Time: schema.Interval{Lo: when, Hi: when + month/30}, ValidUntil: schema.Forever, ConfirmedAt: schema.NoTime,
		}
		events := []schema.Event{e}
		e.Purpose, e.Channel, e.Brand = purposes[i%4], schema.AnyChannel, brands[i%2]
		events = append(events, e)
		switch i % 10 {
		case 0: // an unsubscribe
			e = events[0]
			e.State = schema.Withdrawn
			events = append(events, e)
		case 1: // an objection that the whole person feels
			e.State, e.Scope, e.Brand = schema.Objected, schema.PersonScope, ""
			events = append(events, e)
		}
		for k := range events {
			if err := build.Add(&events[k]); err != nil {
				return nil, err
			}
		}
	}
	return build.Log(), nil
}

// requests are twenty uses that a job may ask about.
func requests() []consent.Request {
	var out []consent.Request
	for _, brand := range []string{"north", "south"} {
		for i, p := range []string{
			"marketing.communications", "marketing.communications", "marketing.communications", "analytics.reporting",
			"analytics.audience", "personalize", "personalize.recommendations", "third_party_sharing", "marketing.enrichment",
		} {
			r := consent.Request{Controller: "N", Brand: brand, Purpose: p}
			if i < points {
				r.Channel = channels[i]
			}
			out = append(out, r)
		}
	}
	return append(out,
		consent.Request{Controller: "N", Purpose: "essential.service", Basis: schema.BasisContract},
		consent.Request{Controller: "N", Purpose: "operations", Basis: schema.BasisLegitimateInterests})
}
