package compare

import (
	"concord/matching/column"
	"concord/schemas/attribute"
)

// Device compares device and browser identifiers, any of which may agree.
type Device struct{}

const deviceExact = Else + 1

var deviceLevels = []LevelSpec{
	Null:        {"null", "a record has no device identifier", false},
	Else:        {"else", "the device identifiers differ", false},
	deviceExact: {"exact", "a device identifier is equal", true},
}

// Name is "device_id".
func (Device) Name() string { return "device_id" }

// Description is one sentence.
func (Device) Description() string { return "device and browser identifiers: equal or not" }

// Attributes is the device identifier.
func (Device) Attributes() []attribute.Name { return []attribute.Name{attribute.Device} }

// Levels lists the levels, worst first.
func (Device) Levels() []LevelSpec { return deviceLevels }

// Bind needs device identifiers.
func (c Device) Bind(t *column.Table) Kernel { return laid(c.bind(t)) }

func (Device) bind(t *column.Table) rowed {
	return bindEquality(t.N, t.Column(attribute.Device), deviceExact, true)
}
