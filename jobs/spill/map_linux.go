package spill

import (
	"fmt"
	"os"
	"syscall"
)

// tmpfs is the type of file systems that are memory themselves.
const tmpfs = 0x01021994

// checkFolder refuses a folder in memory, where spilling would help nobody.
func checkFolder(folder string) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return fmt.Errorf("folder to spill to: %w: set TMPDIR to a folder on a disk", os.NewSyscallError("statfs", err))
	}
	if s.Type == tmpfs {
		return fmt.Errorf("folder to spill to %s is itself in memory (tmpfs): set TMPDIR to a folder on a disk", folder)
	}
	return nil
}

// mapFile lengthens a file by a range and maps it. The disk's room is taken
// now: a page that finds none later would end the process.
func mapFile(f *os.File, from, length int64) ([]byte, error) {
	if err := allocate(f, from, length); err != nil {
		return nil, err
	}
	m, err := syscall.Mmap(int(f.Fd()), from, int(length), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	return m, os.NewSyscallError("mmap", err)
}

// allocate takes room on the disk; where the file system knows no call for it,
// by writing zeros.
func allocate(f *os.File, from, length int64) error {
	for {
		switch err := syscall.Fallocate(int(f.Fd()), 0, from, length); err {
		case syscall.EINTR:
		case syscall.EOPNOTSUPP:
			return fill(f, from, length)
		default:
			return os.NewSyscallError("fallocate", err)
		}
	}
}

// fill writes zeros to a range.
func fill(f *os.File, from, length int64) error {
	zeros := make([]byte, min(length, 1<<20))
	for end := from + length; from < end; {
		n, err := f.WriteAt(zeros[:min(int64(len(zeros)), end-from)], from)
		if err != nil {
			return err
		}
		from += int64(n)
	}
	return nil
}

// rest is advice: where it fails, the memory stays.
func rest(m []byte) { _ = syscall.Madvise(m, syscall.MADV_DONTNEED) }

// release unmaps a range and gives its room on the disk back, before the system
// writes to it what nobody reads. Where the file system cannot, the room comes
// back with the rest of the file.
func release(f *os.File, m mapped) error {
	if err := unmap(m.bytes); err != nil {
		return err
	}
	const punch, keepSize = 0x02, 0x01 // FALLOC_FL_PUNCH_HOLE, FALLOC_FL_KEEP_SIZE
	err := syscall.Fallocate(int(f.Fd()), punch|keepSize, m.at, int64(len(m.bytes)))
	for err == syscall.EINTR {
		err = syscall.Fallocate(int(f.Fd()), punch|keepSize, m.at, int64(len(m.bytes)))
	}
	if err == syscall.EOPNOTSUPP {
		return nil
	}
	return os.NewSyscallError("fallocate", err)
}

func unmap(m []byte) error { return os.NewSyscallError("munmap", syscall.Munmap(m)) }

// resident is how much memory the process holds, in bytes; 0 where the system
// does not tell.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
