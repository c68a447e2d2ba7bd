package extract

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"slices"
	"strconv"
	"time"

	"github.com/apache/arrow-go/v18/arrow/float16"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// renderer appends value i of v as text; null tells that it stands for no
// value (NaN, which data frames write for missing numbers).
//
// Booleans are true and false; numbers are exact or the shortest decimal that
// reads back; dates are 2006-01-02, times 15:04:05, instants RFC 3339 in UTC,
// local timestamps the same without an offset; UUIDs have hyphens; other
// fixed-size binary is hexadecimal; byte strings are taken as UTF-8.
type renderer func(dst []byte, v *parquetValues, i int) (text []byte, null bool)

func newRenderer(c *schema.Column) renderer {
	switch c.PhysicalType() {
	case parquet.Types.Boolean:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return strconv.AppendBool(dst, v.bools[i]), false
		}
	case parquet.Types.Int32:
		write := integerWriter(c)
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return write(dst, int64(v.int32s[i])), false
		}
	case parquet.Types.Int64:
		write := integerWriter(c)
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return write(dst, v.int64s[i]), false
		}
	case parquet.Types.Int96:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return appendTime(dst, int96Time(v.int96s[i]), localLayout), false
		}
	case parquet.Types.Float:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return appendReal(dst, float64(v.float32[i]), 32)
		}
	case parquet.Types.Double:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return appendReal(dst, v.float64[i], 64)
		}
	case parquet.Types.FixedLenByteArray:
		return fixedRenderer(c)
	}
	return byteRenderer(c)
}

func byteRenderer(c *schema.Column) renderer {
	if d, ok := c.LogicalType().(schema.DecimalLogicalType); ok {
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return appendBigDecimal(dst, v.bytes[i], d.Scale()), false
		}
	}
	return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
		return append(dst, v.bytes[i]...), false
	}
}

func fixedRenderer(c *schema.Column) renderer {
	switch l := c.LogicalType().(type) {
	case schema.DecimalLogicalType:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return appendBigDecimal(dst, v.fixed[i], l.Scale()), false
		}
	case schema.UUIDLogicalType:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			return appendUUID(dst, v.fixed[i]), false
		}
	case schema.Float16LogicalType:
		return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
			f := float16.FromBits(binary.LittleEndian.Uint16(v.fixed[i]))
			return appendReal(dst, float64(f.Float32()), 32)
		}
	}
	return func(dst []byte, v *parquetValues, i int) ([]byte, bool) {
		return hex.AppendEncode(dst, v.fixed[i]), false
	}
}

// integerWriter writes an integer as its logical type has it.
func integerWriter(c *schema.Column) func(dst []byte, v int64) []byte {
	switch l := c.LogicalType().(type) {
	case schema.DateLogicalType:
		return func(dst []byte, v int64) []byte {
			return time.Unix(v*24*60*60, 0).UTC().AppendFormat(dst, time.DateOnly)
		}
	case schema.TimestampLogicalType:
		layout := localLayout
		if l.IsAdjustedToUTC() {
			layout = time.RFC3339Nano
		}
		perSecond := unitsPerSecond(l.TimeUnit())
		return func(dst []byte, v int64) []byte {
			return appendTime(dst, unitTime(v, perSecond), layout)
		}
	case schema.TimeLogicalType:
		perSecond := unitsPerSecond(l.TimeUnit())
		return func(dst []byte, v int64) []byte {
			return appendTime(dst, unitTime(v, perSecond), timeLayout)
		}
	case schema.DecimalLogicalType:
		return func(dst []byte, v int64) []byte { return appendScaled(dst, strconv.AppendInt(nil, v, 10), l.Scale()) }
	case schema.IntLogicalType:
		if !l.IsSigned() {
			mask := ^uint64(0) >> (64 - uint(l.BitWidth()))
			return func(dst []byte, v int64) []byte { return strconv.AppendUint(dst, uint64(v)&mask, 10) }
		}
	}
	return func(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) }
}

const (
	localLayout = "2006-01-02T15:04:05.999999999"
	timeLayout  = "15:04:05.999999999"
)

func appendTime(dst []byte, t time.Time, layout string) []byte {
	return t.AppendFormat(dst, layout)
}

func unitsPerSecond(u schema.TimeUnitType) int64 {
	switch u {
	case schema.TimeUnitMillis:
		return 1e3
	case schema.TimeUnitMicros:
		return 1e6
	}
	return 1e9
}

func unitTime(v, perSecond int64) time.Time {
	s, rest := v/perSecond, v%perSecond
	return time.Unix(s, rest*(1e9/perSecond)).UTC()
}

// int96Time reads the old Impala timestamp: nanoseconds of the day, then the
// Julian day number, of which 2,440,588 is 1970-01-01.
func int96Time(v parquet.Int96) time.Time {
	nanos := int64(binary.LittleEndian.Uint64(v[:8]))
	days := int64(binary.LittleEndian.Uint32(v[8:])) - 2_440_588
	return time.Unix(days*24*60*60, 0).Add(time.Duration(nanos)).UTC()
}

func appendReal(dst []byte, f float64, bits int) ([]byte, bool) {
	switch {
	case math.IsNaN(f):
		return dst, true
	case math.IsInf(f, 1):
		return append(dst, "Infinity"...), false
	case math.IsInf(f, -1):
		return append(dst, "-Infinity"...), false
	}
	return appendFloat(dst, f, bits), false
}

// appendBigDecimal writes a big-endian two's complement integer over 10^scale.
func appendBigDecimal(dst, b []byte, scale int32) []byte {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return appendScaled(dst, v.Append(nil, 10), scale)
}

func appendScaled(dst, integer []byte, scale int32) []byte {
	if scale == 0 {
		return append(dst, integer...)
	}
	lit := append(integer, 'e')
	return appendDecimal(dst, strconv.AppendInt(lit, -int64(scale), 10))
}

func appendUUID(dst, b []byte) []byte {
	at := len(dst)
	dst = hex.AppendEncode(dst, b)
	if len(b) != 16 {
		return dst
	}
	for _, i := range []int{8, 13, 18, 23} {
		dst = slices.Insert(dst, at+i, '-')
	}
	return dst
}
