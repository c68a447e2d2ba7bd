package normalize

import (
	"strconv"
	"strings"
	"sync"

	"concord/schemas/attribute"
	"concord/schemas/table"
)

// wholeAreas are the North American area codes in which a number is valid
// exactly when its exchange begins with 2 to 9, by the metadata of
// libphonenumber (v9, territories of country code 1). A code that is not
// listed, be it new or one whose exchanges are assigned one by one, is the
// library's to judge: the list saves time and decides nothing.
const wholeAreas = "201-210 212-220 223-229 231 234-236 239 240 248-254 256 257 260 262 263 267 269 270 272 276 279 281 283 289 301-310 312-321 " +
	"323-327 329-332 334 336 337 339 341 343 346 347 350-354 360 361 363-365 367-369 380 382 385 386 401-410 412-419 423-425 428 " +
	"430-432 434 435 437 438 440 442 443 445 447 448 450 458 463 464 468-470 474 475 478-480 484 500-510 512-522 525-534 539-541 " +
	"544 548 551 557 559 561-564 566 567 570-575 577 579-582 584-588 600-610 612-620 622 623 626 628-631 633 636 639-641 645-647 " +
	"650 651 656-662 667 669 672 678 680-683 686 689 701-709 712-720 724-728 730-732 734 737 738 740 742 743 747 748 753 754 757 " +
	"760 762 763 765 769-775 778-782 785-787 801-808 810 812-821 825 826 828 830-833 835 838-840 843-845 847 848 850 854-860 " +
	"862-867 870 872 873 877-879 888 900-910 912-920 925 928-931 934 936-943 945 947-949 951 952 954 956 959 970-973 975 978-980 " +
	"984-986 989"

// isWholeArea tells of each number of three digits whether wholeAreas has it.
var isWholeArea = sync.OnceValue(func() *[1000]bool {
	areas := new([1000]bool)
	for r := range strings.FieldsSeq(wholeAreas) {
		first, last, ok := strings.Cut(r, "-")
		if !ok {
			last = first
		}
		lo, err1 := strconv.Atoi(first)
		hi, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil {
			panic("normalize: the list of area codes has an entry that is no number")
		}
		for a := lo; a <= hi; a++ {
			areas[a] = true
		}
	}
	return areas
})

// readNANP reads the usual spellings of a North American number, such as (807)
// 422-9031 and +1 807 422 9031 with any plain separators, exactly as the
// library would and some forty times as fast: the library holds each number
// against the plans of two dozen territories. ok is false for everything else.
func readNANP(raw, region string) (v Value, ok bool) {
	var e164 [12]byte // + 1 area exchange line
	n, plus, code := copy(e164[:], "+1"), false, false
	for i := range len(raw) {
		switch c := raw[i]; {
		case c == '1' && n == 2 && !code:
			code = true // the country code: no area begins with 1
		case isDigit(c):
			if n == len(e164) {
				return v, false
			}
			e164[n] = c
			n++
		case c == '+' && !plus && !code && n == 2:
			if strings.Trim(raw[:i], " ") != "" {
				return v, false
			}
			plus = true
		case c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '/':
			return v, false
		}
	}
	if n != len(e164) || !isWholeArea()[atoi(string(e164[2:5]))] || strings.HasSuffix(raw, ".0") { // .0: passed through a spreadsheet
		return v, false
	}
	home := strings.EqualFold(region, "US") || strings.EqualFold(region, "CA")
	if !home && !(code && (plus || region == "")) || plus && !code {
		return v, false
	}
	v.Attribute = attribute.Phone
	text := string(e164[:])
	if isJunkPhone(text[2:]) {
		v.Flags = table.Junk
		return v, true
	}
	v.Shown, v.Canonical = text, text
	if text[5] < '2' {
		v.Flags = table.Uncertain // possible, and assigned to nobody
	}
	return v, true
}
