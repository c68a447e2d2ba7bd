package block

import "concord/matching/column"

// TileRows is the side of a tile: a block of more records is cut into tiles
// of TileRows × TileRows pairs, so that what is compared of both sides, some 200
// bytes a record, stays in the second-level cache while their pairs are scored.
const TileRows = 1024

// Unit is a piece of work of bounded size: a run of whole blocks of one rule
// with at most TileRows records, or one tile of a larger block. Units may be
// walked in any order and by any goroutine.
type Unit struct {
	Rule int
	// From and To bound the blocks of the unit. A tile has To = From+1.
	From, To uint32
	// Row and Col place a tile in its block, Row ≤ Col; 0, 0 for whole blocks.
	Row, Col uint32
}

// Blocks is one rule's blocks laid out for walking: the members of each, in
// record order, 4 bytes each.
type Blocks struct {
	Rule    int
	starts  []uint32 // block b is members[starts[b-1]:starts[b]]
	members []uint32
}

// Blocks is rule k's blocks. They must not have been released.
func (p *Plan) Blocks(k int) *Blocks { return p.blocks[k] }

// Release lets go of rule k's blocks once its pairs have been walked. All else
// that the plan tells about the rule stays.
func (p *Plan) Release(k int) { p.blocks[k] = nil }

// Forget lets go of all blocks and of which record is in which: 8 bytes a record
// and rule. Rules and counts stay; nothing else may be asked of the plan.
func (p *Plan) Forget() {
	clear(p.blocks)
	p.layout = layout{}
	p.table = &column.Table{N: p.table.N}
}

// Len is the number of blocks; they are numbered from 1.
func (b *Blocks) Len() int { return len(b.starts) - 1 }

// Members are the records of block i in ascending order. Do not change them.
func (b *Blocks) Members(i uint32) []uint32 { return b.members[b.starts[i-1]:b.starts[i]] }

// Units cuts the blocks into units, in block order.
func (b *Blocks) Units() []Unit {
	var units []Unit
	from, rows := uint32(1), 0
	flush := func(to uint32) {
		if rows > 0 {
			units = append(units, Unit{Rule: b.Rule, From: from, To: to})
		}
		from, rows = to, 0
	}
	for i := uint32(1); i <= uint32(b.Len()); i++ {
		n := len(b.Members(i))
		if rows+n > TileRows {
			flush(i)
		}
		if n > TileRows {
			units = appendTiles(units, b.Rule, i, n)
			from = i + 1
			continue
		}
		rows += n
	}
	flush(uint32(b.Len()) + 1)
	return units
}

// appendTiles cuts block i of n records into the tiles on and above the
// diagonal.
func appendTiles(units []Unit, rule int, i uint32, n int) []Unit {
	sides := uint32((n + TileRows - 1) / TileRows)
	for row := range sides {
		for col := row; col < sides; col++ {
			units = append(units, Unit{Rule: rule, From: i, To: i + 1, Row: row, Col: col})
		}
	}
	return units
}
